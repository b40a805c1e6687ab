"""What the index makes of words, for publications and queries alike."""

import re
import string
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publications.search.tokens import MAX_LENGTH, normalize, tokenize

# A lexeme, "@", its position.
TOKENS = {
    # Stems, stop words, capitals.
    "Policies on semiconductors": "polici@1 semiconductor@3",
    "the THE The": "",
    "The US and us": "us@2 us@4",
    "WHO said who? IT or it": "who@1 said@2 it@4",
    "THE CAT OF KOREA": "cat@2 korea@4",
    "don't isn't it's": "",
    # Hyphens: apart and together.
    "Jong-un": "jong@1 jongun@1 un@2",
    "Kim Jong Un": "kim@1 jong@2 un@3",
    "Lee Jae‑myung spoke": "lee@1 jae@2 jaemyung@2 myung@3 spoke@4",
    "Korea–Japan": "korea@1 koreajapan@1 japan@2",
    "Korea—Japan": "korea@1 japan@2",
    "Korea - Japan -- China": "korea@1 japan@2 china@3",
    "KORUS-FTA": "korus@1 korusfta@1 fta@2",
    "state-of-the-art lab": "state@1 stateoftheart@1 art@4 lab@5",
    "2019–2024": "2019@1 2024@2",
    f"{'a' * 20}-{'b' * 21}": f"{'a' * 20}@1 {'b' * 21}@2",
    # Letters and digits.
    "COVID-19 covid19 covid 19": "covid@1 covid19@1 19@2 covid19@3 covid@4 19@5",
    "F-35 and F-35A": "f@1 f35@1 35@2 f@4 f35a@4 35a@5",
    "3.5-inch": "3.5@1 3.5inch@1 inch@2",
    "1,000 or 3.5 or 1,234,567.89": "1000@1 3.5@3 1234567.89@5",
    "1,00 and 1,0000": "1@1 00@2 1@4 0000@5",
    "2024.5.3": "2024@1 5@2 3@3",
    "$3.5bn": "3.5@1 bn@2",
    # Acronyms.
    "U.S. U.S.A. R.O.K. u.s.": "us@1 usa@2 rok@3 us@4",
    "U.S.-ROK": "us@1 usrok@1 rok@2",
    "U.S.'s": "us@1",
    "Korea. The end.Of it": "korea@1 end@3",
    "Plan A.The": "plan@1",
    "U.S.Army": "us@1 armi@2",
    "AT&T R&D S&P 500": "att@1 rd@2 sp@3 500@4",
    "at&t cats&dogs R & D": "att@1 cat@2 dog@3 r@4 d@5",
    # Apostrophes and accents.
    "Korea's Korea’s KOREA'S Koreas' ": "korea@1 korea@2 korea@3 korea@4",
    "O'Brien O’Brien": "obrien@1 obrien@2",
    "P'yŏngyang P’yŏngyang Pʼyŏngyang Chosŏn": "pyongyang@1 pyongyang@2 pyongyang@3 choson@4",
    "L'Oréal Łódź straße": "loreal@1 lodz@2 strass@3",
    "“trade” ‘trade’ 'trade'": "trade@1 trade@2 trade@3",
    "Ｋｏｒｅａ ３．５ ＡＴ＆Ｔ": "korea@1 3.5@2 att@3",
    "co\u00adopera\u00adtion": "cooper@1",
    # Slashes, underscores, addresses.
    "and/or Korea/Japan a_b_kim": "korea@3 japan@4 b@6 kim@7",
    # Hangul, Han and kana by pairs.
    "반도체": "반도@1 도체@2",
    "북한은 한": "북한@1 한은@2 한@3",
    "AI시대 2024년": "ai@1 시대@2 2024@3 년@4",
    "U.S.의": "us@1 의@2",
    "한·미·일 한ㆍ미": "한@1 한미@1 미@2 미일@2 일@3 한@4 한미@4 미@5",
    "북한-중국 K-팝": "북한@1 중국@2 k@3 팝@4",
    "半導體 東京タワー ｶﾞｽ": "半導@1 導體@2 東京@3 京タ@4 タワ@5 ワー@6 ガス@7",
    # Nothing to find.
    "": "",
    "… — – - ' . , & 🙂 \x00 \ud800": "",
}


def tokens_of(text: str) -> str:
    return " ".join(f"{token.lexeme}@{token.position}" for token in tokenize(text))


@pytest.mark.parametrize("text", TOKENS)
def test_words_become_lexemes_at_positions(text):
    assert tokens_of(text) == TOKENS[text]


