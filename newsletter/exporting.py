"""Subscriptions as a table for a spreadsheet, in constant memory."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from itertools import batched, chain

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.cells import harmless
from newsletter.models import Subscription

BATCH = 1_000
# Without this mark a spreadsheet takes Hangul for something else.
MARK = "\ufeff"


def table(subscriptions: QuerySet[Subscription]) -> Iterator[str]:
    """Return CSV in pieces: a row for each subscription, every cell safe from formulas.

    The rows come through a cursor on the server.
    """
    rows = (
        subscriptions.order_by("pk")
        .values_list(
            "subscriber__address",
            "mailing_list__name",
            "status",
            "subscriber__language",
            "subscriber__frequency",
            "subscriber__paused_until",
            "requested_at",
            "confirmed_at",
            "unsubscribed_at",
        )
        .iterator(chunk_size=BATCH)
    )
    yield MARK
    for batch in batched(chain([_header()], rows), BATCH):
        yield _lines(batch)


def _header() -> list[str]:
    return [
        _("email"), _("list"), _("status"), _("language"), _("frequency"), _("paused until"),
        _("requested"), _("confirmed"), _("unsubscribed"),
    ]  # fmt: skip


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO()
    # All in quotation marks: a semicolon in a cell begins no cell of its own anywhere.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(_cell(value)) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
