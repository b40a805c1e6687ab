"""The story of a subscriber: sign up on any page, confirm by mail, leave."""

import re
from email import message_from_string, policy
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from newsletter.models import Subscription
from tests.factories import a_work


def letters(folder: Path) -> list[str]:
    """The messages sent so far, decoded, in order."""
    texts = []
    for file in sorted(folder.glob("*")):
        message: Any = message_from_string(file.read_text(), policy=policy.default)
        texts.append(message.get_body(("plain",)).get_content())
    return texts


def link_in(text: str, word: str) -> str:
    return next(each for each in re.findall(r"https?://\S+", text) if word in each)


def test_sign_up_confirm_and_leave(
    site: str, page: BrowserPage, settings: Any, tmp_path: Path
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": tmp_path / "mail"},
        }
    }
    work = a_work()
    page.goto(site + work.get_absolute_url())
    page.get_by_label("E-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("main")).to_contain_text(re.compile("check your", re.IGNORECASE))
    (letter,) = letters(tmp_path / "mail")

    page.goto(link_in(letter, "confirm"))
    assert set(Subscription.objects.values_list("status", flat=True)) == {"pending"}
    page.locator("main").get_by_role("button").click()
    expect(page.locator("main h1")).to_be_visible()
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}

    welcome = letters(tmp_path / "mail")[-1]
    page.goto(link_in(welcome, "unsubscribe"))
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}
    page.locator("main").get_by_role("button").first.click()
    assert set(Subscription.objects.values_list("status", flat=True)) == {"unsubscribed"}
    assert page.context.cookies() == []
