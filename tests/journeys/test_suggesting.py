"""The story of a reader who types and chooses from what is suggested."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from publications.search.suggestion_labels import rebuild_thing_labels
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet


@pytest.fixture
def box(site: str, page: BrowserPage) -> Any:
    """The search box of a page that knows some harbors."""
    a_work(
        "Harbor towns after the tariff",
        slug="harbor-towns",
        kind="op-eds",
        authors=[an_author("Hana Harbor", slug="hana")],
        tags=[a_tag("Harbors", slug="harbors")],
        outlet=an_outlet("The Harbor Times"),
        series=a_series("Harbor Papers"),
    )
    a_work("한국의 반도체산업 전망", slug="chips", language="ko")
    rebuild_thing_labels()
    page.goto(site)
    return page.get_by_role("combobox")


@pytest.fixture
def active(page: BrowserPage, box: Any) -> Callable[[], str]:
    """The text of the suggestion that the keyboard is at."""

    def text() -> str:
        at = box.get_attribute("aria-activedescendant")
        return page.locator(f"#{at} span").inner_text() if at else ""

    return text


def test_the_keyboard_chooses(page: BrowserPage, box: Any, active: Any) -> None:
    options = page.get_by_role("option")
    box.press_sequentially("harb")
    expect(options).to_have_count(5)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#suggestions-said")).to_have_text("5 suggestions")
    assert active() == ""
    for key, name in [
        ("ArrowDown", "Harbor towns after the tariff"),
        ("ArrowDown", "Hana Harbor"),
        ("End", "Harbor Papers"),
        ("ArrowDown", "Harbor towns after the tariff"),
        ("ArrowUp", "Harbor Papers"),
        ("Home", "Harbor towns after the tariff"),
        ("ArrowDown", "Hana Harbor"),
    ]:
        box.press(key)
        assert active() == name
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    box.press("Enter")
    page.wait_for_url("**/authors/hana/")


def test_enter_without_a_choice_searches(page: BrowserPage, box: Any, active: Any) -> None:
    box.press_sequentially("harb")
    expect(page.get_by_role("option")).to_have_count(5)
    box.press("ArrowDown")
    box.press_sequentially("or")
    assert active() == ""
    expect(page.get_by_role("option")).to_have_count(5)
    box.press("Enter")
    page.wait_for_url("**/search/?q=harbor")


def test_escape_and_leaving_close_and_keep_the_text(page: BrowserPage, box: Any) -> None:
    listbox = page.get_by_role("listbox")
    box.press_sequentially("harb")
    expect(listbox).to_be_visible()
    box.press("Escape")
    expect(listbox).to_be_hidden()
    expect(box).to_have_value("harb")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    expect(listbox).to_be_visible()
    box.press("Tab")
    expect(listbox).to_be_hidden()
    expect(page.get_by_role("search").get_by_role("button")).to_be_focused()


def test_the_mouse_chooses(page: BrowserPage, box: Any) -> None:
    box.press_sequentially("harb")
    group = page.get_by_role("group", name="Topics")
    group.get_by_role("option", name="Harbors 1 publication").click()
    page.wait_for_url("**/tags/harbors/")


def test_a_syllable_that_is_being_composed_is_asked_with_the_rest(
    page: BrowserPage, box: Any
) -> None:
    box.focus()
    composing = page.context.new_cdp_session(page)
    for text in ["반", "반ㄷ", "반도", "반돛", "반도체"]:
        with page.expect_response("**/search/suggest/**"):
            at = {"selectionStart": len(text), "selectionEnd": len(text)}
            composing.send("Input.imeSetComposition", {"text": text, **at})
            expect(box).to_have_value(text)
        expect(page.get_by_role("option")).to_have_count(1)
    composing.send("Input.insertText", {"text": "반도체"})
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/publications/chips/")


def test_nothing_is_asked_twice_nor_too_early(page: BrowserPage, box: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "suggest/" in each.url else None)
    page.clock.install()
    box.press_sequentially("h")
    page.clock.run_for(1000)
    for text, count in [("harb", 5), ("hana", 1), ("harb", 5), ("zeppelin", 0), ("hana", 1)]:
        box.fill(text)
        page.clock.run_for(1000)
        expect(page.get_by_role("option")).to_have_count(count)
    assert [each.partition("q=")[2] for each in asked] == ["harb", "hana", "zeppelin"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_accessible_and_fits_a_phone(
    site: str, page: BrowserPage, box: Any, scheme: Any
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + "/publications/")
    page.get_by_role("link", name="Search", exact=True).click()
    box.press_sequentially("harb")
    expect(page.get_by_role("option")).to_have_count(5)
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    complaints += [each["id"] for each in Axe().run(page).response["violations"]]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_an_answer_the_form_still_searches(page: BrowserPage, box: Any) -> None:
    box.press_sequentially("harb")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.route("**/search/suggest/**", lambda route: route.abort())
    box.press_sequentially("or")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    page.wait_for_url("**/search/?q=harbor")
