"""What readers get at each address."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publications.models import Page, Redirect, Spotlight
from publications.states import Status
from tests.conftest import HttpsClient
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

HOUR = timedelta(hours=1)


def text_of(response) -> str:
    return response.content.decode()


# --- The publication page ---------------------------------------------------------


def test_a_publication_shows_what_the_seed_page_shows(reader):
    outlet = an_outlet("The Korea Times")
    a_work(
        "Rethink the corridor",
        kind="op-eds",
        slug="corridor",
        body="<p>The corridor is open.</p>",
        outlet=outlet,
        outlet_url="https://times.example/corridor",
        outlet_date="2024-07-10",
        authors=[an_author("Hana Seo")],
        tags=[a_tag("Trade policy")],
    )
    page = text_of(reader.get("/publications/corridor/"))
    plain = " ".join(page.split())
    assert "[Op-Ed]" in page
    assert "Hana Seo" in page
    assert "This article was published in" in page
    assert "The Korea Times" in page
    assert "July 10, 2024" in page
    assert 'href="https://times.example/corridor"' in page
    assert "The corridor is open." in page
    assert "Trade policy" in page
    assert "Total index: 1 publication" in plain


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_what_is_not_published_is_seen_by_staff_with_the_right_only(client, status):
    work = a_work("Hidden heron", slug="hidden", status=status)
    assert client.get(work.get_absolute_url()).status_code == 404
    client.force_login(a_user())
    assert client.get(work.get_absolute_url()).status_code == 404
    client.force_login(a_user("view_publication"))
    preview = client.get(work.get_absolute_url())
    assert preview.status_code == 200
    assert preview["Cache-Control"] == "private, no-store"


def test_a_scheduled_work_appears_on_the_second(reader, time_machine):
    time_machine.move_to("2026-03-01T11:59:59Z", tick=False)
    a_work(
        "Noon news", slug="noon", published_at=timezone.now() + timedelta(seconds=1), kind="reports"
    )
    everywhere = ["/", "/publications/", "/reports/", "/search/?q=noon", "/archive/2026/"]
    for address in everywhere:
        assert "Noon news" not in text_of(reader.get(address))
    assert reader.get("/publications/noon/").status_code == 404
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    for address in everywhere:
        assert "Noon news" in re.sub("</?mark>", "", text_of(reader.get(address))), address
    assert reader.get("/publications/noon/").status_code == 200


def test_a_withdrawn_work_answers_410_with_its_note(reader):
    work = a_work("Gone goose", status=Status.WITHDRAWN, withdrawal_note="A figure was wrong.")
    response = reader.get(work.get_absolute_url())
    assert response.status_code == 410
    assert "A figure was wrong." in text_of(response)
    assert "Gone goose" not in text_of(reader.get("/publications/"))


def test_an_excerpt_ends_where_the_outlet_begins(reader, time_machine):
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)
    work = a_work(
        body="<p>First paragraph.</p><p>Second paragraph.</p>",
        outlet=an_outlet(),
        outlet_url="https://times.example/a",
        rights="full_from",
        full_text_from="2026-05-02",
    )
    before = text_of(reader.get(work.get_absolute_url()))
    assert "First paragraph." in before
    assert "Second paragraph." not in before
    time_machine.move_to("2026-05-02T12:00:00Z", tick=False)
    assert "Second paragraph." in text_of(reader.get(work.get_absolute_url()))


def test_a_korean_passage_is_marked_as_korean(reader):
    a_work("북한의 관광특구", slug="tour", language="ko", body="<p>원산에서</p>")
    assert 'lang="ko"' in text_of(reader.get("/publications/"))
    assert 'lang="ko"' in text_of(reader.get("/publications/tour/"))


# --- Lists --------------------------------------------------------------------------


def test_each_list_shows_its_own_works_and_no_others(reader):
    author, outlet, tag, series = (
        an_author(slug="seo"), an_outlet(), a_tag("Ships"), a_series(),
    )  # fmt: skip
    a_work(
        "Inside", kind="reports", authors=[author], outlet=outlet, tags=[tag], series=series,
        published_at=timezone.now() - 3 * HOUR,
    )  # fmt: skip
    a_work("Outside", kind="podcasts")
    for thing in (author, outlet, tag, series):
        page = text_of(reader.get(thing.get_absolute_url()))
        main = page[page.index("<main") :]
        assert "Inside" in main
        assert "Outside" not in main
    assert "Outside" not in text_of(reader.get("/reports/"))


@pytest.mark.parametrize(
    "address",
    ["/authors/none/", "/outlets/none/", "/tags/none/", "/series/none/", "/none/",
     "/archive/1890/", "/archive/0/", "/archive/99999999999999999999/", "/publications/none/",
     "/files/1/a.pdf", "/images/99999999999999999999/a.png", "/logo/a.png",
     "/authors/%00/", "/%00/", "/publications/%00/cite.bib", "/files/1/%00",
     "/feeds/kinds/%00.rss"],
)  # fmt: skip
def test_an_unknown_address_answers_404_with_the_search_box(reader, address):
    response = reader.get(address)
    assert response.status_code == 404
    assert 'name="q"' in text_of(response)


def test_lists_are_paged_without_gap_or_overlap(reader):
    moment = timezone.now() - HOUR
    for number in range(45):
        a_work(f"Paged {number:02}", published_at=moment)
    seen = []
    for page in ("", "?page=2", "?page=3"):
        response = reader.get(f"/publications/{page}")
        seen += [work.pk for work in response.context["page"].items]
    assert len(seen) == len(set(seen)) == 45
    assert reader.get("/publications/?page=4").status_code == 404


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1e9", "９", "99999999999", "1 OR 1=1", "\x00"])
def test_a_page_number_that_is_none_answers_404_in_words(reader, typed):
    response = reader.get("/publications/", {"page": typed})
    assert response.status_code == 404
    assert "Traceback" not in text_of(response)


def test_indexes_count_published_works_only(reader):
    author = an_author("Kim Chulsoo")
    a_work(authors=[author])
    a_work(authors=[author], status=Status.DRAFT)
    an_author("Never Published")
    page = reader.get("/authors/")
    assert [(each.display_name, each.works) for each in page.context["page"].items] == [
        ("Kim Chulsoo", 1)
    ]
    assert "Never Published" not in text_of(page)


# --- Home ---------------------------------------------------------------------------


def test_an_empty_site_says_so_and_leads_nowhere_in_circles(reader):
    assert "first publication is being written" in text_of(reader.get("/"))
    assert "See all publications" not in text_of(reader.get("/publications/"))
    assert "See all publications" in text_of(reader.get(a_tag().get_absolute_url()))


def test_the_spotlight_shows_what_is_scheduled_and_else_the_newest(reader):
    old = a_work("Old owl", published_at=timezone.now() - 48 * HOUR)
    new = a_work("New nightingale")
    assert reader.get("/").context["spotlight"].work == new
    Spotlight.objects.create(
        publication=old,
        headline="Owls again",
        starts_at=timezone.now() - HOUR,
        ends_at=timezone.now() + HOUR,
    )
    featured = reader.get("/").context["spotlight"]
    assert (featured.work, featured.headline) == (old, "Owls again")


def test_a_spotlight_on_a_work_that_is_not_out_gives_way(reader):
    shown = a_work("Shown stork")
    Spotlight.objects.create(
        publication=a_work(status=Status.DRAFT), starts_at=timezone.now() - HOUR
    )
    assert reader.get("/").context["spotlight"].work == shown


# --- Simple pages, redirects ----------------------------------------------------------


def test_a_simple_page_is_public_or_missing(reader):
    page = Page.objects.create(title="About", slug="about", body="<p>Who we are.</p>")
    assert "Who we are." in text_of(reader.get("/about/"))
    Page.objects.filter(pk=page.pk).update(is_public=False)
    assert reader.get("/about/").status_code == 404


@pytest.mark.parametrize("old", ["/old/path/", "/?p=12", "/옛글/"])
def test_an_old_address_leads_on(reader, old):
    if old == "/?p=12":
        # The home page answers before any redirect is asked for.
        old = "/blog-post?p=12"
    Redirect.objects.create(old_path=old, target="/publications/new/")
    response = reader.get(old)
    assert (response.status_code, response["Location"]) == (301, "/publications/new/")


def test_a_living_page_is_never_redirected(reader):
    a_work(slug="alive")
    Redirect.objects.create(old_path="/publications/alive/", target="/publications/")
    assert reader.get("/publications/alive/").status_code == 200


# --- What caches may do -----------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/", "/publications/", "/publications/kept/", "/search/?q=kept", "/authors/", "/tags/",
     "/outlets/", "/series/", "/archive/", "/reports/", "/newsletter/",
     "/feeds/publications.rss", "/feeds/publications.atom", "/sitemap.xml", "/robots.txt"],
)  # fmt: skip
def test_readers_get_no_cookie_and_a_304(reader, address):
    a_work("Kept kestrel", slug="kept", kind="reports")
    response = reader.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    again = reader.get(address, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_pages_forbid_inline_code_and_other_sites(reader):
    policy = reader.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_form_without_its_token_is_refused_in_our_own_words(db):
    response = HttpsClient(enforce_csrf_checks=True).post("/", {"q": "tide"})
    assert response.status_code == 403
    assert "not open to you" in text_of(response)


def test_plain_http_is_sent_to_https(db):
    response = Client().get("/search/?q=tide")
    assert (response.status_code, response["Location"]) == (
        301,
        "https://testserver/search/?q=tide",
    )
