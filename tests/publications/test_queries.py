"""Pages cost a fixed number of queries, however much they show."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.models import Attachment, Correction, Spotlight
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

MOST = 14
PAGES = [
    "/", "/publications/", "/reports/", "/authors/", "/authors/ada/",
    "/outlets/", "/tags/", "/tags/tides/", "/series/", "/archive/", "/search/", "/search/?q=tide",
    "/publications/tide-0/", "/feeds/publications.rss", "/feeds/publications.atom", "/sitemap.xml",
    "/newsletter/", "/none/",
]  # fmt: skip


@pytest.fixture
def shelf(db):
    author, tag, series, outlet = (
        an_author(slug="ada"), a_tag("Tides"), a_series(), an_outlet(),
    )  # fmt: skip

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            work = a_work(
                f"Tide {number}",
                slug=f"tide-{number}",
                kind="reports",
                body="<p>The tide turns.</p>",
                authors=[author, *(an_author() for _ in range(number % 4))],
                tags=[tag, a_tag()],
                series=series,
                outlet=outlet,
                published_at=timezone.now() - timedelta(days=number),
            )
            Attachment.objects.create(publication=work, file="a.pdf", size=1)
            Correction.objects.create(publication=work, note="A note.")
        Spotlight.objects.get_or_create(publication=work)

    return add


def queries(reader, address: str) -> int:
    caches["nearby"].clear()
    with CaptureQueriesContext(connection) as captured:
        reader.get(address)
    return len(captured)


def test_pages_cost_the_same_for_twice_the_works(reader, shelf):
    shelf(0, 8)
    reader.get("/")
    few = {address: queries(reader, address) for address in PAGES}
    Spotlight.objects.all().delete()
    shelf(8, 16)
    assert {address: queries(reader, address) for address in PAGES} == few
    assert max(few.values()) <= MOST, few


def test_lists_cost_the_same_for_ten_rows_and_a_hundred(reader, shelf, settings):
    shelf(0, 205)
    lists = ["/publications/?page=2", "/reports/?page=2", "/authors/ada/?page=2",
             "/tags/tides/?page=2", "/search/?q=tide&page=2"]  # fmt: skip
    settings.PAGE_SIZE = 10
    reader.get("/")
    ten = {address: queries(reader, address) for address in lists}
    settings.PAGE_SIZE = 100
    assert {address: queries(reader, address) for address in lists} == ten
    assert max(ten.values()) <= MOST, ten
