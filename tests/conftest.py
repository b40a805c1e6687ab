"""What every test may use."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from kei_site.common import courier
from newsletter.models import MailingList
from publications.models import Kind

# A busy machine is no failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


class HttpsClient(Client):
    """A client that speaks https, as readers do in production."""

    def generic(self, *args: Any, **more: Any) -> Any:
        return super().generic(*args, **more | {"secure": True})


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let a chosen part of the tests have none of a kind: `make test` asks for each kind."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.getoption("markexpr"):
        session.exitstatus = pytest.ExitCode.OK


def plant_seeds() -> None:
    """Bring back the rows that migrations wrote, after a test that emptied every table."""
    for migration in ("publications.migrations.0003_seed_kinds",
                      "publications.migrations.0005_seed_synonyms",
                      "publications.migrations.0011_groups",
                      "publications.migrations.0020_seed_checklist",
                      "publications.migrations.0023_rights_of_groups",
                      "newsletter.migrations.0003_seed_default_list",
                      "newsletter.migrations.0007_publishers"):  # fmt: skip
        import_module(migration).seed(apps, None)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """A scratch database with its seeds.

    pytest-django makes one only if a test is marked with `django_db`; tests that commit for
    other threads are not, and alone they would write into the database of the settings.
    """
    with django_db_blocker.unblock():
        scratch = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default"},
            keepdb=django_db_keepdb and not django_db_createdb,
        )
        plant_seeds()
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            end_other_sessions()
            teardown_databases(scratch, verbosity=0)


def end_other_sessions() -> None:
    """Let go of the scratch database: a browser keeps connections to the live server open.

    Each of them is a thread there, and each thread a session of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            # Others belong to the server, which does not let go of its own.
            " AND backend_type = 'client backend'"
        )


# What migrations write; every other table is emptied after a test that commits.
SEEDED_TABLES = {
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "newsletter_mailinglist", "publications_checklistrule", "publications_kind",
    "publications_synonym", "publications_synonymkey",
}  # fmt: skip
SEEDED_LIST = "new-publications"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real transactions that other threads and processes see.

    Afterwards everything but the seeds is removed, which Django's own flush would not leave;
    append-only tables forbid their rows to be deleted, but not to be emptied.
    """
    with django_db_blocker.unblock():
        if not Kind.objects.exists():
            plant_seeds()
        yield
        courier.wait()
        empty_all_but_seeds()
        cache.clear()


def empty_all_but_seeds() -> None:
    """Empty those tables that hold anything."""
    known = connection.introspection.django_table_names(only_existing=True)
    tables = sorted(set(known) - SEEDED_TABLES)
    with connection.cursor() as cursor:
        rows = (f"(SELECT '{each}' FROM {each} LIMIT 1)" for each in tables)
        cursor.execute(" UNION ALL ".join(rows))
        if full := [table for (table,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(full)} CASCADE")
    MailingList.objects.exclude(slug=SEEDED_LIST).delete()


@pytest.fixture(autouse=True)
def _files_of_one_test(tmp_path: Path, settings: Any) -> None:
    """Keep what a test writes in its own folder."""
    settings.VAR_DIR = tmp_path / "var"
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
