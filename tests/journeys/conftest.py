"""A real browser against a real server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.conftest import plant_seeds
from tests.journeys.gate import Gate

# Playwright drives its own event loop in this thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WITHOUT_NETWORK = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", autouse=True)
def _chromium() -> None:
    if CHROMIUM is None:
        message = "There is no chromium. On Debian: apt install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", *WITHOUT_NETWORK] if os.geteuid() == 0 else WITHOUT_NETWORK,
    }


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Any:
    """The running site over plain http, as under `make run`; middleware reads this at its start."""
    with override_settings(SECURE_SSL_REDIRECT=False):
        return request.getfixturevalue("live_server")


@pytest.fixture(scope="session")
def gate(server: Any) -> Gate:
    """What every request to the running site passes."""
    httpd = server.thread.httpd
    gate = Gate(httpd.get_app())
    httpd.set_app(gate)
    return gate


@pytest.fixture
def site(transactional_db: None, server: Any, gate: Gate, settings: Any) -> Iterator[str]:
    """The address of the running site."""
    plant_seeds()
    settings.SITE_URL = server.url
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    with gate.opened():
        yield str(server.url)


@pytest.fixture
def post(settings: Any, tmp_path: Path) -> Path:
    """The folder into which mail is written."""
    folder = tmp_path / "mail"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": folder},
        }
    }
    return folder
