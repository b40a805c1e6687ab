"""The story of a subscriber: sign up on any page, confirm by mail, choose, move, leave, vanish."""

import re
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from kei_site.common import courier
from kei_site.common.tokens import hash_token
from newsletter.mail.links import Recipient, token_for
from newsletter.models import Confirmation, ConsentEvent, MailingList, Subscriber, Subscription
from tests.factories import a_work
from tests.newsletter.making import a_list, a_subscriber, an_issue

# What Django's backend writes after each message.
BETWEEN = "-" * 79 + "\n"


def letters(folder: Path) -> list[str]:
    """The messages sent so far, decoded, in order."""
    texts = []
    for file in sorted(folder.glob("*"), key=lambda file: file.stat().st_mtime_ns):
        # Django may write two messages of one second into one file.
        for text in filter(str.strip, file.read_text().split(BETWEEN)):
            message: Any = message_from_string(text, policy=policy.default)
            texts.append(message.get_body(("plain",)).get_content())
    return texts


def link_in(text: str, word: str) -> str:
    return next(each for each in re.findall(r"https?://\S+", text) if word in each)


def statuses() -> dict[str, str]:
    return dict(Subscription.objects.values_list("mailing_list__name", "status"))


def said(page: BrowserPage) -> Any:
    return expect(page.locator("main").get_by_role("status"))


def test_sign_up_confirm_choose_and_leave(site: str, page: BrowserPage, post: Path) -> None:
    a_list("Trade", slug="trade")
    page.goto(site + a_work().get_absolute_url())
    page.get_by_label("E-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("main")).to_contain_text(re.compile("check your", re.IGNORECASE))
    courier.wait()
    (letter,) = letters(post)

    page.goto(link_in(letter, "confirm"))
    assert set(statuses().values()) == {"pending"}
    page.locator("main").get_by_role("button").click()
    expect(page.locator("main h1")).to_be_visible()
    assert statuses() == {"New publications": "active"}

    courier.wait()
    welcome = letters(post)[-1]
    page.goto(link_in(welcome, "preferences"))
    page.get_by_label("Trade").check()
    page.get_by_label("Once a week").check()
    page.get_by_role("button", name="Save").click()
    said(page).to_have_text("Saved.")
    assert statuses() == {"New publications": "active", "Trade": "active"}

    page.goto(link_in(welcome, "unsubscribe"))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.locator("main h1")).to_contain_text("not subscribed any more")
    assert set(statuses().values()) == {"unsubscribed"}
    assert page.context.cookies() == []


