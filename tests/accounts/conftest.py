"""People who sign in, and the codes of their apps."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from publications.models import User
from tests.conftest import HttpsClient
from tests.factories import a_user

PASSWORD = "a long passphrase"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LOGIN = "/admin/login/"


class Browser(HttpsClient):
    """A browser somewhere."""

    def __init__(self, address: str = "192.0.2.7", agent: str = FIREFOX) -> None:
        super().__init__(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post(LOGIN, {"login": name, "password": password, **more})

    def confirm(self, code: str) -> Any:
        return self.post(reverse("mfa_authenticate"), {"code": code})

    @property
    def is_in(self) -> bool:
        return bool(self.get("/admin/").status_code == 200)


def code_of(secret: str, at: float | None = None) -> str:
    moment = int(at if at is not None else time.time())
    return format_hotp_value(hotp_value(secret, moment // 30))


@pytest.fixture
def kim(db: None) -> User:
    """A member of staff."""
    return a_user("view_publication", first_name="Kim", email="kim@example.org")


@pytest.fixture
def here(db: None) -> Browser:
    return Browser()


@pytest.fixture
def elsewhere(db: None) -> Browser:
    return Browser("198.51.100.9", "Mozilla/5.0 (iPhone) AppleWebKit Version/18 Safari/604.1")


@pytest.fixture
def with_app(kim: User) -> str:
    """Kim has an app and recovery codes; the key of the app."""
    secret = generate_totp_secret()
    TOTP.activate(kim, secret)
    RecoveryCodes.activate(kim)
    return secret


@pytest.fixture
def recovery_codes(kim: User, with_app: str) -> list[str]:
    row = Authenticator.objects.get(user=kim, type="recovery_codes")
    return list(RecoveryCodes(row).generate_codes())


@pytest.fixture
def proven(kim: User, here: Browser) -> Browser:
    """Kim has signed in and typed the password again."""
    here.sign_in(kim.username)
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return here


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


Ask = Callable[[], Any]
