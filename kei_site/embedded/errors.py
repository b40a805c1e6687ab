"""What can go wrong with the embedded server at run time."""

from django.db import OperationalError


class ServerError(OperationalError):
    """The embedded PostgreSQL cannot be started, stopped or reached."""
