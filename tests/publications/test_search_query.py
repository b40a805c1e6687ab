"""What is understood of what was typed."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.search.query import (
    MAX_CHARACTERS,
    MAX_EXCLUDED,
    MAX_FIELD_VALUES,
    MAX_GROUPS,
    Phrase,
    parse,
)
from publications.search.tokens import tokenize


def written(phrase: Phrase) -> str:
    """Return a phrase as PostgreSQL would write it."""
    text = phrase.lexemes[0]
    for lexeme, distance in zip(phrase.lexemes[1:], phrase.distances[1:], strict=True):
        text += f" <{distance}> {lexeme}"
    return text + "*" * phrase.is_prefix


def understood(typed: str) -> list[str]:
    """Return what was asked for: alternatives with | between, quoted in quotes, -excluded."""
    query = parse(typed)
    groups = []
    for group in query.groups:
        text = " | ".join(map(written, group.alternatives))
        text = f'"{text}"' if group.is_quoted else text
        groups.append(text if group.times == 1 else f"{text} x{group.times}")
    return groups + [f"-{written(phrase)}" for phrase in query.excluded]


QUERIES = {
    # Words.
    "trade": ["trade"],
    "  Trade \n policy ": ["trade", "polici"],
    "the trade of Korea": ["trade", "korea"],
    "china, China; CHINAS": ["china x3"],
    "trade trade korea": ["trade x2", "korea"],
    "Korea/Japan": ["korea", "japan"],
    "http://example.org/x": ["http", "exampl", "org", "x"],
    "AT&T": ["att"],
    "U.S.": ["us"],
    "WHO reform": ["who", "reform"],
    "who reforms": ["reform"],
    # Hyphens.
    "Jong-un": ["jong <1> un | jongun"],
    "Kim Jong Un": ["kim", "jong", "un"],
    "U.S.-ROK": ["us <1> rok | usrok"],
    "COVID-19": ["covid <1> 19 | covid19"],
    "state-of-the-art": ["state <3> art | stateoftheart"],
    "follow-up": ["followup"],
    "to-do": ["todo"],
    "2019-2024": ["2019 <1> 2024"],
    "Korea - Japan": ["korea", "japan"],
    # Hangul.
    "반도체": ["반도 <1> 도체"],
    "북한": ["북한"],
    "북한은": ["북한 <1> 한은 | 북한"],
    "한국에서": ["한국 <1> 국에 <1> 에서 | 한국"],
    "대한민국의": ["대한 <1> 한민 <1> 민국 <1> 국의 | 대한 <1> 한민 <1> 민국"],
    "차이": ["차이"],
    "AI시대의": ["ai <1> 시대 <1> 대의 | ai <1> 시대"],
    "한": ["한*"],
    "2024년": ["2024 <1> 년*"],
    "한·미": ["한 <1> 미* | 한미"],
    # Phrases.
    '"north korea"': ['"north <1> korea"'],
    "“north korea” trade": ['"north <1> korea"', "trade"],
    '"the art of the deal"': ['"art <3> deal"'],
    '"Kim Jong-un"': ['"kim <1> jong <1> un"'],
    '"한국 정부"': ['"한국 <1> 정부"'],
    '"north korea': ['"north <1> korea"'],
    'trade"north korea"policy': ["trade", '"north <1> korea"', "polici"],
    '"korea" Korea': ['"korea" x2'],
    '"" trade "the"': ["trade"],
    # Without.
    "trade -china": ["trade", "-china"],
    "trade −china －japan": ["trade", "-china", "-japan"],
    'trade -"north korea"': ["trade", "-north <1> korea"],
    "trade -Jong-un": ["trade", "-jong <1> un", "-jongun"],
    "trade (-china)": ["trade", "-china"],
    "trade -china -China": ["trade", "-china"],
    "trade - china": ["trade", "china"],
    "trade -the": ["trade"],
    # Either.
    "taiwan OR china": ["taiwan | china"],
    "taiwan|china": ["taiwan | china"],
    "taiwan || china strait": ["taiwan | china", "strait"],
    "(taiwan OR china) strait": ["taiwan | china", "strait"],
    "taiwan OR china OR korea": ["taiwan | china | korea"],
    '"north korea" OR dprk': ['"north <1> korea | dprk"'],
    "taiwan or china": ["taiwan", "china"],
    "china OR chinas": ["china"],
    "OR taiwan": ["taiwan"],
    "taiwan OR": ["taiwan"],
    "taiwan OR -china korea": ["taiwan", "korea", "-china"],
    "the OR china korea": ["china", "korea"],
    # Beginnings.
    "semicond*": ["semicond*"],
    "(policy*)": ["policy* | polici"],
    "Jong-u*": ["jong <1> u* | jongu*"],
    '"nuclear weap*"': ['"nuclear <1> weap*"'],
    "the*": ["the*"],
    "a*": [],
    "반도체*": ["반도 <1> 도체"],
    "trade -semi*": ["trade", "-semi*"],
    "* trade": ["trade"],
    # Not a field.
    "foo:bar": ["foo", "bar"],
    "fıletype:pdf": ["filetyp", "pdf"],
    "x-author:kim": ["x <1> author | xauthor", "kim"],
}


@pytest.mark.parametrize("typed", QUERIES)
def test_what_is_typed_is_understood(typed):
    assert understood(typed) == QUERIES[typed]


FIELDS = {
    "author:kim trade": {"author": ("kim",)},
    'author:"Kim Min-ji" Author:lee': {"author": ("Kim Min-ji", "lee")},
    "author:“Kim Min-ji": {"author": ("Kim Min-ji",)},
    "author:kim, AUTHOR:kim": {"author": ("kim",)},
    "outlet:times tag:thaad topic:trade": {
        "outlet": ("times",),
        "tag": ("thaad",),
        "topic": ("trade",),
    },
    "region:asia series:briefs kind:op-ed lang:ko filetype:pdf": {
        "region": ("asia",),
        "series": ("briefs",),
        "kind": ("op-ed",),
        "lang": ("ko",),
        "filetype": ("pdf",),
    },
    "year:2019 year:2019..2024 year:2019-2024 year:..2020": {
        "year": ("2019", "2019..2024", "2019-2024", "..2020")
    },
    "author: kim": {},
    'author:"" author:': {},
    "editor:kim": {},
}


@pytest.mark.parametrize("typed", FIELDS)
def test_fields_are_read(typed):
    assert parse(typed).fields == FIELDS[typed]


def test_a_field_is_no_word():
    assert understood("author:kim trade tag:thaad") == ["trade"]
    assert not parse("author:kim").problem


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("“Kim Jong-un,”", "Kim Jong-un,"),
        ("(Korea’s)", "Korea’s"),
        ("U.S.", "U.S."),
        ("taiwan|China", "taiwan OR China"),
        ("semicond*", "semicond*"),
    ],
)
def test_a_group_says_what_was_typed(typed, text):
    assert [group.text for group in parse(typed).groups] == [text]


def test_the_text_is_cleaned():
    assert parse("  north\x00korea \n\t “trade”\x85\ud800 ").text == "north korea “trade”"


@pytest.mark.parametrize("typed", ["", "   ", "\x00\ud800"])
def test_nothing_typed_is_no_problem(typed):
    query = parse(typed)
    assert (query.text, query.groups, query.problem) == ("", (), "")


@pytest.mark.parametrize("typed", ["the of", "…", '""', "author:", "🙂", "OR", "-the"])
def test_no_word_to_look_for_is_said(typed):
    query = parse(typed)
    assert query.groups == ()
    assert query.problem == f"There is no word to look for in “{typed}”."


def test_only_exclusions_ask_for_a_word():
    query = parse('-korea -"north korea"')
    assert query.groups == ()
    assert query.problem == (
        '“-korea -"north korea"” says what to leave out: type a word to look for as well.'
    )
    assert not parse("-korea trade").problem
    assert not parse("-korea author:kim").problem


def test_fields_cannot_be_left_out_and_that_is_said():
    query = parse("trade -author:kim")
    assert query.fields == {}
    assert query.problem == ("“-author:kim” was not used: only words and phrases can be left out.")


def test_a_long_text_is_read_to_its_limit_and_that_is_said():
    fits = " ".join(["trade"] * (MAX_CHARACTERS // 6))
    assert not parse(fits).problem
    query = parse(f"{fits} {fits}")
    assert len(query.text) <= MAX_CHARACTERS
    assert query.text.endswith(" trade")
    assert "only the beginning" in query.problem
    assert len(parse("x" * 10 * MAX_CHARACTERS).text) == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("template", "limit", "part"),
    [
        ("w{}", MAX_GROUPS, lambda query: query.groups),
        ("-w{}", MAX_EXCLUDED, lambda query: query.excluded),
        ("tag:{}", MAX_FIELD_VALUES, lambda query: query.fields["tag"]),
    ],
)
def test_too_many_parts_are_cut_and_that_is_said(template, limit, part):
    fits = "x " + " ".join(template.format(number) for number in range(limit - 1))
    query = parse(fits)
    assert not query.problem
    query = parse(f"{fits} {template.format('y')} {template.format('z')} {template.format('y')}")
    assert len(part(query)) == limit
    assert "only the beginning" in query.problem


def test_alternatives_and_long_phrases_have_limits():
    either = parse(" OR ".join(f"w{number}" for number in range(200)))
    assert len(either.groups) == 1
    assert len(either.groups[0].alternatives) == 32
    assert "only the beginning" in either.problem
    phrase = parse('"' + "x " * 900 + '"').groups[0].alternatives[0]
    assert len(phrase.lexemes) == len(phrase.distances) == 64


PIECES = [
    *"\"“”-−|*: ().·&'é한\x00\ud800",
    "OR",
    "author:",
    "YEAR:",
    "the",
    "Jong-un",
    "북한은",
    "3.5",
]
OPERATORS = st.lists(st.sampled_from(PIECES)).map("".join)


@given(OPERATORS | st.text(st.characters(exclude_categories=[])))
def test_nothing_typed_breaks_it(typed):
    query = parse(typed)
    assert len(query.groups) <= MAX_GROUPS
    assert len(query.excluded) <= MAX_EXCLUDED
    assert query.groups or query.fields or query.problem or not query.text
    phrases = [phrase for group in query.groups for phrase in group.alternatives]
    for phrase in phrases + list(query.excluded):
        assert len(phrase.lexemes) == len(phrase.distances) > 0
        assert phrase.distances[0] == 0
        assert all(distance > 0 for distance in phrase.distances[1:])
        assert all(lexeme.replace(".", "").isalnum() for lexeme in phrase.lexemes)
    # Reading it again from the text that is shown gives the same.
    assert parse(query.text) == query


WORDS = st.from_regex(r"\A[A-Za-z가-힣][A-Za-z가-힣0-9é.'’-]{0,20}\Z").filter(
    lambda word: word != "OR"
)


def finds(typed: str, text: str) -> bool:
    """Whether every group has an alternative that stands in the text."""
    tokens = list(tokenize(text))

    def stands(phrase: Phrase, start: int) -> bool:
        places = list(accumulate(phrase.distances, initial=start))[1:]
        last = places[-1]
        return all(
            any(
                token.position == place
                and (
                    token.lexeme == lexeme
                    or (phrase.is_prefix and place == last and token.lexeme.startswith(lexeme))
                )
                for token in tokens
            )
            for lexeme, place in zip(phrase.lexemes, places, strict=True)
        )

    return all(
        any(stands(phrase, token.position) for phrase in group.alternatives for token in tokens)
        for group in parse(typed).groups
    )


@given(WORDS, WORDS)
def test_a_word_finds_the_text_it_stands_in(word, other):
    assert finds(word, f"{other} {word} {other}")
    assert finds(f'"{word} {other}"', f"{word} {other}")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Kim Jong-un", "Kim Jong Un's"),
        ("kim jong un", "KIM JONG-UN"),
        ("kim jongun", "Kim Jong-un"),
        ("US", "U.S."),
        ("u.s.", "the US"),
        ("us rok", "U.S.-ROK"),
        ("covid19", "COVID-19"),
        ("COVID 19", "covid-19"),
        ("att", "AT&T"),
        ("Pyongyang", "P’yŏngyang"),
        ("북한", "북한은"),
        ("한국의", "한국은"),
        ("한미", "한·미"),
        ("한·미", "한미"),
        ("한", "한국"),
        ("F35", "F-35"),
        ("policymakers", "policy-makers"),
    ],
)
def test_spellings_find_each_other(typed, text):
    assert parse(typed).groups
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Jong-un", "Jong"),
        ("한국", "한미국"),
        ('"north korea"', "korea north"),
        ('"art of deal"', "art deal"),
        ("korea", "korean"),
        ("semi*", "hemisphere"),
    ],
)
def test_what_is_not_there_is_not_found(typed, text):
    assert not finds(typed, text)