@pytest.mark.parametrize("text", ["북한은 한국의", "P'yŏngyang café", "한·미", "東京ガ"])
def test_composed_or_not_is_the_same(text):
    assert tokens_of(unicodedata.normalize("NFD", text)) == tokens_of(text)
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(text)


def test_offsets_are_those_of_the_text_given():
    text = "In the U.S., Kim Jong-un’s 반도체"
    assert [(token.lexeme, text[token.start : token.end]) for token in tokenize(text)] == [
        ("us", "U.S."),
        ("kim", "Kim"),
        ("jong", "Jong"),
        ("jongun", "Jong-un’s"),
        ("un", "un"),
        ("반도", "반도"),
        ("도체", "도체"),
    ]


def test_a_decomposed_run_is_covered_as_a_whole():
    text = unicodedata.normalize("NFD", "새 반도체")
    run = text.split()[1]
    assert [text[token.start : token.end] for token in tokenize(text)][1:] == [run, run]


def test_a_token_says_its_word():
    words = [(token.lexeme, token.word) for token in tokenize("Policies of Jong-un’s 북한은")]
    assert words == [
        ("polici", "policies"),
        ("jong", "jong"),
        ("jongun", "jongun"),
        ("un", "un"),
        ("북한", "북한은"),
        ("한은", "북한은"),
    ]


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("The Policies of Kim Jong-un’s", "the policies of kim jong un"),
        ("  KIM   jong un ", "kim jong un"),
        ("U.S.–ROK: “R&D”", "us rok rd"),
        ("북한은 왜? 왜?", "북한은 왜 왜"),
        ("AI시대의 P'yŏngyang", "ai 시대의 pyongyang"),
        ("1,000 … 3.5", "1000 3.5"),
        ("…", ""),
    ],
)
def test_spellings_of_one_text_are_normalized_to_one(text, normalized):
    assert normalize(text) == normalized
    assert normalize(normalized) == normalized


@pytest.mark.parametrize("letter", ["a", "1", "가", "\ufdfa"])
def test_what_is_too_long_for_a_word_is_cut(letter):
    tokens = list(tokenize(letter * 1000))
    assert max(len(token.lexeme) for token in tokens) <= MAX_LENGTH
    assert max(len(token.word) for token in tokens) <= MAX_LENGTH


HOSTILE = ["a", "가", "\ufdfa", "-", ".", "\u0301\u0316", "a\u0301\u0316", "A\u00ad"]
CHAINS = ["a-", "a.", "a'", "a&", "1.", ",111", "11.11.", "가a", "한ㆍ"]


@pytest.mark.parametrize("piece", HOSTILE + CHAINS)
def test_time_grows_with_the_length_only(piece):
    text = "1" + piece * (100_000 // len(piece))
    # Below a second when it is linear, many seconds when it is not.
    assert sum(1 for _token in tokenize(text)) <= len(text)


ANY_TEXT = st.text(st.characters(exclude_categories=[])) | st.text(
    st.sampled_from("aB1éİ.-’',&·_ \u200b한글漢か\u0301\u1112\u1161\u11ab\x00\ud800")
)


@given(ANY_TEXT)
def test_no_text_breaks_it(text):
    normalize(text)
    tokens = list(tokenize(text))
    for token in tokens:
        assert re.fullmatch(r"[^\W_]+(\.[^\W_]+)?", token.lexeme)
        assert 0 <= token.start < token.end <= len(text)
        assert token.lexeme == unicodedata.normalize("NFC", token.lexeme)
    positions = [token.position for token in tokens]
    assert positions == sorted(positions)
    assert not positions or positions[0] >= 1


@given(st.lists(st.text(string.ascii_letters + "éŏ한국반도체1234", min_size=1)))
def test_a_word_is_found_by_its_normalized_form(words):
    text = " ".join(words)
    assert [token[:3] for token in tokenize(normalize(text.lower()))] == [
        token[:3] for token in tokenize(text.lower())
    ]


@given(st.text(string.ascii_letters, min_size=1, max_size=2 * MAX_LENGTH))
@example("WHO")
@example("THE")
def test_a_word_alone_is_read_as_beside_its_possessive(word):
    """Words of English letters are read by a shorter way, 's keeps them from it."""
    assert [token[:3] for token in tokenize(word)] == [token[:3] for token in tokenize(f"{word}’s")]
    assert normalize(word) == normalize(f"{word}’s")
