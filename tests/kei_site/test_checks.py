"""The system checks of the database, on a real server with good and bad databases."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.checks.registry import Tags
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from kei_site import checks
from kei_site.embedded.binaries import find_bin_dir
from kei_site.embedded.supervisor import Server


def database_on(server: Server, name: str, **options) -> BaseDatabaseWrapper:
    settings = {"ENGINE": "kei_site.embedded", "NAME": name, "DATA_DIR": server.data_dir}
    return ConnectionHandler({"default": settings | options})["default"]


def destroy(server: Server) -> None:
    server.stop()
    shutil.rmtree(server.data_dir)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("checks") / "postgres")
    server.ensure_running()
    yield server
    destroy(server)


type Create = Callable[..., BaseDatabaseWrapper]


@pytest.fixture
def create(server, django_db_blocker) -> Iterator[Create]:
    """Make a database with options of one's choice."""
    made = []

    def create_database(options: str, *, extensions: tuple[str, ...] = ()) -> BaseDatabaseWrapper:
        name = f"database_{len(made)}"
        with database_on(server, "kei")._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        made.append(database_on(server, name))
        with made[-1].cursor() as cursor:
            for extension in extensions:
                cursor.execute(f"CREATE EXTENSION {extension}")
        return made[-1]

    with django_db_blocker.unblock():
        yield create_database
        for connection in made:
            connection.close()
            with database_on(server, "kei")._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {connection.settings_dict['NAME']}")


def ids(connection: BaseDatabaseWrapper) -> list[str | None]:
    return [error.id for error in checks.check_database(connection)]


GOOD = "ENCODING 'UTF8' LOCALE 'C.UTF-8'"
LC_CTYPE_C = "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"


@pytest.mark.parametrize("extensions", [(), checks.EXTENSIONS], ids=["before", "after"])
def test_a_good_database_passes_before_and_after_the_first_migration(create, extensions):
    assert ids(create(GOOD, extensions=extensions)) == []


@pytest.mark.parametrize("extensions", [(), checks.EXTENSIONS], ids=["before", "after"])
def test_a_database_that_drops_hangul_fails_before_and_after(create, extensions):
    [error] = checks.check_database(create(LC_CTYPE_C, extensions=extensions))

    assert error.id == "kei_site.E005"
    assert "Korean" in error.msg
    assert "LOCALE 'C.UTF-8'" in error.hint


def test_trigrams_are_asked_where_their_extension_is(create):
    connection = create(LC_CTYPE_C)
    with connection.cursor() as cursor:
        cursor.execute('CREATE SCHEMA "Add ons"')
        cursor.execute('CREATE EXTENSION pg_trgm SCHEMA "Add ons"')

    assert ids(connection) == ["kei_site.E005"]


def test_a_database_in_another_encoding_fails(create):
    [error] = checks.check_database(create("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"))

    assert error.id == "kei_site.E004"
    assert "SQL_ASCII" in error.msg


@pytest.mark.parametrize(
    ("version", "found"), [((15, 9), ["kei_site.E003"]), ((16, 0), []), ((18, 6), [])]
)
def test_a_server_before_16_is_too_old(version, found):
    assert [error.id for error in checks._check_version(version)] == found


def test_each_missing_extension_is_named(tmp_path, django_db_blocker):
    """On a server installed without the standard extensions."""
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        Path(directory).chmod(0o755)
        wheel = find_bin_dir(None).parents[1]
        shutil.copytree(
            wheel.with_name(f"{wheel.name}.libs"), Path(directory, f"{wheel.name}.libs")
        )
        bare = Path(directory, wheel.name, "pginstall")
        shutil.copytree(wheel / "pginstall", bare, symlinks=True)
        for name in ("unaccent", "btree_gist"):
            next(bare.glob(f"share/**/extension/{name}.control")).unlink()
        server = Server(tmp_path / "postgres", bin_dir=bare / "bin")
        with django_db_blocker.unblock():
            connection = database_on(server, "kei", BIN_DIR=server.bin_dir)
            errors = checks.check_database(connection)
            connection.close()
        destroy(server)

    assert [error.id for error in errors] == ["kei_site.E006"] * 2
    assert "btree_gist" in errors[0].msg
    assert "unaccent" in errors[1].msg
    assert "postgresql-contrib" in errors[0].hint


def test_a_server_that_is_not_there_is_an_error_with_a_hint(tmp_path, django_db_blocker):
    settings = {"ENGINE": "django.db.backends.postgresql", "NAME": "kei", "HOST": str(tmp_path)}
    connection = ConnectionHandler({"default": settings})["default"]

    with django_db_blocker.unblock():
        [error] = checks.check_database(connection)

    assert error.id == "kei_site.E002"
    assert str(tmp_path) in error.msg
    assert "DATABASE_URL" in error.hint


def test_a_database_that_is_not_postgresql_is_an_error():
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}

    assert ids(ConnectionHandler({"default": settings})["default"]) == ["kei_site.E001"]


def test_the_checks_run_with_those_of_the_database_and_only_there(create):
    bad = create(LC_CTYPE_C)
    connections["bad"] = bad
    try:
        asked = run_checks(tags=[Tags.database], databases=["bad"])
        not_asked = run_checks(tags=[Tags.database])
    finally:
        del connections["bad"]

    assert [error.id for error in asked] == ["kei_site.E005"]
    assert not_asked == []
