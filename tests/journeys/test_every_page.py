"""Every kind of page, in a real browser: accessible, quiet in the console, no stranger asked."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page as BrowserPage

from publications.models import Correction, Page, SiteSettings, Spotlight
from publications.states import Status
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

BODY = """<h2>One</h2><p>First <a href="/about/">link</a>.</p><h2>Two</h2><blockquote><p>Said.</p>
</blockquote><h3>Three</h3><table><thead><tr><th>Year</th><th>Ships</th></tr></thead>
<tbody><tr><td>2026</td><td>9</td></tr></tbody></table><h2>Four</h2><ol><li>A note.</li></ol>"""
ADDRESSES = [
    "/", "/publications/", "/publications/?page=2", "/op-eds/", "/publications/full/",
    "/publications/korean/", "/publications/gone/", "/authors/", "/authors/hong/", "/outlets/",
    "/outlets/times/", "/tags/", "/tags/ships/", "/series/", "/series/papers/", "/archive/",
    "/search/", "/search/?q=ship", "/search/?q=zeppelin", "/about/", "/nowhere/",
    "/publications/?page=x", "/newsletter/", "/newsletter/check-your-mail/",
]  # fmt: skip
SCHEMES = ["light", "dark"]
# What chromium says of a page that is missing on purpose.
EXPECTED = re.compile(r"the server responded with a status of (404|410)\b")


@pytest.fixture
def shelf(site: str) -> str:
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "Institute", "native_name": "연구원", "disclosure": "Disclosed."}
    )
    hong = an_author(
        "Hong Gildong",
        slug="hong",
        native_name="홍길동",
        position="Fellow",
        biography="<p>Bio.</p>",
    )
    outlet = an_outlet("The Korea Times")
    outlet.slug = "times"
    outlet.save()
    series = a_series("Papers")
    series.slug = "papers"
    series.save()
    ships = a_tag("Ships")
    full = a_work(
        "A ship of many parts and a headline that goes on for much longer than anybody would like",
        slug="full", kind="op-eds", body=BODY, standfirst="What a ship is.", series=series,
        authors=[hong, *(an_author() for _ in range(11))], tags=[ships, a_tag("한반도")],
        outlet=outlet, outlet_url="https://times.example/a", outlet_date="2026-10-14",
    )  # fmt: skip
    Correction.objects.create(publication=full, note="The year was wrong.")
    Spotlight.objects.create(publication=full)
    a_work("북한의 새 관광특구", slug="korean", language="ko", body="<p>원산</p>", authors=[hong])
    a_work("Gone", slug="gone", status=Status.WITHDRAWN, withdrawal_note="Wrong.")
    for number in range(22):
        a_work(published_at=timezone.now() - timedelta(days=number), tags=[ships])
    Page.objects.create(title="About", slug="about", body="<p>About us.</p>")
    return site


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_is_accessible_and_asks_nobody_else(
    shelf: str, page: BrowserPage, scheme: Any
) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: (
            None if EXPECTED.search(said.text) else complaints.append(f"{page.url}: {said.text}")
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((shelf, "data:")) else complaints.append(asked.url)
        ),
    )
    page.emulate_media(color_scheme=scheme)
    for address in ADDRESSES:
        page.goto(shelf + address)
        for violation in Axe().run(page).response["violations"]:
            targets = [node["html"][:120] for node in violation["nodes"]]
            complaints.append(f"{address}: {violation['id']} {targets}")
    assert complaints == []
    assert page.context.cookies() == []


def test_every_page_is_well_formed_html(shelf: str, client: Any) -> None:
    parser = html5lib.HTMLParser(strict=True)
    for address in ADDRESSES:
        text = client.get(address).content.decode()
        document = parser.parse(text)
        ids = [each.get("id") for each in document.iter() if each.get("id")]
        assert len(ids) == len(set(ids)), address
        headings = [each for each in document.iter() if str(each.tag).endswith("}h1")]
        assert len(headings) == 1, address


def test_nothing_is_wider_than_a_phone(shelf: str, page: BrowserPage) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ADDRESSES:
        page.goto(shelf + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, address


def test_the_slash_key_goes_to_the_search_box(shelf: str, page: BrowserPage) -> None:
    page.goto(shelf)
    page.keyboard.press("/")
    page.keyboard.type("ship")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ship")
    assert "ship" in page.content()


def test_a_publication_page_is_light(shelf: str, page: BrowserPage) -> None:
    sizes: list[int] = []
    scripts: list[int] = []

    def weigh(response: Any) -> None:
        size = len(response.body())
        sizes.append(response.request.sizes()["responseBodySize"] or size)
        if response.url.endswith(".js"):
            scripts.append(size)

    page.on("response", weigh)
    page.goto(shelf + "/publications/full/", wait_until="networkidle")
    assert sum(sizes) < 100_000
    assert sum(scripts) < 15_000
