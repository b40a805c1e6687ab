"""`manage.py dbshell` for the embedded server."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient as PostgreSQLClient

from kei_site.embedded.binaries import find_bin_dir
from kei_site.embedded.databases import ROLE
from kei_site.embedded.sockets import PORT
from kei_site.embedded.supervisor import server_of


class DatabaseClient(PostgreSQLClient):
    """Runs psql on the server's socket: the psql beside the server, else the one on the path."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Add the server's address to what Django passes to psql."""
        server = server_of(settings_dict)
        address = {"HOST": server.host, "PORT": PORT, "USER": settings_dict["USER"] or ROLE}
        arguments, environment = super().settings_to_cmd_args_env(
            settings_dict | address, parameters
        )
        beside_server = find_bin_dir(server.bin_dir) / arguments[0]
        if beside_server.is_file():
            arguments[0] = str(beside_server)
        return arguments, environment

    def runshell(self, parameters: Iterable[str]) -> None:
        """Start the server and make the database first, if need be."""
        with self.connection.temporary_connection():
            pass
        super().runshell(parameters)
