"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture(autouse=True)
def _files_of_one_test(tmp_path, settings) -> None:
    """Keep uploads and mail of a test in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def reader(db) -> Client:
    """A visitor over https, as in production."""
    return Client(headers={"x-forwarded-proto": "https"})


@pytest.fixture
def staff(admin_user) -> Client:
    """A signed-in superuser."""
    client = Client()
    client.force_login(admin_user)
    return client