def test_a_slip_a_break_another_address_and_the_end(
    site: str, page: BrowserPage, post: Path
) -> None:
    page.goto(site + "/newsletter/")
    page.locator("main").get_by_label("E-mail address").fill("reader@gmial.com")
    page.locator("[name=shown]").evaluate("field => field.value = ''")
    page.locator("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_have_text("Did you mean reader@gmail.com?")
    page.get_by_role("button", name="Yes, reader@gmail.com").click()
    page.wait_for_url("**/check-your-mail/")
    courier.wait()
    page.goto(link_in(letters(post)[-1], "confirm"))
    page.locator("main").get_by_role("button").click()
    expect(page.locator("main h1")).to_contain_text("You are subscribed")
    courier.wait()
    preferences = link_in(letters(post)[-1], "preferences")

    page.goto(preferences)
    last = page.get_by_label("Send nothing before").get_attribute("max")
    page.get_by_label("Send nothing before").fill(str(last))
    page.get_by_role("button", name="Take a break").click()
    said(page).to_have_text("Nothing is sent until then.")
    page.get_by_role("button", name="End the break").click()
    said(page).to_have_text("Mail comes again.")

    page.get_by_label("New e-mail address").fill("new@example.org")
    page.get_by_role("button", name="Change").click()
    said(page).to_contain_text("a message to both addresses")
    courier.wait()
    for letter in letters(post)[-2:]:
        page.goto(link_in(letter, "address"))
        page.get_by_role("button", name="Agree to the change").click()
    expect(page.locator("main h1")).to_have_text("Your address is changed")
    assert Subscriber.objects.get().address == "new@example.org"

    page.goto(preferences)
    page.get_by_role("link", name="What we store about you").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download all of it").click()
    assert "new@example.org" in Path(downloading.value.path()).read_text()
    page.get_by_label("Erase everything about me").check()
    page.get_by_role("button", name="Erase").click()
    expect(page.locator("main h1")).to_have_text("Nothing is stored about you")
    assert not Subscriber.objects.exists()
    assert ConsentEvent.objects.filter(kind="erased").count() == 1
    assert page.context.cookies() == []


Screen = tuple[str, str, dict[str, str]]


@pytest.fixture
def screens(site: str) -> list[Screen]:
    """The pages of a subscriber: a name, the address, and what is posted to it."""
    lists = [MailingList.objects.get(slug="new-publications"), a_list("Trade", slug="trade")]
    reader = a_subscriber("a-reader-with-a-rather-long-name@example.org", lists=lists)
    gone = token_for(Recipient(reader.pk + 1000))
    issue = an_issue("News", lists=lists[:1])
    every, one = token_for(Recipient(reader.pk)), token_for(Recipient(reader.pk, issue.pk))
    now = timezone.now()
    move = Confirmation.objects.create(
        subscriber=reader,
        purpose="old_address",
        token_hash=hash_token("open"),
        new_address="new@example.org",
        created_at=now,
        expires_at=now + timedelta(hours=72),
    )
    move.pk, move.token_hash, move.purpose = None, hash_token("used"), "new_address"
    move.used_at = now
    move.save()
    address = "/newsletter/"
    return [
        ("sign-up", address, {}),
        ("sign-up-wrong", address, {"email": "nonsense", "choosing": "1"}),
        ("sign-up-slip", address, {"email": "a-reader-with-a-rather-long-name@gmial.com"}),
        ("preferences", f"{address}preferences/{every}/", {}),
        ("preferences-wrong", f"{address}preferences/{every}/", {"do": "pause", "until": "x"}),
        ("preferences-saved", f"{address}preferences/{every}/", {"do": "resume"}),
        ("preferences-erased", f"{address}preferences/{gone}/", {}),
        ("move", f"{address}address/open/", {}),
        ("move-waiting", f"{address}address/used/", {}),
        ("privacy", f"{address}privacy/{every}/", {}),
        ("privacy-wrong", f"{address}privacy/{every}/", {"sure": ""}),
        ("leave-one", f"{address}unsubscribe/{one}/", {}),
        ("left-one", f"{address}unsubscribe/{one}/", {"List-Unsubscribe": "One-Click"}),
        ("preferences-off", f"{address}preferences/{every}/", {"do": "leave"}),
        ("left-all", f"{address}unsubscribe/{every}/", {}),
        ("no-link", f"{address}preferences/nonsense/", {}),
    ]


def show(page: BrowserPage, site: str, screen: Screen) -> None:
    """Open a page, by a form that is sent where there is something to send."""
    _name, address, data = screen
    page.goto(site + address)
    if not data:
        return
    with page.expect_navigation():
        page.evaluate(
            """data => {
                const form = document.createElement("form");
                form.method = "post";
                for (const [name, value] of Object.entries(data)) {
                    const field = document.createElement("input");
                    Object.assign(field, {type: "hidden", name, value});
                    form.append(field);
                }
                document.body.append(form);
                form.submit();
            }""",
            data,
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_a_subscriber_is_accessible_and_fits_a_phone(
    site: str, page: BrowserPage, screens: list[Screen], scheme: Any
) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: asked.url.startswith((site, "data:")) or complaints.append(asked.url),
    )
    page.emulate_media(color_scheme=scheme)
    for screen in screens:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            show(page, site, screen)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                complaints.append(f"{screen[0]}: {wide} px wide at {width}")
        for violation in Axe().run(page).response["violations"]:
            targets = [node["html"][:120] for node in violation["nodes"]]
            complaints.append(f"{screen[0]}: {violation['id']} {targets}")
    assert complaints == []
    assert page.context.cookies() == []
