"""The results of a search for programs: Atom, JSON, RIS, BibTeX, and COinS."""

import html
import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.conf import settings as project
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from publications.citations.coins import coins
from publications.citations.record import Name, one_line
from publications.states import Status
from tests.factories import a_tag, a_work, an_author, an_outlet
from tests.publications.records import HONG, KIM, a_record, in_the_korea_times

FORMS = ["atom", "json", "ris", "bib"]
ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
FUZZ = project.BASE_DIR.parent / "shared" / "data" / "security" / "fuzz"


def titles(reader, form: str, **params: str) -> list[str]:
    response = reader.get(f"/search/results.{form}", params)
    assert response.status_code == 200
    text = response.content.decode()
    match form:
        case "atom":
            return [each.text for each in ET.fromstring(text).iterfind(f"{ATOM}entry/{ATOM}title")]
        case "json":
            return [item["title"] for item in json.loads(text)["items"]]
        case "ris":
            return re.findall(r"^TI  - (.*)\r$", text, re.MULTILINE)
        case _:
            return re.findall(r"title = \{\{(.*)\}\}", text)


@pytest.fixture
def library(db):
    now = timezone.now()
    a_work(
        "Dry docks and deterrence",
        body="<p>Eleven shipyards &amp; <em>more</em> were surveyed.</p>",
        authors=[an_author("Minji Kang", given_name="Minji", family_name="Kang")],
        tags=[a_tag("Shipbuilding")],
        outlet=an_outlet("The Korea Times"),
        published_at=now - timedelta(days=2),
    )
    a_work("Batteries", body="<p>Cells, not shipyards.</p>", published_at=now - timedelta(days=1))
    a_work("Unrelated", body="<p>Nothing of the kind.</p>")
    a_work("Hidden shipyards", status=Status.DRAFT)
    a_work("Shipyards of tomorrow", published_at=now + timedelta(days=1))
    a_work("Shipyards withdrawn", status=Status.WITHDRAWN)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("params", [{}, {"sort": "newest"}, {"sort": "oldest"}])
def test_every_form_has_the_published_results_in_the_order_of_the_page(
    reader, library, form, params
):
    page = reader.get("/search/", {"q": "shipyards", **params})
    shown = [work.title for work in [*page.context["full"], *page.context["partial"]]]
    assert set(shown) == {"Dry docks and deterrence", "Batteries"}
    assert titles(reader, form, q="shipyards", **params) == shown


@pytest.mark.parametrize("form", FORMS)
def test_filters_count_and_without_words_everything_is_listed(reader, library, form):
    assert titles(reader, form, q="shipyards", topic="shipbuilding") == ["Dry docks and deterrence"]
    assert titles(reader, form) == ["Unrelated", "Batteries", "Dry docks and deterrence"]
    assert titles(reader, form, q="zeppelin") == []


def test_json_says_all_about_the_results(reader, library):
    answer = reader.get("/search/results.json", {"q": "shipyards deterrence"}).json()
    assert answer["query"] == "shipyards deterrence"
    assert (answer["total"], answer["full"], answer["is_estimate"]) == (2, 1, False)
    address = "https://localhost/search/results.json?q=shipyards+deterrence"
    page = "https://localhost/search/?q=shipyards+deterrence"
    assert answer["links"] == {"self": address, "page": page}
    first = answer["items"][0]
    assert re.fullmatch(r"https://localhost/publications/work-\d+/", first.pop("url"))
    assert first.pop("date").startswith(str((timezone.now() - timedelta(days=2)).year))
    assert first == {
        "title": "Dry docks and deterrence",
        "kind": "Commentary",
        "authors": ["Minji Kang"],
        "outlet": "The Korea Times",
        "language": "en",
        "fragment": "Eleven shipyards & more were surveyed.",
    }


def test_json_says_what_was_corrected(reader, library):
    answer = reader.get("/search/results.json", {"q": "shipyrads"}).json()
    assert answer["correction"] == "shipyards"
    assert answer["total"] == 2
    answer = reader.get("/search/results.json", {"q": "shipyrads", "exact": "1"}).json()
    assert (answer["correction"], answer["total"]) == ("", 0)


def test_the_feed_says_how_many_results_there_are(reader, library):
    response = reader.get("/search/results.atom", {"q": "shipyards", "sort": "newest"})
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["X-Robots-Tag"] == "noindex"
    feed = ET.fromstring(response.content)
    assert feed.findtext(f"{OPENSEARCH}totalResults") == "2"
    assert feed.findtext(f"{OPENSEARCH}startIndex") == "1"
    assert "shipyards" in feed.findtext(f"{ATOM}title")
    links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
    assert links == {
        "alternate": "https://localhost/search/?q=shipyards&sort=newest",
        "self": "https://localhost/search/results.atom?q=shipyards&sort=newest",
    }


