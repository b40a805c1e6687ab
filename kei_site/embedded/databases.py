"""The site's role and database inside the embedded server."""

import psycopg
from psycopg import sql

from kei_site.embedded.clusters import SUPERUSER
from kei_site.embedded.sockets import PORT

# An ordinary owner, as on a managed server: a flaw in the site cannot run programs or read files.
ROLE = "site"
LOCK_KEY = 0x6B6569  # any number, the same in all processes


def ensure_database(host: str, *, role: str, database: str) -> bool:
    """Make the role and the database unless they are there; tell whether something was made."""
    with psycopg.connect(
        host=host, port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        made_role = _ensure_role(connection, role)
        made_database = _ensure_database(connection, database, owner=role)
    return made_role or made_database


def _ensure_role(connection: psycopg.Connection, role: str) -> bool:
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if found.rowcount:
        return False
    connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(role)))
    return True


def _ensure_database(connection: psycopg.Connection, database: str, *, owner: str) -> bool:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    if found.rowcount:
        return False
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(database), sql.Identifier(owner)
        )
    )
    return True
