"""Set times hold to the second, though nothing runs: a page asks first whether one has come."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from publications.actions.due import apply_due

logger = logging.getLogger(__name__)


def due_changes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Withdraw works and publish changes whose moment has come, then answer."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(settings.NOTHING_IS_DUE_AT):
            try:
                apply_due(timezone.now())
            except DatabaseError:
                # A page that needs the database says so itself; others can do without.
                logger.exception("Could not ask what is due.")
        return get_response(request)

    return respond
