"""Results that follow what a reader types and chooses."""

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from tests.factories import a_work


@pytest.fixture
def shelf(site: str) -> str:
    a_work("Ships and tides", kind="reports")
    a_work("Ships and harbors", kind="op-eds")
    return site


def test_results_follow_the_typing_and_keep_the_focus(shelf: str, page: BrowserPage) -> None:
    said: list[str | None] = []
    page.on("request", lambda asked: said.append(asked.headers.get("x-requested-with")))
    page.goto(f"{shelf}/search/?q=ships&kind=op-eds&kind=reports")
    page.locator("#q").press("End")
    page.keyboard.type(" tides")
    expect(page.locator("h1")).to_contain_text("“ships tides”")
    expect(page).to_have_url(f"{shelf}/search/?q=ships+tides&kind=op-eds&kind=reports")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#search-status")).to_contain_text("“ships tides”")
    assert "typing" in said


def test_a_facet_narrows_in_place_and_back_undoes_it(shelf: str, page: BrowserPage) -> None:
    page.goto(f"{shelf}/search/?q=ships")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Reports 1").click()
    expect(page.locator("h1")).to_have_text("1 result for “ships”")
    expect(page).to_have_url(f"{shelf}/search/?q=ships&kind=reports")
    expect(page.get_by_role("link", name="Remove Reports 1")).to_be_focused()
    page.go_back()
    expect(page.locator("h1")).to_have_text("2 results for “ships”")
    assert page.evaluate("window.stayed") is True


def test_without_javascript_links_and_forms_do_the_same(shelf: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{shelf}/search/?q=ships")
    page.get_by_role("link", name="Reports 1").click()
    expect(page.locator("h1")).to_have_text("1 result for “ships”")
    page.get_by_role("button", name="How to search").click()
    expect(page.get_by_role("dialog", name="How to search")).to_be_visible()
