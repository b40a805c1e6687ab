"""The story of an issue: composed at the desk, sent, read, and what its readers do with it."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from kei_site.common import courier
from newsletter.models import Issue, IssueLink
from newsletter.sending import overseer
from newsletter.sending.relays import FileRelay
from newsletter.sending.sender import Sender
from publications.models import SiteSettings
from tests.factories import a_work
from tests.journeys.test_publishing import sign_in
from tests.journeys.test_subscribing import letters, link_in, statuses
from tests.newsletter.making import a_list


@pytest.fixture
def institute(site: str) -> str:
    """A site that has what every issue needs."""
    facts = {"name": "The Institute", "address": "1 Main Street, Washington"}
    SiteSettings.objects.update_or_create(pk=1, defaults=facts)
    a_work("Rethink the northern corridor", standfirst="More than grain.")
    a_list("Trade", slug="trade")
    return site


def test_sign_up_get_the_issue_change_topics_and_leave(
    institute: str, page: BrowserPage, post: Path, admin_user: Any
) -> None:
    page.goto(institute)
    page.get_by_label("E-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    courier.wait()
    page.goto(link_in(letters(post)[-1], "confirm"))
    page.locator("main").get_by_role("button").click()
    expect(page.locator("main h1")).to_contain_text("You are subscribed")
    courier.wait()

    sign_in(page, institute)
    page.goto(f"{institute}/admin/newsletter/issue/add/")
    page.get_by_label("Subject").fill("The week in trade")
    page.get_by_label("New publications").check()
    page.get_by_role("button", name="Save and add what is new").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Send now…").click()
    expect(page.locator(".panel")).to_contain_text("It goes to 1 subscriber")
    page.locator(".panel__buttons").get_by_role("button").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Sending has begun")
    Sender(FileRelay(post), Event()).run(until_empty=True)
    overseer.tick()
    issue = Issue.objects.get()
    assert (issue.status, issue.candidates) == ("sent", 1)
    page.context.clear_cookies()

    letter = letters(post)[-1]
    page.goto(link_in(letter, "/newsletter/go/"))
    expect(page.locator("h1")).to_contain_text("Rethink the northern corridor")
    assert IssueLink.objects.get().url == page.url
    page.goto(link_in(letter, "archive"))
    expect(page.locator("main")).to_contain_text("The week in trade")
    page.goto(link_in(letter, "preferences"))
    page.get_by_label("Trade").check()
    page.get_by_role("button", name="Save").click()
    assert statuses() == {"New publications": "active", "Trade": "active"}

    page.goto(link_in(letter, "unsubscribe"))
    assert statuses()["New publications"] == "active"
    page.get_by_role("button", name="Unsubscribe").click()
    assert statuses() == {"New publications": "unsubscribed", "Trade": "active"}
    assert page.context.cookies() == []
