"""Previews, shared links and the calendar in a real browser, and without a script."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from publications.models import Kind, PreviewOpening, Publication, Spotlight
from publications.states import Status
from tests.factories import a_work
from tests.journeys.test_publishing import sign_in

WIDTHS = (360, 768, 1280)


@pytest.fixture
def shelf(site: str, admin_user: Any) -> str:
    soon = timezone.now() + timedelta(hours=2)
    out = a_work("Out since long", withdraw_at=soon)
    a_work("북한의 새 관광특구와 아주 긴 제목이 달린 글", language="ko", published_at=soon)
    a_work("A headline that goes on for much longer than anybody would like", published_at=soon)
    a_work("A draft", slug="a-draft", status=Status.DRAFT, published_at=None, body="<p>Words</p>")
    Spotlight.objects.create(publication=out)
    return site


def complaints_about(page: BrowserPage, address: str) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{address} is {wide} wide at {width}"] if wide > width else []
    for violation in Axe().run(page).response["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"]]
        found.append(f"{address}: {violation['id']} {nodes}")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(shelf: str, page: BrowserPage, scheme: Any) -> None:
    said: list[str] = []
    page.on("console", lambda each: said.append(f"{page.url}: {each.text}"))
    sign_in(page, shelf)
    page.emulate_media(color_scheme=scheme)
    draft = Publication.objects.get(slug="a-draft").pk
    coming = Publication.objects.scheduled().first()
    assert coming
    for address in (
        "calendar/", "calendar/?view=list", f"calendar/publication/{coming.pk}/",
        f"publications/publication/{draft}/share/", "preview/home/", "preview/op-eds/?at=soon",
    ):  # fmt: skip
        said += complaints_about(page, f"{shelf}/admin/{address}")
    assert said == []


def test_the_form_is_looked_at_in_a_new_tab_without_a_script(shelf: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, shelf)
    page.goto(f"{shelf}/admin/publications/publication/add/")
    page.locator("#id_title").fill("Never saved")
    page.locator("#id_kind").select_option(str(Kind.objects.get(slug="reports").pk))
    page.locator("#id_published_at_0").fill("2027-03-14")
    page.locator("#id_published_at_1").fill("02:30")
    with context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.locator("h1")).to_have_text("Never saved")
    expect(preview.locator(".banner")).to_contain_text("the clocks skip from 2 a.m. to 3 a.m.")
    # The form is still there, with all that was typed.
    expect(page.locator("#id_title")).to_have_value("Never saved")
    assert not Publication.objects.filter(title="Never saved").exists()
    context.close()


def test_a_draft_is_shared_with_somebody_who_has_no_account(
    shelf: str, page: BrowserPage, browser: Browser
) -> None:
    sign_in(page, shelf)
    draft = Publication.objects.get(slug="a-draft").pk
    page.goto(f"{shelf}/admin/publications/publication/{draft}/change/")
    page.get_by_role("link", name="Share a preview").click()
    page.get_by_label("For whom").fill("Dr. 김민지")
    page.get_by_label("1 day", exact=True).check()
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Address").input_value()

    context = browser.new_context()
    stranger = context.new_page()
    stranger.goto(address)
    expect(stranger.locator(".banner")).to_contain_text("shared with Dr. 김민지")
    expect(stranger.locator("h1")).to_have_text("A draft")
    assert Axe().run(stranger).response["violations"] == []
    assert context.cookies() == []

    page.goto(f"{shelf}/admin/publications/publication/{draft}/share/")
    expect(page.locator(".share__links")).to_contain_text("opened once")
    page.get_by_role("button", name="Revoke the link for Dr. 김민지").click()
    expect(page.locator(".share__links")).to_contain_text("Revoked")
    stranger.reload()
    expect(stranger.locator("h1")).to_have_text("This link has ended")
    assert PreviewOpening.objects.count() == 1
    context.close()


def test_an_entry_of_the_calendar_is_moved_by_keyboard(shelf: str, page: BrowserPage) -> None:
    sign_in(page, shelf)
    work = Publication.objects.get(title__startswith="A headline")
    page.goto(f"{shelf}/admin/calendar/")
    page.locator(f'a[href="/admin/calendar/publication/{work.pk}/"]').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/publication/**")
    day = f"{timezone.localdate() + timedelta(days=40):%m%d%Y}"
    page.locator("input[type=date]").focus()
    page.keyboard.type(day)
    page.locator("input[type=time]").focus()
    # The entry has seconds, and with them the field; without them, it would pass over the zeros.
    page.keyboard.type("093000AM")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was moved to")
    work.refresh_from_db()
    assert work.published_at
    here = timezone.localtime(work.published_at)
    day = timezone.localdate() + timedelta(days=40)
    assert here.replace(tzinfo=None) == datetime.combine(day, time(9, 30))
