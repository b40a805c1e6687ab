"""Adding and removing second factors, and being asked for one."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from publications.models import SecurityEvent, SiteSettings, User
from tests.accounts.conftest import PASSWORD, Browser, code_of, text_of

pytestmark = pytest.mark.django_db
APP = "/admin/account/app/"


def test_an_app_is_added_with_its_code_and_recovery_codes_come_with_it(
    kim: User, proven: Browser
) -> None:
    page = proven.get(APP)
    secret = re.search(r'id="authenticator_secret">(\w+)<', page.content.decode())
    assert secret
    assert "This code is not right" in text_of(proven.post(APP, {"code": "nothing"}))
    answer = proven.post(APP, {"code": code_of(secret[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<code>(\d{8})</code>", proven.get(answer["Location"]).content.decode())
    assert len(codes) == 10
    assert proven.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes
    # Whoever has only the database has no key.
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret[1] not in stored
    assert not any(code in stored for code in codes)
    other = Browser()
    assert other.sign_in(kim.username)["Location"] == reverse("mfa_authenticate")
    assert other.confirm(codes[0])["Location"] == "/admin/"


def test_a_second_factor_takes_the_password_again(kim: User, here: Browser) -> None:
    here.sign_in(kim.username)
    asked = here.get(APP)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    wrong = here.post(asked["Location"], {"password": "no"})
    assert "This is not your password" in text_of(wrong)
    assert here.post(asked["Location"], {"password": PASSWORD})["Location"] == APP


def test_removing_the_app_ends_the_other_sessions_and_the_recovery_codes(
    kim: User, here: Browser, elsewhere: Browser, with_app: str, recovery_codes: list[str]
) -> None:
    for each, code in ((here, code_of(with_app)), (elsewhere, recovery_codes[0])):
        each.sign_in(kim.username)
        each.confirm(code)
        assert each.is_in
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert here.get(reverse("mfa_deactivate_totp")).status_code == 200
    here.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=kim).exists()
    assert here.is_in
    assert not elsewhere.is_in
    assert {"factor_removed", "sessions_ended"} <= set(
        SecurityEvent.objects.values_list("kind", flat=True)
    )


@pytest.fixture(params=["setting", "variable"])
def required(request: Any, db: None, settings: Any) -> None:
    if request.param == "variable":
        settings.REQUIRE_MFA = True
    else:
        SiteSettings.objects.update_or_create(pk=1, defaults={"require_second_factor": True})


def test_where_it_is_required_nothing_else_is_open(
    required: None, kim: User, here: Browser
) -> None:
    here.sign_in(kim.username)
    work_list = reverse("admin:publications_publication_changelist")
    for address in ("/admin/", work_list, reverse("admin:password_change")):
        assert here.get(address)["Location"] == reverse("account")
    page = here.get(reverse("account"))
    assert "This site asks everybody for a second factor" in text_of(page)
    # What was typed into a form is not thrown away by a redirect.
    sent = here.post(work_list, {"action": "delete_selected"})
    assert sent.status_code == 403
    assert "nothing is lost" in text_of(sent)
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = re.search(r'authenticator_secret">(\w+)<', here.get(APP).content.decode())
    assert secret
    here.post(APP, {"code": code_of(secret[1])})
    assert here.is_in


def test_where_it_is_required_whoever_has_one_goes_on(
    required: None, kim: User, here: Browser, with_app: str
) -> None:
    here.sign_in(kim.username)
    here.confirm(code_of(with_app))
    assert here.is_in


def test_where_it_is_not_required_nobody_is_asked(kim: User, here: Browser) -> None:
    here.sign_in(kim.username)
    assert here.is_in
    assert "asks everybody" not in text_of(here.get(reverse("account")))


ADDRESSES = ("account", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate")


@pytest.mark.parametrize("name", ["admin:login", *ADDRESSES])
def test_pages_hold_no_script_and_no_style_of_their_own(
    kim: User, here: Browser, name: str
) -> None:
    if name != "admin:login":
        here.sign_in(kim.username)
        here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = here.get(reverse(name))
    assert page.status_code == 200
    text = page.content.decode()
    assert " style=" not in text
    assert " onclick=" not in text
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text)
    assert all('type="application/json"' in each for each in inline)
    assert not re.search(r'(src|href)="(https?:)?//', text)
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_a_passkey_that_is_none_is_refused(kim: User, proven: Browser) -> None:
    add = reverse("mfa_add_webauthn")
    assert proven.get(add).status_code == 200
    for credential in ("{}", "null", "[]", "x", '{"id": "a", "rawId": "a", "response": {}}'):
        answer = proven.post(add, {"name": "Key", "credential": credential})
        assert answer.status_code in {200, 302}, credential
        sent = Browser().post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert sent.status_code in {200, 302}, credential
    assert not Authenticator.objects.exists()