def test_pages_of_results_are_linked_with_each_other(reader, db, settings):
    settings.PAGE_SIZE = 2
    for number in range(5):
        a_work(f"Shipyard {number}")
    seen = []
    address, previous = "/search/results.json?q=shipyard", None
    while address:
        links = (answer := reader.get(address).json())["links"]
        assert links.get("previous") == previous
        seen += [item["title"] for item in answer["items"]]
        address, previous = links.get("next"), links["self"]
    assert sorted(seen) == [f"Shipyard {number}" for number in range(5)]
    feed = ET.fromstring(reader.get("/search/results.atom?q=shipyard&page=2").content)
    links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
    assert links["next"] == "https://localhost/search/results.atom?q=shipyard&page=3"
    assert links["previous"] == "https://localhost/search/results.atom?q=shipyard"
    assert feed.findtext(f"{OPENSEARCH}startIndex") == "3"


@pytest.mark.parametrize("form", FORMS)
def test_a_page_beyond_the_last_is_not_there(reader, library, form):
    response = reader.get(f"/search/results.{form}", {"q": "shipyards", "page": "2"})
    assert response.status_code == 404


@pytest.mark.parametrize("form", ["ris", "bib"])
def test_files_for_reference_managers_are_downloads(reader, library, form):
    response = reader.get(f"/search/results.{form}", {"q": "shipyards"})
    assert response["Content-Disposition"] == f'attachment; filename="search-results.{form}"'


def test_entries_of_one_file_have_keys_of_their_own(reader, db):
    author = an_author("Minji Kang", given_name="Minji", family_name="Kang")
    for _ in range(3):
        a_work("Shipyards", authors=[author])
    text = reader.get("/search/results.bib", {"q": "shipyards"}).content.decode()
    keys = re.findall(r"^@\w+\{(.*),$", text, re.MULTILINE)
    assert len(keys) == len(set(keys)) == 3
    assert keys[1:] == [f"{keys[0]}-2", f"{keys[0]}-3"]


def test_twenty_results_cost_as_many_queries_as_one(
    reader, db, django_assert_max_num_queries, settings
):
    for _ in range(20):
        a_work("Shipyards", authors=[an_author()], tags=[a_tag()])
    for form in FORMS:
        with django_assert_max_num_queries(16):
            assert len(titles(reader, form, q="shipyards")) == 20


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "sort=x", "year=x", "kind=%00", "q=%00", "q=%ff%fe",
        f"q={'a' * 5000}",
        "author=nobody&author=nothing", "exact=x", "q=((((%22", "pdf=2", "unknown=1", "q=author:",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", FORMS)
def test_what_makes_no_sense_is_ignored(reader, library, form, query):
    assert reader.get(f"/search/results.{form}?{query}").status_code == 200


def test_hostile_searches_make_whole_feeds(reader, library):
    if not FUZZ.exists():
        pytest.skip("the real data is not beside the checkout")
    for typed in json.loads((FUZZ / "blns.json").read_text())[::8]:
        response = reader.get("/search/results.atom", {"q": f"{typed} shipyards", "sort": typed})
        assert response.status_code == 200, typed
        ET.fromstring(response.content)


def context_object(record) -> dict[str, list[str]]:
    title = re.fullmatch(r'<span class="Z3988" title="([^"<>]*)"></span>', coins(record))
    assert title
    return parse_qs(html.unescape(title[1]), strict_parsing=True)


def test_an_op_ed_is_in_dublin_core():
    assert context_object(in_the_korea_times(names=(KIM, HONG))) == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:dc"],
        "rft.identifier": ["https://www.example.org/publications/rethink/"],
        "rft.type": ["newspaperArticle"],
        "rft.title": ["Rethink North Korea-Russia relations"],
        "rft.creator": ["Kim, Chul-soo", "홍길동"],
        "rft.source": ["The Korea Times"],
        "rft.publisher": ["The Korea Times"],
        "rft.date": ["2024-07-10"],
        "rft.language": ["en"],
    }


def test_an_article_in_a_journal_is_in_the_format_of_journals():
    record = in_the_korea_times(csl="article-journal", outlet="Asian Survey", names=(KIM, HONG))
    found = context_object(record)
    assert found["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:journal"]
    assert found["rft.genre"] == ["article"]
    assert found["rft.jtitle"] == ["Asian Survey"]
    assert (found["rft.aulast"], found["rft.aufirst"]) == (["Kim"], ["Chul-soo"])
    assert found["rft.au"] == ["Chul-soo Kim", "홍길동"]
    assert found["rft_id"] == ["https://www.example.org/publications/rethink/"]


def test_what_a_work_does_not_have_is_left_out():
    found = context_object(a_record(names=(), date=None))
    assert not {"rft.creator", "rft.date", "rft.source"} & found.keys()


@given(st.text(max_size=60).map(one_line))
def test_no_text_breaks_out_of_the_span(text):
    record = in_the_korea_times(title=f"T{text}", outlet=text, names=(Name(text, text, text),))
    assert context_object(record)["rft.title"] == [f"T{text}"]
