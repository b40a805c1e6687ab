"""Which moment a page shows: now, or the one that staff look ahead to."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone


def moment_of(request: HttpRequest) -> datetime:
    """Return the moment as of which the page is to be shown."""
    moment: datetime | None = getattr(request, "as_of", None)
    return moment or timezone.now()


def is_as_of(request: HttpRequest) -> bool:
    """Say whether somebody looks ahead (or back); such a page is nobody else's."""
    return hasattr(request, "as_of")
