"""What has to happen around the senders: schedules, digests, the dead, and the end of an issue."""

import logging
from contextlib import suppress
from functools import partial

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.actions import digests, sending
from newsletter.models import Delivery, DeliveryStatus, Issue, IssueStatus
from newsletter.sending import notebook
from newsletter.sending.queue import BURY, DEAD, DUE, SENDERS, settle

logger = logging.getLogger(__name__)

DATABASE_GONE = (OperationalError, InterfaceError)
# Each has a partial index, by which one open delivery of an issue is found at once.
STILL_OPEN = (
    (DeliveryStatus.QUEUED,),
    (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING),
    (DeliveryStatus.DEFERRED,),
)


def tick() -> None:
    """Do all that is due; any number of overseers may do so at once."""
    start_scheduled()
    digests.run_due(timezone.now())
    bury_the_dead()
    bring_back_deferred()
    finish_complete()


def start_scheduled() -> None:
    """Start issues whose moment has come; one that must not be sent waits for somebody to look."""
    due = Issue.objects.filter(status=IssueStatus.SCHEDULED, scheduled_for__lte=timezone.now())
    for pk in due.order_by("scheduled_for", "pk").values_list("pk", flat=True):
        try:
            sending.start(pk)
        except ValidationError as refusal:
            _hold_back(pk, refusal)
        except DATABASE_GONE:
            raise
        except Exception:
            # One issue's trouble must not keep the others waiting.
            logger.exception("Issue %s did not begin.", pk)
            _hold_back(
                pk, ValidationError(_("Something went wrong; the log of the site says what."))
            )


def _hold_back(pk: int, refusal: ValidationError) -> None:
    # Another overseer was first, or somebody took it off the schedule at this moment.
    with suppress(ValidationError):
        if getattr(refusal, "code", "") != "moved":
            sending.hold_back(pk, refusal.messages)
            logger.warning("Issue %s did not begin: %s", pk, " ".join(refusal.messages))


@transaction.atomic
def bury_the_dead() -> int:
    """Take over what dead senders had claimed; what they were just sending is unknown."""
    with connection.cursor() as cursor:
        cursor.execute(DEAD, {"class": SENDERS})
        dead = [number for (number,) in cursor.fetchall()]
        if not dead:
            return 0
        noted = sum(_settle(cursor, number) for number in dead)
        cursor.execute(BURY, {"senders": dead})
        return noted + int(cursor.rowcount)


def _settle(cursor: CursorWrapper, number: int) -> int:
    """Do what a dead sender would do if it came back, as far as it left its notebook here."""
    page = notebook.read(number)
    if page is None:
        return 0
    transaction.on_commit(partial(notebook.remove, number))
    return settle(cursor, number, page)


def bring_back_deferred() -> int:
    """Queue what a mail server refused for a while, when the while is over."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        return int(cursor.rowcount)


def finish_complete() -> None:
    """End the issues of which nothing is open any more."""
    issues = Issue.objects.filter(status=IssueStatus.SENDING)
    for statuses in STILL_OPEN:
        is_open = Delivery.objects.filter(issue=OuterRef("pk"), status__in=statuses)
        issues = issues.exclude(Exists(is_open))
    # Adding up a million deliveries takes a while: only when there is hope that it closes.
    for pk in issues.values_list("pk", flat=True):
        sending.finish(pk)
