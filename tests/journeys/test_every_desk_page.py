"""Every page of the desk, found by its address: nobody is kept out by how it is built."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page as BrowserPage

from publications.actions.recording import begin_history
from publications.models import Publication
from publications.snapshots import is_revisable
from tests.kei_site.desk_things import MAKERS
from tests.kei_site.test_admin_matrix import ADDRESSES, path_of

# On a phone in the light and on a desk in the dark: each page is read once in each theme.
LOOKS: Any = {"light": 360, "dark": 1280}


@pytest.fixture
def pages(site: str, staff: Client) -> list[str]:
    """The addresses that answer with a page of their own when one of everything is there."""
    things = {name: make() for name, make in MAKERS.items()}
    for thing in things.values():
        if is_revisable(type(thing)) and not isinstance(thing, Publication):
            begin_history(thing)
    asked = dict.fromkeys(path_of(each, things) for each in ADDRESSES)
    return [path for path in asked if _is_page(staff, path)]


def _is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    # A mail or a work that is looked at is the content of a frame, which runs nothing.
    is_framed = "sandbox" in answer.headers.get("Content-Security-Policy", "")
    return answer.status_code == 200 and is_html and not is_framed


@pytest.mark.parametrize("scheme", LOOKS)
def test_every_page_of_the_desk_is_accessible(
    pages: list[str], site: str, page: BrowserPage, scheme: Any, staff: Client
) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": LOOKS[scheme], "height": 800})
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": site}])
    for address in pages:
        page.goto(site + address)
        for violation in Axe().run(page).response["violations"]:
            targets = [node["html"][:160] for node in violation["nodes"]]
            complaints.append(f"{address}: {violation['id']} {targets}")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > LOOKS[scheme]:
            complaints.append(f"{address} is {wide} px wide")
    assert len(pages) > 100
    assert not complaints, "\n".join(complaints)
