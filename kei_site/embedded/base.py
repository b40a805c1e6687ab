"""Django's database engine: PostgreSQL on a server that starts at the first connection.

Settings: DATA_DIR (where the data is), BIN_DIR (PostgreSQL's programs; empty: the wheel's), NAME.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.utils.functional import cached_property

from kei_site.embedded.client import DatabaseClient
from kei_site.embedded.databases import ROLE, ensure_database
from kei_site.embedded.sockets import PORT
from kei_site.embedded.supervisor import Server, server_of


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded server, which is started and set up when need be."""

    client_class = DatabaseClient

    @cached_property
    def server(self) -> Server:
        """Return the server behind this connection."""
        return server_of(self.settings_dict)

    def get_connection_params(self) -> dict[str, Any]:
        """Add the server's address."""
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("user", ROLE)
        return params | {"host": self.server.host, "port": PORT}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; what is missing (server, role or database) is brought about on the way."""
        self.server.ensure_running()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # libpq gives no error code here, so see to all that can be missing and try again.
            self.server.ensure_running()
            ensure_database(
                conn_params["host"], role=conn_params["user"], database=conn_params["dbname"]
            )
            return super().get_new_connection(conn_params)
