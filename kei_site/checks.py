"""System checks: the database is one on which the site works, also in Korean.

They run with `manage.py check --database default` and before `manage.py migrate`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST_VERSION = 160000
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
HOW_TO_CREATE = (
    "Create the database anew and load a dump into it: CREATE DATABASE … TEMPLATE template0 "
    "ENCODING 'UTF8' LOCALE 'C.UTF-8' (or another UTF-8 locale of the server, but not C or POSIX)."
)


@register(Tags.database)
def check_databases(
    *, app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None, **_kwargs: Any
) -> list[CheckMessage]:
    """Check each database that is asked for."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        errors += check_database(connections[alias])
    return errors


def check_database(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Return what is wrong with one database; later questions need the earlier ones answered."""
    if connection.vendor != "postgresql":
        return [
            Error(
                f"The database is {connection.display_name}, but the site needs PostgreSQL.",
                hint="Set DATABASE_URL to postgresql://…, or unset it for the embedded PostgreSQL.",
                id="kei_site.E001",
            )
        ]
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return [
            Error(
                f"The database cannot be reached: {error}",
                hint="Look whether the server in DATABASE_URL runs and takes this user; without "
                "DATABASE_URL, `manage.py postgres status` tells about the embedded server.",
                id="kei_site.E002",
            )
        ]
    return [*_check_version(connection)] or [
        error for check in (_check_encoding, _check_hangul, _check_extensions)
        for error in check(connection)
    ]
