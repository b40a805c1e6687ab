"""Issues that leave within some days, for the start page of the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone

from newsletter.models import Issue, IssueStatus

SHOWN = 10


class Leaving(NamedTuple):
    """An issue with a time: when, what it is called, and where it is changed."""

    at: datetime
    subject: str
    url: str


def issues_leaving(user: Any, *, within: timedelta) -> Sequence[Leaving]:
    """Return the issues that leave next; none for an account that may not see them."""
    if not user.has_perm("newsletter.view_issue"):
        return ()
    now = timezone.now()
    issues = Issue.objects.filter(
        status=IssueStatus.SCHEDULED, scheduled_for__gt=now, scheduled_for__lte=now + within
    )
    rows = issues.order_by("scheduled_for", "pk").values_list("scheduled_for", "subject", "pk")
    return [
        Leaving(at or now, subject, reverse("admin:newsletter_issue_change", args=[pk]))
        for at, subject, pk in rows[:SHOWN]
    ]
