"""The sitemap and robots.txt."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from publications.models import Page, Publication
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

pytestmark = pytest.mark.django_db


def locations(reader, address) -> dict[str, str]:
    """Where a file of the sitemap leads, each with its last change."""
    response = reader.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert root.tag in {f"{NS}urlset", f"{NS}sitemapindex"}
    return {each.findtext(f"{NS}loc"): each.findtext(f"{NS}lastmod") for each in root}


def everything(reader) -> set[str]:
    """All that the sitemap leads to, through its index."""
    found: set[str] = set()
    for file in locations(reader, "/sitemap.xml"):
        found |= set(locations(reader, file.removeprefix("https://localhost")))
    return {address.removeprefix("https://localhost") for address in found}


def test_the_sitemap_leads_to_everything_public(reader):
    author, outlet, tag, series = an_author(), an_outlet(), a_tag("무역", slug="무역"), a_series()
    work = a_work(
        kind="reports",
        slug="chips",
        authors=[author],
        outlet=outlet,
        tags=[tag],
        series=series,
        published_at=datetime(2019, 5, 1, tzinfo=UTC),
    )
    page = Page.objects.create(title="About", slug="about")
    assert everything(reader) == {
        "/", "/publications/", "/authors/", "/outlets/", "/tags/", "/series/", "/archive/",
        work.get_absolute_url(), author.get_absolute_url(), outlet.get_absolute_url(),
        tag.get_absolute_url(), series.get_absolute_url(), page.get_absolute_url(),
        "/reports/", "/archive/2019/",
    }  # fmt: skip


@pytest.mark.parametrize(
    "facts", [{"status": "draft"}, {"status": "withdrawn"}, {"published_at": "2300-01-01T00:00Z"}]
)
def test_nothing_leads_to_what_is_not_out(reader, facts):
    a_work(authors=[an_author()], outlet=an_outlet(), tags=[a_tag()], series=a_series(), **facts)
    Page.objects.create(title="Later", slug="later", is_public=False)
    front = {"/", "/publications/", "/authors/", "/outlets/", "/tags/", "/series/", "/archive/"}
    assert everything(reader) == front


def test_every_address_of_the_sitemap_answers(reader):
    a_work(kind="blog", authors=[an_author()], outlet=an_outlet(), tags=[a_tag()])
    Page.objects.create(title="About", slug="about")
    for address in everything(reader):
        assert reader.get(address).status_code == 200, address


def test_a_scheduled_work_is_in_the_sitemap_when_its_time_comes(reader, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    work = a_work(published_at=datetime(2026, 3, 1, 13, tzinfo=UTC))
    assert work.get_absolute_url() not in everything(reader)
    time_machine.move_to("2026-03-01T13:00:00Z", tick=False)
    assert work.get_absolute_url() in everything(reader)


def test_works_are_dated_by_their_last_change(reader, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    a_work(slug="old")
    time_machine.move_to("2026-03-02T12:00:00Z", tick=False)
    a_work(slug="new")
    assert locations(reader, "/sitemap-publications-1.xml") == {
        "https://localhost/publications/old/": "2026-03-01T12:00:00+00:00",
        "https://localhost/publications/new/": "2026-03-02T12:00:00+00:00",
    }
    index = locations(reader, "/sitemap.xml")
    assert index["https://localhost/sitemap-publications-1.xml"] == "2026-03-02T12:00:00+00:00"


def test_works_are_in_files_by_their_ids(reader):
    for number, pk in enumerate([1, 10_000, 10_001, 40_000], start=1):
        a_work(slug=f"w{number}", id=pk)
    index = locations(reader, "/sitemap.xml")
    assert [name for name in index if "publications" in name] == [
        f"https://localhost/sitemap-publications-{number}.xml" for number in (1, 2, 4)
    ]
    assert list(locations(reader, "/sitemap-publications-1.xml")) == [
        "https://localhost/publications/w1/",
        "https://localhost/publications/w2/",
    ]
    assert list(locations(reader, "/sitemap-publications-4.xml")) == [
        "https://localhost/publications/w4/"
    ]
    assert reader.get("/sitemap-publications-3.xml").status_code == 404


@pytest.mark.parametrize(
    "name", ["publications", "publications-0", "publications-2", "publications-9999999",
             "publications-12345678",
             "things-1", "main-1", "publications-x"]
)  # fmt: skip
def test_a_file_that_is_not_there_answers_404(reader, name):
    a_work()
    assert reader.get(f"/sitemap-{name}.xml", follow=True).status_code == 404


def test_the_host_comes_from_the_settings_not_from_the_request(reader, settings):
    settings.ALLOWED_HOSTS = ["attacker.example"]
    a_work(slug="w")
    response = reader.get("/sitemap-publications-1.xml", headers={"host": "attacker.example"})
    assert b"https://localhost/publications/w/" in response.content
    assert b"attacker" not in response.content
    response = reader.get("/robots.txt", headers={"host": "attacker.example"})
    assert b"attacker" not in response.content


def test_a_file_costs_three_queries_however_many_works_and_reads_no_text(
    reader, django_assert_num_queries
):
    works = [
        Publication(
            kind_id=a_work().kind_id,
            title=f"Work {number}",
            slug=f"bulk-{number}",
            status="published",
            published_at=timezone.now() - timedelta(days=1),
        )
        for number in range(20)
    ]
    Publication.objects.bulk_create(works)
    # The works, and which of them are translations.
    with django_assert_num_queries(3) as queries:
        assert len(locations(reader, "/sitemap-publications-1.xml")) == 40
    assert all("body" not in query["sql"] for query in queries)


def test_a_reader_that_has_the_file_gets_304(reader):
    a_work()
    first = reader.get("/sitemap-publications-1.xml")
    assert first["X-Robots-Tag"] == "noindex"
    assert not first.cookies
    again = reader.get("/sitemap-publications-1.xml", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_robots_may_go_everywhere_but_the_admin_and_the_search(reader):
    response = reader.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n\n"
        "Sitemap: https://localhost/sitemap.xml\n"
    )
