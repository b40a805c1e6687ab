"""From a draft to an issue that is on its way, and every brake."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.actions.approving import ensure_free_of_errors, ensure_may_send
from newsletter.actions.audience import fan_out
from newsletter.mail.rendering import content_hash, facts_of, render
from newsletter.models import (
    Delivery,
    DeliveryStatus,
    Exclusion,
    Issue,
    IssueContent,
    IssueLink,
    IssueStatus,
)

# What may still become something else; an issue with any of these is not finished.
OPEN = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.CLAIMED,
    DeliveryStatus.SENDING,
    DeliveryStatus.DEFERRED,
)
# Whoever was left out for one of these reasons and may have mail again gets it on request.
LIFTED = """
UPDATE newsletter_delivery AS delivery SET status = 'queued', exclusion = ''
FROM newsletter_subscriber AS subscriber
WHERE delivery.issue_id = %(issue)s AND delivery.status = 'excluded'
    AND delivery.exclusion IN ('unsubscribed', 'suppressed', 'paused')
    AND subscriber.id = delivery.subscriber_id
    AND (subscriber.paused_until IS NULL OR subscriber.paused_until <= %(today)s)
    AND EXISTS (
        SELECT FROM newsletter_subscription AS subscription
        JOIN newsletter_issue_lists AS list ON list.mailinglist_id = subscription.mailing_list_id
        WHERE list.issue_id = delivery.issue_id AND subscription.status = 'active'
            AND subscription.subscriber_id = subscriber.id
    )
"""


class Resend(StrEnum):
    """Whose deliveries may be tried again by hand."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


@transaction.atomic
def start(issue_id: int) -> Issue:
    """Freeze content and audience and let the senders begin; refused for what has begun."""
    issue = _ready(issue_id)
    facts = facts_of(issue)
    rendered = render(facts)
    IssueContent.objects.create(
        issue=issue,
        subject=rendered.subject,
        facts=facts,
        html=rendered.html,
        text=rendered.text,
        content_hash=content_hash(facts),
    )
    IssueLink.objects.bulk_create(
        IssueLink(issue=issue, number=item["number"], url=item["url"]) for item in facts["items"]
    )
    issue.candidates = fan_out(issue, facts)
    issue.status = IssueStatus.SENDING
    issue.started_at = timezone.now()
    issue.refusal = ""
    issue.save()
    return issue


@transaction.atomic
def schedule(issue_id: int, at: datetime) -> Issue:
    """Let an issue begin by itself at a moment to come."""
    issue = _ready(issue_id)
    if at <= timezone.now():
        raise ValidationError(_("This moment is past. Choose a later one, or send now."))
    return _moved(issue, IssueStatus.SCHEDULED, scheduled_for=at, refusal="")


@transaction.atomic
def hold_back(issue_id: int, reasons: Sequence[str]) -> Issue:
    """Let an issue that could not begin by itself wait as a draft until somebody has looked."""
    issue = _locked(issue_id, IssueStatus.DRAFT, IssueStatus.SCHEDULED)
    return _moved(issue, IssueStatus.DRAFT, refusal="\n".join(reasons))


@transaction.atomic
def unschedule(issue_id: int) -> Issue:
    """Make a scheduled issue a draft again."""
    issue = _locked(issue_id, IssueStatus.SCHEDULED)
    return _moved(issue, IssueStatus.DRAFT, scheduled_for=None, refusal="")


@transaction.atomic
def pause(issue_id: int) -> Issue:
    """Stop before the next message; what is being handed over right now still leaves."""
    return _moved(_locked(issue_id, IssueStatus.SENDING), IssueStatus.PAUSED)


@transaction.atomic
def resume(issue_id: int) -> Issue:
    """Go on where it stopped."""
    return _moved(_locked(issue_id, IssueStatus.PAUSED), IssueStatus.SENDING)


@transaction.atomic
def cancel(issue_id: int) -> Issue:
    """End an issue for good; who has not got it is excluded, and the accounting says why."""
    issue = _locked(issue_id, IssueStatus.SCHEDULED, IssueStatus.SENDING, IssueStatus.PAUSED)
    issue.deliveries.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.DEFERRED]).update(
        status=DeliveryStatus.EXCLUDED, exclusion=Exclusion.CANCELLED
    )
    return _moved(issue, IssueStatus.CANCELLED)


@transaction.atomic
def resend(issue_id: int, kind: str) -> int:
    """Queue failed, unknown, or excluded deliveries whose reason is gone; return how many.

    Whoever got the message in spite of an unknown outcome gets it twice: only people decide that.
    """
    issue = _locked(issue_id, IssueStatus.SENDING, IssueStatus.PAUSED, IssueStatus.SENT)
    chosen = Resend(kind)
    if chosen is Resend.EXCLUDED:
        with connection.cursor() as cursor:
            cursor.execute(LIFTED, {"issue": issue.pk, "today": timezone.localdate()})
            number = int(cursor.rowcount)
    else:
        number = issue.deliveries.filter(status=chosen.value).update(
            status=DeliveryStatus.QUEUED, attempts=0
        )
    if number and issue.status == IssueStatus.SENT:
        _moved(issue, IssueStatus.SENDING, finished_at=None, sent_total=None)
    return number


@transaction.atomic
def finish(issue_id: int) -> bool:
    """End an issue whose accounting closes: every candidate has a delivery with an outcome."""
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    numbers = progress(issue)
    is_open = any(numbers.get(status, 0) for status in OPEN)
    if issue.status != IssueStatus.SENDING or is_open or sum(numbers.values()) != issue.candidates:
        return False
    sent_total = numbers.get(DeliveryStatus.SENT, 0)
    _moved(issue, IssueStatus.SENT, finished_at=timezone.now(), sent_total=sent_total)
    return True


@transaction.atomic
def reopen(issue_id: int) -> bool:
    """Go on with an issue that ended before it was known that a message had not left."""
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if issue.status != IssueStatus.SENT or not issue.deliveries.filter(status__in=OPEN).exists():
        return False
    _moved(issue, IssueStatus.SENDING, finished_at=None, sent_total=None)
    return True


def progress(issue: Issue) -> dict[str, int]:
    """Return how many deliveries have each status."""
    rows = Delivery.objects.filter(issue=issue).order_by().values_list("status")
    return dict(rows.annotate(number=Count("pk")))


def _ready(issue_id: int) -> Issue:
    """Return an issue that may be sent, held until the transaction ends."""
    issue = _locked(issue_id, IssueStatus.DRAFT, IssueStatus.SCHEDULED)
    ensure_free_of_errors(issue)
    ensure_may_send(issue)
    return issue


def _locked(issue_id: int, *allowed: IssueStatus) -> Issue:
    """Return the issue, held until the transaction ends; refuse it in any other status."""
    issue = Issue.objects.select_for_update(of=("self",)).get(pk=issue_id)
    if issue.status not in allowed:
        raise ValidationError(
            _("The issue is “%(status)s” by now, so that this cannot be done any more.")
            % {"status": issue.get_status_display()},
            code="moved",
        )
    return issue


def _moved(issue: Issue, status: IssueStatus, **changes: Any) -> Issue:
    """Store a new status and what comes with it."""
    issue.status = status
    for name, value in changes.items():
        setattr(issue, name, value)
    issue.save(update_fields=["status", "updated_at", *changes])
    return issue
