"""The story of a correction: kept for later, compared, published, and taken back."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from publications.models import Publication
from tests.factories import a_tag, a_work, an_author
from tests.journeys.test_publishing import sign_in


def ensure_accessible(page: BrowserPage) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url


def press(page: BrowserPage, name: str) -> None:
    """Go to a button or link by the keyboard, and press it."""
    target = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    target.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_correction_waits_is_published_and_is_taken_back(
    site: str, page: BrowserPage, admin_user: Any, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    work = a_work("Live headline", authors=[an_author("Hana Seo")], tags=[a_tag("Trade")])
    public = f"{site}{work.get_absolute_url()}"
    desk = f"{site}/admin/publications/publication/{work.pk}"
    sign_in(page, site)

    page.goto(f"{desk}/change/")
    page.locator("#id_title").fill("Better headline")
    press(page, "Save as changes to publish later")
    expect(page.locator(".pending")).to_contain_text("changes that readers do not see yet")
    expect(page.locator("#id_title")).to_have_value("Better headline")
    ensure_accessible(page)
    page.goto(public)
    expect(page.locator("h1")).to_have_text("Live headline")

    page.goto(f"{desk}/change/")
    press(page, "Compare with what readers see")
    expect(page.locator(".changes del")).to_have_text("Live")
    ensure_accessible(page)
    page.goto(f"{desk}/pending/discard/")
    ensure_accessible(page)
    page.goto(f"{desk}/pending/publish/")
    ensure_accessible(page)
    press(page, "Publish changes now")
    expect(page.locator(".messagelist")).to_contain_text("The changes are published")
    page.goto(public)
    expect(page.locator("h1")).to_have_text("Better headline")

    page.goto(f"{desk}/history/")
    ensure_accessible(page)
    press(page, "Compare the two")
    expect(page.locator(".changes ins")).to_have_text("Better")
    press(page, "Word by word")
    expect(page.locator(".revisions__views [aria-current]")).to_have_text("Word by word")
    ensure_accessible(page)
    press(page, "Restore revision 1…")
    expect(page.locator("h1")).to_have_text("Restore revision 1")
    ensure_accessible(page)
    press(page, "Restore revision 1")
    expect(page.locator(".messagelist")).to_contain_text("again what it was in revision 1")
    assert Publication.objects.get().title == "Live headline"
