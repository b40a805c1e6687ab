"""System checks: the database is one on which the site works, also in Korean.

They run with `manage.py check --database default` and before `manage.py migrate`.
"""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import NotSupportedError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

OLDEST_MAJOR_VERSION = 16
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
TOO_OLD = Error(
    f"The database server is too old: the site needs PostgreSQL {OLDEST_MAJOR_VERSION} or newer.",
    hint="Upgrade the server, or point DATABASE_URL to a newer one.",
    id="kei_site.E003",
)
HOW_TO_CREATE = (
    "Encoding and locale are fixed when a database is made, so make a new one and load a dump into "
    "it: CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' (or another "
    "UTF-8 locale of the server, but not C or POSIX)."
)


@register(Tags.database)
def check_databases(*, databases: Iterable[str] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Check each database that is asked for."""
    return [error for alias in databases or [] for error in check_database(connections[alias])]


def check_database(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Return what is wrong with one database."""
    if connection.vendor != "postgresql":
        return [
            Error(
                f"The database is {connection.display_name}, but the site needs PostgreSQL.",
                hint="Set DATABASE_URL to postgresql://…, or unset it for the embedded PostgreSQL.",
                id="kei_site.E001",
            )
        ]
    try:
        with connection.temporary_connection() as cursor:
            return [
                *_check_version(connection.get_database_version()),
                *(_check_encoding(cursor) or _check_hangul(cursor)),
                *_check_extensions(cursor),
            ]
    except NotSupportedError:  # Django's own lower limit
        return [TOO_OLD]
    except OperationalError as error:
        return [
            Error(
                f"The database cannot be reached: {error}",
                hint="Look whether the server in DATABASE_URL runs and lets this user in; without "
                "DATABASE_URL, `manage.py postgres status` tells about the embedded PostgreSQL.",
                id="kei_site.E002",
            )
        ]


def _check_version(version: tuple[int, ...]) -> list[CheckMessage]:
    return [] if version[0] >= OLDEST_MAJOR_VERSION else [TOO_OLD]


def _check_encoding(cursor: CursorWrapper) -> list[CheckMessage]:
    encoding = _ask(cursor, "SHOW server_encoding")
    if encoding == "UTF8":
        return []
    return [
        Error(
            f"The database stores text as {encoding}, but the site needs UTF8.",
            hint=HOW_TO_CREATE,
            id="kei_site.E004",
        )
    ]


def _check_hangul(cursor: CursorWrapper) -> list[CheckMessage]:
    """Find a database whose LC_CTYPE makes the trigram search drop Korean without a word."""
    schema = _ask(
        cursor,
        "SELECT quote_ident(nspname) FROM pg_extension"
        " JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm'",
    )
    if schema:
        is_dropped = _ask(cursor, f"SELECT cardinality({schema}.show_trgm('한국')) = 0")
    else:
        # Before the first migration there is nothing to try: only C and POSIX know no letters.
        is_dropped = _ask(
            cursor,
            "SELECT datctype IN ('C', 'POSIX') FROM pg_database WHERE datname = current_database()",
        )
    if not is_dropped:
        return []
    return [
        Error(
            "Search in this database would not find Korean: its character type (LC_CTYPE) "
            "knows no letters beyond English.",
            hint=HOW_TO_CREATE,
            id="kei_site.E005",
        )
    ]


def _check_extensions(cursor: CursorWrapper) -> list[CheckMessage]:
    """Before the first migration, which installs them, being available is enough."""
    cursor.execute(
        "SELECT name FROM pg_available_extensions UNION SELECT extname FROM pg_extension"
    )
    present = {name for (name,) in cursor.fetchall()}
    return [
        Error(
            f"The database server does not have the extension {name}.",
            hint="Install PostgreSQL's standard extensions on the server (the package is called "
            "postgresql-contrib on many systems), or allow the extension in the settings of a "
            "managed server.",
            id="kei_site.E006",
        )
        for name in EXTENSIONS
        if name not in present
    ]


def _ask(cursor: CursorWrapper, question: str) -> Any:
    cursor.execute(question)
    row = cursor.fetchone()
    return row[0] if row else None
