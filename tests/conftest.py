"""What every test may use."""

from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.test import Client

# A busy machine is no failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


class HttpsClient(Client):
    """A client that speaks https, as readers do in production."""

    def generic(self, *args: Any, **more: Any) -> Any:
        return super().generic(*args, **more | {"secure": True})


def plant_seeds() -> None:
    """Bring back the rows that migrations wrote, after a test that emptied every table."""
    for migration in ("publications.migrations.0003_seed_kinds",
                      "publications.migrations.0005_seed_synonyms",
                      "newsletter.migrations.0003_seed_default_list"):  # fmt: skip
        import_module(migration).seed(apps, None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A database with its seeds, also when it is used again."""
    with django_db_blocker.unblock():
        plant_seeds()


@pytest.fixture(autouse=True)
def _files_of_one_test(tmp_path: Path, settings: Any) -> None:
    """Keep what a test uploads in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Spare every sign-in the half second that a good password hash takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def client(db: None) -> Client:
    """A visitor."""
    return HttpsClient()


@pytest.fixture
def reader(client: Client) -> Client:
    """A visitor, by the name that stories use."""
    return client


@pytest.fixture
def staff(client: Client, admin_user: Any) -> Client:
    """A signed-in superuser."""
    client.force_login(admin_user)
    return client
