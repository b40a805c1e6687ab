"""Misspelled searches: what is corrected, and what stays as it was typed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from publications.actions.search_words import save_synonym
from publications.models import Synonym
from publications.search.keyboards import hangul_of, keys_of
from publications.search.query import parse
from publications.search.spelling import correct, deletions
from publications.states import Status
from tests.factories import a_work, an_author

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2)


def corrected(typed: str) -> str:
    return correct(parse(typed), now=timezone.now())


@pytest.fixture
def works(db: None) -> None:
    a_work("Semiconductor export controls and the economy of Korea")
    a_work("Sanctions after the summit of Kim Jong Un", body="<p>The bank of Seoul lends.</p>")
    a_work("Shipbuilding in the economy", standfirst="Form and content")
    a_work("한국 반도체 산업", body="<p>경제 협력과 수출</p>", language="ko")
    a_work("COVID19 and the border", authors=[an_author("Haneul Seo")])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # A letter swapped, missing, too many, wrong; at the start and at the end as well.
        ("ecnoomy", "economy"),
        ("econmy", "economy"),
        ("economyy", "economy"),
        ("ekonomy", "economy"),
        ("conomy", "economy"),
        ("koera", "korea"),
        # Two slips in a long word only.
        ("semicondutorr", "semiconductor"),
        ("smuitm", ""),
        # The works have the word in another form only.
        ("shipbulders", "shipbuilders"),
        ("cotrolling", "controlling"),
        ("exprot exportign", "export exporting"),
        # All words of a search; capitals and what stands between stay.
        ("Korae, sanctoins", "korea, sanctions"),
        ("export contrls of Korea", "export controls of Korea"),
        ("Haneul Soe", "Haneul seo"),
        # Written as one, and written apart.
        ("kimjongun", "kim jong un"),
        ("koreaeconomy", "korea economy"),
        ("bankofseoul", "bank of seoul"),
        ("semi conductor policy", "semiconductor policy"),
        ("ship-building", "ship-building"),
        ("covid 19", "covid19"),
        # Hangul: a slip inside of a syllable, or over its border; written as one.
        ("반도채", "반도체"),
        ("하눅", "한국"),
        ("한국반도체", "한국 반도체"),
        # The keyboard was set to the other language.
        ("gksrnr qksehcp", "한국 반도체"),
        ("ㅏㅐㄱㄷㅁ", "korea"),
        ("ㄴㄷㅐㅕㅣ", "seoul"),
    ],
)
def test_what_is_misspelled_is_corrected(works: None, typed: str, meant: str) -> None:
    assert corrected(typed) == ("" if meant == typed else meant)


@pytest.mark.parametrize(
    "typed",
    [
        # Words that occur, in any inflection, also as a part of what is written with hyphens.
        "economy", "economies", "from content", "semi-conductor", "반도체는",
        # Nothing like it occurs; numbers are never mistyped.
        "xylophone", "2019", "q" * 50, "ab", "", "!?",
        # A slip away from what would be the ending of a word, were it one.
        "formabl",
        # What was meant exactly so.
        '"ecnoomy"', "economy -koera", "author:soe", 'author:"haneul soe"', "ecnoo*",
        "-“koera now”",
    ],
)  # fmt: skip
def test_everything_else_stays_as_it_was_typed(works: None, typed: str) -> None:
    assert corrected(typed) == ""


def test_only_the_misspelled_words_are_replaced(works: None) -> None:
    typed = 'ecnoomy "koera now" author:soe -sumit  form*'
    assert corrected(typed) == 'economy "koera now" author:soe -sumit form*'


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("semicond", "semicond*"),
        ("sanc", "sanc*"),
        ("seou", "seoul"),
        ("ecnoomy semicond", "economy semicond*"),
        # Not the last word, not the end of what was typed, or too little of it.
        ("semicond economy", ""),
        ("semicond -koera", ""),
        ("s", ""),
    ],
)
def test_the_last_word_may_be_unfinished(works: None, typed: str, meant: str) -> None:
    assert corrected(typed) == meant


def test_a_slip_is_likelier_than_a_beginning_of_rarer_words(db: None) -> None:
    for _time in range(3):
        a_work("THAAD")
    a_work("Thaddeus")
    assert corrected("thad") == "thaad"
    assert corrected("thadde") == "thadde*"


def test_the_more_frequent_word_is_likelier(db: None) -> None:
    for _time in range(3):
        a_work("Korean politics")
    a_work("Korea policies")
    assert corrected("polotics") == "politics"
    assert corrected("korezn") == "korean"


def test_a_synonym_is_not_a_misspelling(works: None) -> None:
    assert corrected("koreea") == "korea"
    save_synonym(Synonym(terms="Koreea\nCorea"))
    assert corrected("koreea") == ""


@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": timezone.now() + timedelta(days=1)},
        {"status": Status.DRAFT, "published_at": None},
        {"status": Status.WITHDRAWN},
    ],
)
def test_no_correction_tells_of_a_work_that_readers_may_not_see(
    db: None, hidden: dict[str, object]
) -> None:
    a_work("The merger of 반도체회사 with Zephyrion", **hidden)
    for typed in ("zephyrin", "zeph", "mergerzephyrion", "zephy rion", "wkdgus", "반도채회사"):
        assert corrected(typed) == ""
    a_work("The merger of 반도체회사 with Zephyrion")
    assert corrected("zephyrin") == "zephyrion"
    assert corrected("반도채회사") == "반도체회사"


def test_what_only_a_scheduled_work_has_gives_way_to_the_next_best(db: None) -> None:
    for _time in range(3):
        a_work("Merger", published_at=timezone.now() + timedelta(days=1))
    a_work("Merge")
    a_work("Mercer")
    assert corrected("mercger") == "mercer"


def test_many_unknown_words_cost_no_more_queries_than_one(works: None) -> None:
    costs = []
    for typed in ("ecnoomy", " ".join(f"ecnoomy{number} koera{number}" for number in range(60))):
        with CaptureQueriesContext(connection) as queries:
            corrected(typed)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def test_words_that_occur_cost_one_query(works: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        corrected("economy of Korea")


@pytest.mark.parametrize(
    "typed",
    ["w" * 2000, "a:" * 1000, '"' * 2000, "ㅏ가" * 1000, "漢字 " * 600, "ﷺ-é\u0301'*|(" * 200],
)
def test_hostile_searches_are_understood_as_well(works: None, typed: str) -> None:
    parse(corrected(typed))


@given(st.text(max_size=60))
def test_nothing_that_is_typed_makes_it_fail(typed: str) -> None:
    keys_of(typed)
    hangul_of(typed)
    assert len(deletions(typed)) <= 41


@given(SYLLABLES.filter(lambda text: len(text) <= 20))
def test_hangul_comes_back_from_its_keys(text: str) -> None:
    assert keys_of(hangul_of(keys_of(text))) == keys_of(text)


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("korea", {"korea", "orea", "krea", "koea", "kora", "kore"}),
        ("나무", {"skan", "kan", "san", "skn", "ska"}),
        ("ab", set()),
        ("2024", set()),
        ("a" * 41, set()),
        ("aab", {"aab", "ab", "aa"}),
    ],
)
def test_a_word_is_stored_under_what_is_left_without_a_letter(word: str, keys: set[str]) -> None:
    assert deletions(word) == keys
