"""The search box."""

import json

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from publications.actions.after import after_rename
from publications.models import Author
from publications.search.engine import parse
from publications.search.snippets import fragment, highlight
from publications.states import Status
from tests.factories import a_tag, a_work, an_author

FUZZ = settings.BASE_DIR.parent / "shared" / "data" / "security" / "fuzz"


def found(reader, typed: str, **more: str) -> list[str]:
    response = reader.get("/search/", {"q": typed, **more})
    assert response.status_code == 200
    return [work.title for work in response.context["page"].items]


@pytest.fixture
def library(db):
    a_work(
        "Dry docks and deterrence",
        standfirst="What repair yards can do.",
        body="<p>Eleven shipyards were surveyed in Geoje.</p>",
        authors=[an_author("Minji Kang", native_name="강민지")],
        tags=[a_tag("Shipbuilding")],
    )
    a_work("Batteries after the credit", body="<p>Cells, not shipyards, decide it.</p>")
    a_work("북한의 관광특구", language="ko", body="<p>원산 개장 이후</p>")
    a_work("Hidden shipyards", status=Status.DRAFT)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("deterrence", {"Dry docks and deterrence"}),
        ("repair", {"Dry docks and deterrence"}),
        ("minji kang", {"Dry docks and deterrence"}),
        ("강민지", {"Dry docks and deterrence"}),
        ("shipbuilding", {"Dry docks and deterrence"}),
        ("shipyard", {"Dry docks and deterrence", "Batteries after the credit"}),
        ("shipyard -geoje", {"Batteries after the credit"}),
        ('"dry docks"', {"Dry docks and deterrence"}),
        ("“dry docks”", {"Dry docks and deterrence"}),
        ("deterrence OR batteries", {"Dry docks and deterrence", "Batteries after the credit"}),
        ("관광특구", {"북한의 관광특구"}),
        ("hidden", set()),
    ],
)
def test_words_phrases_and_exclusions_find_what_they_mean(reader, library, typed, titles):
    assert set(found(reader, typed)) == titles


def test_a_headline_counts_for_more_than_the_text(reader, library):
    a_work("Shipyards", body="<p>Short.</p>")
    assert found(reader, "shipyards")[0] == "Shipyards"


def test_newest_first_on_request(reader, library):
    response = reader.get("/search/", {"q": "shipyard", "sort": "newest"})
    dates = [work.published_at for work in response.context["page"].items]
    assert dates == sorted(dates, reverse=True)


def test_without_words_the_page_is_the_archive(reader, library):
    assert len(found(reader, "")) == 3
    response = reader.get("/search/", {"q": "-shipyard"})
    assert "no word to look for" in response.context["problem"]


def test_no_result_is_no_dead_end(reader, library):
    response = reader.get("/search/", {"q": "zeppelin"})
    assert response.context["page"].total == 0
    assert response.context["latest"]


def test_a_renamed_author_is_found_by_the_new_name(reader, library):
    author = Author.objects.get(display_name="Minji Kang")
    author.display_name = "Minji Oh"
    author.save()
    after_rename(author)
    assert found(reader, "minji oh") == ["Dry docks and deterrence"]
    assert found(reader, "minji kang") == []


def test_the_total_index_stands_beside_the_box(reader, library):
    page = " ".join(reader.get("/search/").content.decode().split())
    assert "Total index: 3 publications" in page


def test_a_long_search_is_cut_and_says_so(reader, library):
    response = reader.get("/search/", {"q": "shipyard " * 500})
    assert "only its beginning" in response.context["problem"]


def naughty_strings() -> list[str]:
    if not FUZZ.exists():
        pytest.skip("the real data is not beside the checkout")
    strings = json.loads((FUZZ / "blns.json").read_text())
    for path in sorted(FUZZ.glob("fuzzdb-*.txt")):
        strings += path.read_text(errors="replace").splitlines()
    assert len(strings) > 500
    return strings


def test_naughty_strings_are_only_words(reader, library):
    for typed in naughty_strings():
        response = reader.get("/search/", {"q": typed, "sort": typed})
        assert response.status_code == 200, typed
        assert "Traceback" not in response.content.decode()


def test_naughty_strings_are_no_pages(reader, library):
    for typed in naughty_strings():
        response = reader.get("/publications/", {"page": typed})
        expected = 200 if typed in {"", "1"} else 404
        assert response.status_code == expected, typed
        assert "Traceback" not in response.content.decode()


@given(st.text(max_size=400))
def test_anything_can_be_typed(typed):
    query = parse(typed)
    assert len(query.text) <= 200
    assert "\x00" not in query.text
    highlight(typed, query.words)


@pytest.mark.parametrize(
    ("body", "words", "shown"),
    [
        ("<p>Many ships sail.</p>", ["ship"], "Many <mark>ships</mark> sail."),
        ("<p>5 &lt; 6 &amp; tax</p>", ["tax"], "5 &lt; 6 &amp; <mark>tax</mark>"),
        ("<p>북한은 오늘</p>", ["북한"], "<mark>북한</mark>은 오늘"),
        ("<p>taxonomy</p>", ["tax"], ""),
        ("<p>policies</p>", ["policy"], "<mark>policies</mark>"),
        ("<p>Nothing here</p>", [], ""),
    ],
)
def test_the_passage_marks_the_words_and_escapes_the_rest(body, words, shown):
    assert fragment(body, words) == shown


def test_a_long_text_is_shown_around_the_word():
    text = fragment(f"<p>{'before ' * 100} needle {'after ' * 100}</p>", ["needle"])
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "<mark>needle</mark>" in text
    assert len(text) < 300
