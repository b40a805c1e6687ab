"""`manage.py postgres`: the embedded PostgreSQL by hand."""

import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from kei_site.embedded.base import DatabaseWrapper

NOT_RUNNING = 3  # as of pg_ctl and of service scripts


class Command(BaseCommand):
    """Start, stop or ask about the embedded PostgreSQL."""

    help = (
        "Starts, stops or shows the embedded PostgreSQL. The site starts it by itself at its first "
        "connection; it then runs until it is stopped. See docs/embedded-postgresql.md."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the four actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("start", help="start it, unless it runs; made on first use")
        actions.add_parser("stop", help="stop it; open transactions are rolled back")
        actions.add_parser("status", help=f"tell whether it runs (exit code {NOT_RUNNING}: no)")
        actions.add_parser(
            "url", help="start it and print a URL for psql, pg_dump, psycopg and DATABASE_URL"
        )

    def handle(self, *, action: str, **_options: Any) -> None:
        """Run one action."""
        connection = connections[DEFAULT_DB_ALIAS]
        if not isinstance(connection, DatabaseWrapper):
            raise CommandError(
                "This site uses the database server in DATABASE_URL; there is no embedded "
                "PostgreSQL to start, stop or show."
            )
        try:
            getattr(self, action)(connection)
        except (OperationalError, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error

    def start(self, connection: DatabaseWrapper) -> None:
        """Start the server."""
        started = connection.server.ensure_running()
        self.stdout.write("PostgreSQL is started." if started else "PostgreSQL runs already.")

    def stop(self, connection: DatabaseWrapper) -> None:
        """Stop the server."""
        stopped = connection.server.stop()
        self.stdout.write("PostgreSQL is stopped." if stopped else "PostgreSQL does not run.")

    def status(self, connection: DatabaseWrapper) -> None:
        """Show the server."""
        server = connection.server
        postmaster = server.find()
        if postmaster is None:
            self.stdout.write(f"PostgreSQL does not run. Data: {server.data_dir}")
            sys.exit(NOT_RUNNING)
        self.stdout.write(
            f"PostgreSQL is {postmaster.state} (process {postmaster.pid}).\n"
            f"Data: {server.data_dir}\nSocket directory: {server.host}"
        )

    def url(self, connection: DatabaseWrapper) -> None:
        """Print the URL."""
        with connection.temporary_connection():
            params = connection.get_connection_params()
        user, name, host = (quote(params[key], safe="/") for key in ("user", "dbname", "host"))
        self.stdout.write(f"postgresql://{user}@/{name}?host={host}&port={params['port']}")
