"""The site's role and database inside the embedded server."""

from typing import LiteralString

import psycopg
from psycopg import sql

from kei_site.embedded.clusters import SUPERUSER
from kei_site.embedded.sockets import PORT

# An ordinary owner, as on a managed server: a flaw in the site cannot run programs or read files.
ROLE = "site"
LOCK_KEY = 0x6B6569  # any number, the same in all processes


def ensure_database(host: str, *, role: str, database: str) -> None:
    """Make the role and the database unless they are there; safe to call by many at once."""
    with psycopg.connect(
        host=host, port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
        if not _has(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
            connection.execute(sql.SQL("CREATE ROLE {role} LOGIN CREATEDB").format(**names))
        if not _has(connection, "SELECT FROM pg_database WHERE datname = %s", database):
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {role}").format(**names))


def _has(connection: psycopg.Connection, question: LiteralString, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None
