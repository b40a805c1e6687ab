"""What is suggested while somebody types."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from publications.actions.after import after_new, after_rename, after_write, before_delete
from publications.models import Publication, SearchLabel, SiteSettings, SuggestionSource
from publications.search.beginnings import typed_words, unfinished
from publications.search.suggestion_labels import label_words, rebuild_thing_labels
from publications.states import Status
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

STATIC = settings.BASE_DIR / "kei_site" / "static"


def groups(reader, typed: str) -> dict[str, list[str]]:
    """What is suggested, by group."""
    response = reader.get("/search/suggest/", {"q": typed})
    assert response.status_code == 200
    answer = response.json()
    return {each["label"]: [item["label"] for item in each["items"]] for each in answer["groups"]}


def titles(reader, typed: str) -> list[str]:
    return groups(reader, typed).get("Publications", [])


def announced(thing):
    """Make known to searching, as its action does."""
    after_new([thing])
    return thing


@pytest.fixture
def shelf(db):
    a_work(
        "Dry docks and deterrence",
        slug="dry-docks",
        kind="reports",
        authors=[an_author("Min-ji Kang", slug="kang", native_name="강민지")],
        tags=[a_tag("Shipbuilding", slug="ships")],
        outlet=an_outlet("The Harbor Times"),
        series=a_series("Dockside Papers"),
        published_at=timezone.now() - timedelta(days=2),
    )
    a_work(
        "A chip of one’s own: 반도체 after the tariff",
        published_at=timezone.now() - timedelta(days=1),
    )
    a_work("한국의 반도체산업 전망", language="ko")
    a_work("Kim Jong-un and the K-pop question")
    rebuild_thing_labels()


# --- What is found -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("deterr", {"Publications": ["Dry docks and deterrence"]}),
        ("DÉTERR", {"Publications": ["Dry docks and deterrence"]}),
        ("det dry", {"Publications": ["Dry docks and deterrence"]}),
        ("dry docks and", {"Publications": ["Dry docks and deterrence"]}),
        ("det zeppelin", {}),
        ("kang", {"People": ["Min-ji Kang"]}),
        ("minji", {"People": ["Min-ji Kang"]}),
        ("min j", {"People": ["Min-ji Kang"]}),
        ("강민", {"People": ["Min-ji Kang"]}),
        ("ship", {"Topics": ["Shipbuilding"]}),
        ("harb", {"Outlets": ["The Harbor Times"]}),
        ("dockside", {"Series": ["Dockside Papers"]}),
        ("report", {"Kinds": ["Reports"]}),
        ("jong un", {"Publications": ["Kim Jong-un and the K-pop question"]}),
        ("jongun", {"Publications": ["Kim Jong-un and the K-pop question"]}),
        ("kim jong-u", {"Publications": ["Kim Jong-un and the K-pop question"]}),
        ("zeppelin", {}),
    ],
)
def test_words_are_found_by_how_they_begin(reader, shelf, typed, found):
    assert groups(reader, typed) == found


def test_two_letters_find_names_and_of_headlines_the_word_itself(reader, shelf):
    a_work("AI at sea")
    assert groups(reader, "ai") == {"Publications": ["AI at sea"]}
    assert groups(reader, "ka") == {"People": ["Min-ji Kang"]}
    assert titles(reader, "de") == []
    assert titles(reader, "det") == ["Dry docks and deterrence"]


@pytest.mark.parametrize("typed", ["", " ", "d", "ㅎ", "-", "…", "\x00"])
def test_too_little_finds_nothing(reader, shelf, typed):
    assert groups(reader, typed) == {}


@pytest.mark.parametrize("typed", ["반", "반ㄷ", "반도", "반도ㅊ", "반돛", "반도체", "도체"])
def test_a_word_is_found_at_every_key_of_its_last_syllable(reader, shelf, typed):
    assert "한국의 반도체산업 전망" in titles(reader, typed)
    assert "A chip of one’s own: 반도체 after the tariff" in titles(reader, typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("하", True),
        ("한", True),
        ("한ㄱ", True),
        ("한구", True),
        ("한국 반", True),
        ("한ㄴ", False),
        ("항", False),
    ],
)
def test_a_syllable_may_still_grow_and_nothing_else(reader, shelf, typed, found):
    assert ("한국의 반도체산업 전망" in titles(reader, typed)) is found


def test_the_newest_headlines_come_first_and_only_five(reader, db):
    for day in range(8):
        a_work(f"Tide {day}", published_at=timezone.now() - timedelta(days=day))
    assert titles(reader, "tide") == [f"Tide {day}" for day in range(5)]


def test_the_busiest_people_come_first_and_only_three(reader, db):
    people = [announced(an_author(f"Kim {name}")) for name in ("A", "B", "C", "D")]
    for works, person in enumerate(people, start=1):
        for _ in range(works):
            a_work("Untitled", authors=[person])
    assert groups(reader, "kim") == {"People": ["Kim D", "Kim C", "Kim B"]}


def test_an_item_says_where_it_leads_what_it_is_and_its_language(reader, shelf):
    year = timezone.localtime().year
    a_work("한국의 항만", slug="ports", language="ko", kind="op-eds", authors=[])
    answer = reader.get("/search/suggest/", {"q": "항만"}).json()
    assert answer == {
        "q": "항만",
        "said": "1 suggestion",
        "groups": [
            {
                "label": "Publications",
                "items": [
                    {
                        "label": "한국의 항만",
                        "url": "/publications/ports/",
                        "detail": f"Op-Ed · {year}",
                        "lang": "ko",
                    }
                ],
            }
        ],
    }
    (people,) = reader.get("/search/suggest/", {"q": "kang"}).json()["groups"]
    assert people["items"] == [
        {
            "label": "Min-ji Kang",
            "url": "/authors/kang/",
            "detail": "강민지 · 1 publication",
            "lang": "",
        }
    ]


def test_everything_leads_to_a_page(reader, shelf):
    for typed in ("dry", "kang", "ship", "harb", "dockside", "report"):
        for group in reader.get("/search/suggest/", {"q": typed}).json()["groups"]:
            for item in group["items"]:
                assert reader.get(item["url"]).status_code == 200


# --- What is not -------------------------------------------------------------------
@pytest.mark.parametrize("status", [each for each in Status if each != Status.PUBLISHED])
def test_only_published_works_and_who_wrote_them_are_suggested(reader, db, status):
    person, tag = announced(an_author("Hidden Person")), announced(a_tag("Hidden Topic"))
    work = a_work("Hidden harbor", authors=[person], tags=[tag], status=status)
    assert groups(reader, "hidden") == {}
    Publication.objects.filter(pk=work.pk).update(status=Status.PUBLISHED)
    after_write(work)
    assert groups(reader, "hidden") == {
        "Publications": ["Hidden harbor"],
        "People": ["Hidden Person"],
        "Topics": ["Hidden Topic"],
    }
    Publication.objects.filter(pk=work.pk).update(status=status)
    after_write(work)
    assert groups(reader, "hidden") == {}


def test_a_scheduled_work_is_suggested_from_its_moment_on(reader, db):
    person = announced(an_author("Coming Person"))
    moment = timezone.now() + timedelta(hours=1)
    a_work("Coming harbor", authors=[person], published_at=moment)
    assert groups(reader, "coming") == {}
    with time_machine.travel(moment - timedelta(milliseconds=1), tick=False):
        assert groups(reader, "coming") == {}
    with time_machine.travel(moment, tick=False):
        assert groups(reader, "coming") == {
            "Publications": ["Coming harbor"],
            "People": ["Coming Person"],
        }


def test_works_to_come_are_not_counted(reader, db):
    person = announced(an_author("Busy Person"))
    a_work("One", authors=[person])
    a_work("Two", authors=[person], published_at=timezone.now() + timedelta(hours=1))
    (people,) = reader.get("/search/suggest/", {"q": "busy"}).json()["groups"]
    assert people["items"][0]["detail"] == "1 publication"


def test_scheduled_headlines_do_not_crowd_out_those_of_today(reader, db):
    a_work("Tide today")
    for day in range(1, 40):
        a_work(f"Tide {day}", published_at=timezone.now() + timedelta(days=day))
    assert titles(reader, "tide") == ["Tide today"]


# --- Keeping up ----------------------------------------------------------------------
def test_a_new_name_is_found_and_the_old_one_is_not(reader, db):
    person = announced(an_author("Hana Seo"))
    work = a_work("First words", authors=[person])
    person.display_name = "Hana Oh"
    person.save()
    after_rename(person)
    work.title = "Second thoughts"
    work.save()
    after_write(work)
    assert groups(reader, "hana o") == {"People": ["Hana Oh"]}
    assert groups(reader, "hana s") == {}
    assert groups(reader, "second") == {"Publications": ["Second thoughts"]}
    assert groups(reader, "first") == {}


def test_what_is_deleted_leaves_nothing_behind(reader, db):
    tag = announced(a_tag("Tides"))
    work = a_work("Tides", tags=[tag])
    for thing in (work, tag):
        before_delete(thing)
        thing.delete()
    assert groups(reader, "tides") == {}
    assert not SearchLabel.objects.exists()


def test_a_topic_that_becomes_a_region_keeps_its_number(reader, db):
    tag = announced(a_tag("Gangwon"))
    a_work("One", tags=[tag])
    tag.group = "region"
    tag.save()
    after_rename(tag)
    assert groups(reader, "gangw") == {"Topics": ["Gangwon"]}


def test_labels_are_written_once_however_often(db):
    work = a_work("Dry docks, dry docks")
    announced(an_author("Hana Seo"))
    rows = set(SearchLabel.objects.values_list("source", "word", "object_id"))
    after_write(work)
    rebuild_thing_labels()
    again = list(
        SearchLabel.objects.exclude(source=SuggestionSource.KIND).values_list(
            "source", "word", "object_id"
        )
    )
    assert sorted(again) == sorted(rows)
    assert {word for source, word, _pk in rows if source == "title"} == {"dry", "docks"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rethinking the trade", {"rethinking", "trade"}),
        ("Kim Jong-un", {"kim", "jong", "un", "jongun"}),
        ("반도체산업", {"반도체산업", "도체산업", "체산업", "산업"}),
        ("한국", {"한국"}),
        ("", set()),
        ("—", set()),
    ],
)
def test_a_text_is_found_by_each_of_its_words_once(text, words):
    assert label_words(text) == words


# --- The last word -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Kim Jong-", ["kim", "jong"]),
        ("the korea t", ["korea", "t"]),
        ("kim in", ["kim"]),
        ("the", ["the"]),
        ("korea korea", ["korea"]),
        ("한 반ㄷ", ["한", "반\u1103"]),
        ("한국 ㅎ", ["한국", "\u1112"]),
        ("one two three four five six seven", ["two", "three", "four", "five", "six", "seven"]),
        ("k", []),
        ("k p", []),
        ("ㅎ", []),
    ],
)
def test_what_was_typed_is_read_as_words(typed, words):
    assert typed_words(typed) == words


@pytest.mark.parametrize(
    ("typed", "ranges"),
    [
        ("sea", [("sea", "sea\U0010ffff")]),
        ("반\u1103", [("반다", "반따")]),
        ("도", [("도", "됴")]),
        ("다", [("다", "대")]),
        ("한", [("한", "핟")]),
        ("업", [("업", "엇")]),
        ("반돛", [("반돛", "반돜"), ("반도차", "반도카")]),
        ("통닭", [("통닭", "통닮"), ("통달가", "통달까")]),
    ],
)
def test_an_unfinished_word_is_a_range_of_words(typed, ranges):
    assert unfinished(typed) == ranges


# --- The endpoint --------------------------------------------------------------------
def test_an_answer_is_kept_for_a_minute(reader, shelf):
    response = reader.get("/search/suggest/", {"q": "kang"})
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")


def test_a_long_text_is_cut(reader, shelf):
    answer = reader.get("/search/suggest/", {"q": "kang " * 1000}).json()
    assert answer["q"] == ("kang " * 20)
    assert answer["groups"][0]["items"][0]["label"] == "Min-ji Kang"


def test_the_cost_is_the_same_for_twice_as_much(reader, db):
    def add(number: int) -> None:
        for each in range(number):
            a_work(
                f"Tide {each}",
                authors=[announced(an_author(f"Tide {each}"))],
                tags=[announced(a_tag(f"Tide {Publication.objects.count()}"))],
                outlet=announced(an_outlet(f"Tide {Publication.objects.count()}")),
            )

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(groups(reader, "tide")) == 4
        return len(captured)

    add(6)
    few = cost()
    add(6)
    assert cost() == few <= 5


READ_WHOLE = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = %s"


def test_a_large_library_is_not_read_whole(reader, db):
    """Names enough for the planner to believe that many begin alike, and far more counts."""
    author = announced(an_author("Zoe Kang"))
    a_work(authors=[author])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO publications_searchlabel (source, word, weight, object_id)"
            " SELECT source, 'name' || n, 0, 1000000 + row_number() OVER ()"
            " FROM unnest(ARRAY['author', 'tag', 'outlet', 'series', 'kind']) AS source,"
            " generate_series(1, 40000) AS n"
        )
        cursor.execute(
            "INSERT INTO publications_searchcount (lexeme, documents)"
            " SELECT 'word' || n, 1 FROM generate_series(1, 60000) AS n"
        )
        cursor.execute("ANALYZE publications_searchlabel, publications_searchcount")
        cursor.execute(READ_WHOLE, ["publications_searchcount"])
        before = cursor.fetchone()
        assert groups(reader, "zoe") == {"People": ["Zoe Kang"]}
        cursor.execute(READ_WHOLE, ["publications_searchcount"])
        assert cursor.fetchone() == before


@effort(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=150),
        st.text(st.sampled_from("반도체ㄷㅏᄃ가힣 -'.&%kK1\x00\ud800\U0010ffff"), max_size=12),
    )
)
def test_anything_can_be_typed(shelf, reader, typed):
    typed_words(typed)
    safe = typed.encode(errors="replace").decode()
    response = reader.get("/search/suggest/", {"q": safe})
    assert response.status_code == 200
    assert json.loads(response.content)["q"] == safe[:100]


def test_broken_bytes_in_the_address_are_no_error(reader, shelf):
    for raw in ("%ff%fe", "%ed%a0%80", "%00kang", "%E2%82", "%"):
        assert reader.get(f"/search/suggest/?q={raw}").status_code == 200
    assert reader.get("/search/suggest/").json()["groups"] == []


# --- Browsers ------------------------------------------------------------------------
def test_browsers_get_suggestions_in_their_own_form(reader, shelf, settings):
    response = reader.get("/search/suggest/", {"q": "kang", "format": "opensearch"})
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert response.json() == [
        "kang",
        ["Min-ji Kang"],
        ["강민지 · 1 publication"],
        [f"{settings.SITE_URL}/authors/kang/"],
    ]


def test_every_page_tells_browsers_how_to_search_here(reader, shelf):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "Institute <for> Tides & Trade"})
    page = reader.get("/").text
    assert 'type="application/opensearchdescription+xml"' in page
    response = reader.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    description = ET.fromstring(response.content)
    assert description.findtext(f"{name}ShortName") == "Institute <for>…"
    assert description.findtext(f"{name}LongName") == "Institute <for> Tides & Trade"
    urls = {each.get("type"): each.get("template") for each in description.iter(f"{name}Url")}
    for kind in ("text/html", "application/x-suggestions+json", "application/atom+xml"):
        address = urls[kind].removeprefix(settings.SITE_URL).replace("{searchTerms}", "kang")
        assert reader.get(address).status_code == 200, address


def test_without_a_script_the_box_is_a_plain_form(reader, shelf):
    page = reader.get("/").text
    box = page[page.index('<input type="search" id="q"') :].partition(">")[0]
    assert "role=" not in box
    assert 'role="listbox" aria-label="Suggestions" hidden' in page


def test_the_scripts_of_the_site_are_small():
    sizes = {path.name: path.stat().st_size for path in (STATIC / "js").glob("*.js")}
    assert sizes["suggest.js"] <= 6_000
    assert sum(sizes.values()) < 15_000
