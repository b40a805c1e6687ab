"""A passkey from its making to signing in with nothing else, and the pages of accounts."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from publications.models import SecurityEvent
from tests.factories import a_user

PASSWORD = "a long passphrase"


@pytest.fixture
def home(site: str, settings: Any) -> str:
    """The site by a name: browsers keep no passkey for a bare address."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser whose computer keeps passkeys and knows the finger of its owner."""
    context = browser.new_context()
    page = context.new_page()
    chrome = context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    chrome.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    context.close()


def refuse_faults(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_passkey_is_made_and_then_enough_to_sign_in(home: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    kim = a_user("view_publication", first_name="Kim")
    page.goto(f"{home}/admin/")
    refuse_faults(page)
    page.get_by_label("Username or e-mail").fill(kim.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Your account").click()
    refuse_faults(page)
    page.get_by_role("link", name="Add a passkey").click()
    refuse_faults(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    refuse_faults(page)
    page.get_by_label("Name").fill("Kim’s computer")
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    refuse_faults(page)
    page.get_by_role("link", name="Back to your account").click()
    expect(page.get_by_text("Kim’s computer")).to_be_visible()

    page.get_by_role("button", name="Log out").click()
    page.goto(f"{home}/admin/publications/publication/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Your account")).to_be_visible()

    # With a password it is the second step.
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{home}/admin/")
    page.get_by_label("Username or e-mail").fill(kim.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    refuse_faults(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    assert not complaints
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 3


def test_an_app_is_added_by_keyboard_alone(home: str, page: Page) -> None:
    kim = a_user(first_name="Kim")
    page.goto(f"{home}/admin/account/")
    page.keyboard.type(kim.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("link", name="Add an app that makes codes").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text("A QR code with the key below.")).to_be_visible()
    refuse_faults(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_logs_and_sessions_are_for_everybody_to_read(
    home: str, page: Page, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 800})
    chief = a_user(is_superuser=True, last_name="이 ".join("Namgung-Seonwoo" for _each in range(3)))
    page.goto(f"{home}/admin/")
    for password in ("wrong", PASSWORD):
        page.get_by_label("Username").fill(chief.username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_timeout(300)  # Colors of links fade.
        refuse_faults(page)
    for address in (
        "account/",
        "publications/securityevent/",
        "admin/logentry/",
        f"publications/user/{chief.pk}/sessions/",
    ):
        page.goto(f"{home}/admin/{address}")
        page.wait_for_timeout(300)
        refuse_faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
