"""The search page, as readers use it."""

import json
import re
from datetime import timedelta
from html import unescape

import html5lib
import pytest
from django.conf import settings
from django.utils import timezone

from publications.actions.after import after_rename
from publications.models import Author, BestBet, Publication, TagGroup
from publications.search.best_bets import bet_key
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

FUZZ = settings.BASE_DIR.parent / "shared" / "data" / "security" / "fuzz"


def ask(reader, typed: str = "", **more: str | list[str]):
    response = reader.get("/search/", {"q": typed, **more})
    assert response.status_code == 200
    return response


def found(reader, typed: str = "", **more: str | list[str]) -> list[str]:
    context = ask(reader, typed, **more).context
    return [work.title for work in [*context["full"], *context["partial"]]]


def words_of(response) -> str:
    """Return the page as one line of text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def choices(response, facet: str) -> dict[str, tuple[int, bool]]:
    """Return the values that a facet shows, each with its count and whether it is chosen."""
    return {
        choice.label: (choice.works, choice.is_chosen)
        for box in response.context["narrowing"].boxes
        if box.facet == facet
        for choice in [*box.choices, *box.more]
    }


def link_to(response, facet: str, label: str) -> str:
    for box in response.context["narrowing"].boxes:
        for choice in [*box.choices, *box.more]:
            if (box.facet, choice.label) == (facet, label):
                assert f'href="{choice.url.replace("&", "&amp;")}"' in response.content.decode()
                return f"/search/{choice.url}" if choice.url.startswith("?") else choice.url
    raise AssertionError((facet, label))


@pytest.fixture
def library(db):
    now = timezone.now()
    a_work(
        "Dry docks and deterrence",
        kind="reports",
        standfirst="What repair yards can do.",
        body="<p>Eleven shipyards were surveyed in Geoje.</p>",
        authors=[an_author("Minji Kang", slug="minji-kang", native_name="강민지")],
        tags=[a_tag("Shipbuilding"), a_tag("Busan", group=TagGroup.REGION)],
        outlet=an_outlet("The Harbor Post"),
        series=a_series("Yard papers"),
        published_at=now - timedelta(days=2),
    )
    a_work(
        "Batteries after the credit",
        body="<p>Cells, not shipyards, decide it.</p>",
        authors=[an_author("Paul Kang", slug="paul-kang")],
        published_at=now - timedelta(days=800),
    )
    a_work("북한의 관광특구", language="ko", body="<p>원산 개장 이후</p>")
    a_work("Hidden shipyards", status=Status.DRAFT)
    a_work("Later shipyards", published_at=now + timedelta(hours=1))


# --- Words -------------------------------------------------------------------
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
        ("deter*", {"Dry docks and deterrence"}),
        ("shipyard -deter*", {"Batteries after the credit"}),
        ("shipyard -zebra*", {"Dry docks and deterrence", "Batteries after the credit"}),
        ("lang:ko -원", set()),
        ("lang:ko -산", {"북한의 관광특구"}),
        ("관광특구", {"북한의 관광특구"}),
        ("hidden", set()),
        ("later", set()),
        ("author:minji-kang", {"Dry docks and deterrence"}),
        ("shipyard author:kang", {"Dry docks and deterrence", "Batteries after the credit"}),
        ("shipyard tag:busan", {"Dry docks and deterrence"}),
        ("kind:report shipyard", {"Dry docks and deterrence"}),
        ("lang:ko", {"북한의 관광특구"}),
        ("outlet:harbor", {"Dry docks and deterrence"}),
    ],
)
def test_words_phrases_exclusions_and_fields_find_what_they_mean(reader, library, typed, titles):
    assert {work.title for work in ask(reader, typed).context["full"]} == titles


def test_a_renamed_author_is_found_by_the_new_name(reader, library):
    author = Author.objects.get(display_name="Minji Kang")
    author.display_name = "Minji Oh"
    author.save()
    after_rename(author)
    assert found(reader, "minji oh") == ["Dry docks and deterrence"]
    assert found(reader, '"minji kang"') == []


def test_the_total_index_stands_beside_the_box(reader, library):
    assert "Total index: 3 publications" in words_of(reader.get("/search/"))


def test_the_page_says_how_much_was_found_and_shows_why(reader, library):
    response = ask(reader, "surveyed")
    assert "1 result for “surveyed”" in words_of(response)
    assert "Eleven shipyards were <mark>surveyed</mark> in Geoje." in response.content.decode()


def test_words_are_marked_in_the_headline_too(reader, library):
    assert "Dry docks and <mark>deterrence</mark>" in ask(reader, "deterrence").content.decode()


def test_names_that_were_found_are_marked(reader, library):
    page = ask(reader, "kang harbor").content.decode()
    assert "Minji <mark>Kang</mark>" in page
    assert "<cite>The <mark>Harbor</mark> Post</cite>" in page
    a_work("Ferries", authors=[an_author("홍길동", slug="hong")])
    assert '<span lang="ko"><mark>홍길동</mark></span>' in ask(reader, "홍길동").content.decode()
    assert "<mark>" not in ask(reader, "").content.decode()


def test_the_next_words_keep_the_filters_without_a_script(reader, library):
    page = ask(reader, "shipyard", kind="reports", sort="newest", page="1").content.decode()
    form = page.partition('<form class="field"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    assert hidden == [("kind", "reports"), ("sort", "newest")]
    assert 'type="hidden"' not in ask(reader, "shipyard").content.decode().partition("</form>")[0]


def test_without_words_the_page_is_the_archive(reader, library):
    response = ask(reader)
    assert "All publications" in words_of(response)
    assert found(reader)[0] == "북한의 관광특구"
    assert len(found(reader)) == 3
    assert found(reader, sort="oldest")[0] == "Batteries after the credit"
    assert "relevance" not in [str(link.label) for link in response.context["sorts"]]


def test_what_was_typed_and_not_used_is_said(reader, library):
    assert "no word to look for" in words_of(ask(reader, "!!!"))
    assert "only the beginning" in words_of(ask(reader, " ".join(map(str, range(2000)))))


def test_words_can_only_be_left_out(reader, library):
    assert "1 result for “-shipyard”" in words_of(ask(reader, "-shipyard"))
    assert found(reader, "-shipyard") == ["북한의 관광특구"]


def test_the_order_is_a_choice(reader, library):
    assert found(reader, "shipyard", sort="newest")[0] == "Dry docks and deterrence"
    assert found(reader, "shipyard", sort="oldest")[0] == "Batteries after the credit"
    response = ask(reader, "shipyard", sort="newest", kind="reports")
    urls = [link.url for link in response.context["sorts"]]
    assert urls == [
        "?q=shipyard&kind=reports",
        "?q=shipyard&kind=reports&sort=newest",
        "?q=shipyard&kind=reports&sort=oldest",
    ]


# --- Spelling and partial matches --------------------------------------------
def test_a_misspelled_word_is_corrected_and_can_be_insisted_on(reader, library):
    response = ask(reader, "shipbiulding")
    assert "Showing results for shipbuilding . Search instead for" in words_of(response)
    assert "1 result for “shipbuilding”" in words_of(response)
    assert 'href="?q=shipbiulding&amp;exact=1"' in response.content.decode()
    assert found(reader, "shipbiulding") == ["Dry docks and deterrence"]
    insisting = ask(reader, "shipbiulding", exact="1")
    assert "No results for “shipbiulding”" in words_of(insisting)
    assert 'href="?q=shipbiulding"' in insisting.content.decode()


def test_partial_matches_come_after_a_heading(reader, library):
    response = ask(reader, "shipyards geoje")
    page = words_of(response)
    assert "1 result has all words; the others are partial matches." in page
    assert page.index("Dry docks") < page.index("Partial matches") < page.index("Batteries after")


def test_partial_matches_have_their_heading_on_later_pages(reader, library, settings):
    settings.PAGE_SIZE = 1
    first, second = (ask(reader, "shipyards geoje", page=page) for page in "12")
    heading = '<h2 class="search__divider">'
    assert heading not in first.content.decode()
    assert heading in second.content.decode()


def test_no_heading_where_all_results_have_all_words(reader, library):
    assert "artial matches" not in words_of(ask(reader, "shipyard"))


# --- Facets ------------------------------------------------------------------
def test_facets_count_what_a_click_would_show(reader, library):
    response = ask(reader, "shipyard")
    assert choices(response, "kind") == {"Reports": (1, False), "Commentary": (1, False)}
    assert choices(response, "author") == {"Minji Kang": (1, False), "Paul Kang": (1, False)}
    assert choices(response, "topic") == {"Shipbuilding": (1, False)}
    assert choices(response, "region") == {"Busan": (1, False)}
    assert choices(response, "outlet") == {"The Harbor Post": (1, False)}
    assert choices(response, "series") == {"Yard papers": (1, False)}
    # All results are in English: nothing to tell apart.
    assert choices(response, "lang") == {}
    narrowed = reader.get(link_to(response, "kind", "Reports"))
    assert [work.title for work in narrowed.context["full"]] == ["Dry docks and deterrence"]


def test_values_of_a_facet_can_be_added_and_taken_away(reader, library):
    response = ask(reader, "shipyard", kind="reports")
    assert choices(response, "kind") == {"Reports": (1, True), "Commentary": (1, False)}
    both = reader.get(link_to(response, "kind", "Commentary"))
    assert both.request["QUERY_STRING"] == "q=shipyard&kind=commentary&kind=reports"
    assert both.context["found"].total == 2
    one = reader.get(link_to(both, "kind", "Reports"))
    assert one.request["QUERY_STRING"] == "q=shipyard&kind=commentary"


def test_facets_narrow_together(reader, library):
    assert found(reader, author=["minji-kang", "paul-kang"], kind="reports") == [
        "Dry docks and deterrence"
    ]
    assert found(reader, author="paul-kang", kind="reports") == []


def test_a_facet_shows_eight_values_and_the_rest_on_demand(reader, db):
    for number in range(40):
        a_work(f"Tide {number}", authors=[an_author(f"Author {number:02}", slug=f"by-{number}")])
    response = ask(reader, "tide", author="by-39")
    box = next(box for box in response.context["narrowing"].boxes if box.facet == "author")
    assert len([choice for choice in box.choices if not choice.is_chosen]) in {7, 8}
    assert any(choice.is_chosen for choice in box.choices)
    assert 20 <= len(box.choices) + len(box.more) <= 21
    assert "Show more" in words_of(response)


def test_years_narrow_and_are_drawn(reader, library):
    this_year = timezone.localtime(timezone.now() - timedelta(days=2)).year
    response = ask(reader, "shipyard", year=[str(this_year), ""])
    assert [work.title for work in response.context["full"]] == ["Dry docks and deterrence"]
    years = response.context["narrowing"].years
    assert sum(bar.works for bar in years.bars) == 2
    assert not years.bars[0].is_chosen
    assert years.bars[-1].is_chosen
    assert f"<title>{this_year}: 1</title>" in response.content.decode()
    assert ("q", "shipyard") in years.hidden


def test_filters_in_use_can_be_taken_away_one_by_one(reader, library):
    response = ask(reader, "shipyard", kind="reports", year="2000..2030", topic="gone")
    chips = {chip.text: chip.url for chip in response.context["narrowing"].chips}
    assert chips == {
        "Kind: Reports": "?q=shipyard&year=2000..2030&topic=gone",
        "Topic: gone": "?q=shipyard&kind=reports&year=2000..2030",
        "2000–2030": "?q=shipyard&kind=reports&topic=gone",
    }
    assert response.context["narrowing"].clear_url == "?q=shipyard"
    assert "Filter results (3)" in words_of(response)


def test_facet_links_are_not_to_be_followed(reader, library):
    page = ask(reader, "shipyard", kind="reports").content.decode()
    links = re.findall(r'<a[^>]*href="\?[^>]*>', page)
    assert links
    assert all('rel="nofollow"' in link for link in links)
    assert '<meta name="robots" content="noindex, follow">' in page


# --- What staff add ----------------------------------------------------------
def test_the_picks_of_the_editors_stand_above_the_first_page(reader, library, settings):
    settings.PAGE_SIZE = 1
    work = Publication.objects.get(title="Batteries after the credit")
    BestBet.objects.create(query="Shipyard", key=bet_key("Shipyard"), publication=work)
    first = ask(reader, "shipyard", sort="newest")
    assert [each.title for each in first.context["picked"]] == [work.title]
    page = words_of(first)
    assert page.index("Picked by the editors") < page.index(work.title) < page.index("Dry docks")
    for others in ({"page": "2"}, {"kind": "reports"}):
        assert ask(reader, "shipyard", **others).context["picked"] == []


def test_staff_see_why_a_result_stands_where_it_does(client, library):
    reasons = client.get("/search/", {"q": "shipyards geoje", "explain": "1"})
    assert "Why here" not in words_of(reasons)
    client.force_login(a_user("view_publication"))
    reasons = client.get("/search/", {"q": "shipyards geoje", "explain": "1"})
    assert words_of(reasons).count("Why here") == 2
    assert "geoj" in words_of(reasons)
    assert reasons["Cache-Control"] == "private, no-store"
    assert "Why here" not in words_of(client.get("/search/", {"q": "shipyards"}))


def test_staff_without_the_right_do_not_see_why(client, library):
    client.force_login(a_user())
    assert "Why here" not in words_of(client.get("/search/", {"q": "shipyards", "explain": "1"}))


# --- Dead ends ---------------------------------------------------------------
def test_what_names_nothing_is_said_and_finds_nothing(reader, library):
    response = ask(reader, "shipyard author:nobody")
    assert "No author is called “nobody”." in words_of(response)
    assert response.context["found"].total == 0
    assert found(reader, "shipyard author:kang")


def test_no_result_is_no_dead_end(reader, library):
    response = ask(reader, "zeppelin")
    assert response.context["found"].total == 0
    assert "Latest publications" in words_of(response)
    assert "북한의 관광특구" in words_of(response)


def test_what_a_filter_hides_is_counted(reader, library):
    response = ask(reader, "shipyard", kind="op-eds", author="minji-kang")
    assert "Without “Kind: Op-Eds” : 1 result" in words_of(response)
    assert "Without “Author" not in words_of(response)
    assert "Latest publications: Minji Kang" in words_of(response)


def test_all_filters_can_go_where_no_single_one_is_in_the_way(reader, library):
    response = ask(reader, "batteries", kind="reports", lang="ko")
    assert "Without all filters : 1 result" in words_of(response)
    assert "Without “" not in words_of(response)
    assert "Without all" not in words_of(ask(reader, "zeppelin", kind="reports", lang="ko"))


def test_what_a_filter_hides_is_counted_for_a_misspelled_word(reader, library):
    response = ask(reader, "shipyrad", kind="op-eds")
    assert "No results for “shipyrad”" in words_of(response)
    assert "Without “Kind: Op-Eds” : 2 results" in words_of(response)
    assert "Without" not in words_of(ask(reader, "shipyrad", kind="op-eds", exact="1"))


def test_words_can_be_looked_for_without_the_fields(reader, library):
    response = ask(reader, "shipyards author:nobody -geoje")
    assert "Search for the words alone : 1 result" in words_of(response)
    assert 'href="?q=shipyards+-geoje"' in response.content.decode()
    assert "words alone" not in words_of(ask(reader, "zeppelin author:nobody"))


def test_quotes_that_find_nothing_can_be_dropped(reader, library):
    response = ask(reader, '"geoje shipyards"')
    assert 'href="?q=geoje+shipyards">Search without quotation marks' in (
        response.content.decode().replace(' rel="nofollow"', "")
    )


# --- The address and the answer ----------------------------------------------
def test_pages_keep_the_rest_of_the_address(reader, library, settings):
    settings.PAGE_SIZE = 1
    response = ask(reader, "shipyard", author=["minji-kang", "paul-kang"], sort="newest")
    assert response.context["page"].next_url == (
        "?q=shipyard&author=minji-kang&author=paul-kang&sort=newest&page=2"
    )
    assert reader.get("/search/", {"q": "shipyard", "page": "2"}).status_code == 200
    assert reader.get("/search/", {"q": "shipyard", "page": "3"}).status_code == 404
    assert reader.get("/search/", {"q": "shipyard", "page": "x"}).status_code == 200


def test_the_page_has_one_address_of_its_own(reader, library):
    page = ask(reader, "shipyard", sort="foo", kind=["reports", "reports"]).content.decode()
    assert (
        '<link rel="canonical" href="https://localhost/search/?q=shipyard&amp;kind=reports">'
        in page
    )


def test_the_same_results_are_offered_to_programs(reader, library):
    page = ask(reader, "shipyard", kind="reports", page="1").content.decode()
    for form in ("json", "ris", "bib"):
        address = f"/search/results.{form}?q=shipyard&amp;kind=reports"
        assert f'href="{address}"' in page
        assert reader.get(unescape(address)).status_code == 200


def test_a_search_is_followed_by_a_feed_that_begins_with_the_newest(reader, library):
    a_work("A shipyard, news of today", body="<p>Much else is said here.</p>" * 9)
    page = ask(reader, "shipyard", page="1").content.decode()
    address = "/search/results.atom?q=shipyard&amp;sort=newest"
    assert page.count(f'href="{address}"') == 2  # for readers, and for their programs
    feed = reader.get(unescape(address)).content.decode()
    assert feed.index("news of today") < feed.index("Dry docks") < feed.index("Batteries")


def test_readers_get_no_cookie_and_caches_may_keep_the_page(reader, library):
    for more in ({}, {"explain": "1"}):
        response = ask(reader, "shipyard", **more)
        assert response["Cache-Control"] == "public, no-cache"
        assert not response.cookies
        assert "explain" not in response.content.decode()


def test_the_page_costs_a_fixed_number_of_queries(reader, library, django_assert_max_num_queries):
    ask(reader, "shipyard")
    for typed in ("", "shipyard", "author:kang shipyard"):
        # Two of these begin and end the savepoints that transactions are in tests.
        with django_assert_max_num_queries(16):
            ask(reader, typed, kind=["reports", "commentary"])


def test_every_state_of_the_page_is_well_formed_html(client, library):
    client.force_login(a_user("view_publication"))
    for query in (
        "", "q=shipyards+geoje&explain=1", "q=zeppelin&kind=reports&exact=1", "q=shipbiulding",
        "q=shipyard&kind=reports&kind=commentary&year=2000..2030", "q=author:nobody",
    ):  # fmt: skip
        text = client.get(f"/search/?{query}").content.decode()
        document = html5lib.HTMLParser(strict=True).parse(text)
        ids = [each.get("id") for each in document.iter() if each.get("id")]
        assert len(ids) == len(set(ids)), query
        assert len([each for each in document.iter() if str(each.tag).endswith("}h1")]) == 1


def test_a_long_search_has_a_short_heading(reader, library):
    heading = re.search("<h1>(.*?)</h1>", ask(reader, "shipyard " * 200).content.decode())
    assert heading
    assert len(heading[1]) < 160


def test_anything_typed_is_shown_as_text(reader, library):
    page = ask(reader, "<b>shipyard</b>", kind="<i>", author='"><script>').content.decode()
    assert "<b>shipyard" not in page
    assert "<i>" not in page
    assert '"><script>' not in page


def naughty_strings() -> list[str]:
    if not FUZZ.exists():
        pytest.skip("the real data is not beside the checkout")
    strings = json.loads((FUZZ / "blns.json").read_text())
    for path in sorted(FUZZ.glob("fuzzdb-*.txt")):
        strings += path.read_text(errors="replace").splitlines()
    assert len(strings) > 500
    return strings


@pytest.mark.long
def test_naughty_strings_are_only_words(reader, library):
    for typed in naughty_strings():
        response = reader.get("/search/", {"q": typed, "sort": typed, "page": typed})
        assert response.status_code == 200, typed
        assert "Traceback" not in response.content.decode()


@pytest.mark.long
def test_naughty_strings_are_no_pages(reader, library):
    for typed in naughty_strings():
        response = reader.get("/publications/", {"page": typed})
        expected = 200 if typed in {"", "1"} else 404
        assert response.status_code == expected, typed
        assert "Traceback" not in response.content.decode()
