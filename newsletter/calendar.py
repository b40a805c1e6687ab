"""What the newsletter gives to the calendar of the desk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy

from kei_site.common.calendars import MOST, Entry, Mover
from newsletter.actions import sending
from newsletter.forms_issue import ScheduleForm
from newsletter.models import Issue, IssueStatus
from newsletter.models.issues import STARTED


def entries(user: Any, since: datetime, until: datetime) -> list[Entry]:
    """Return the issues that went or go out between two moments, for those who may see them."""
    if not user.has_perm("newsletter.view_issue"):
        return []
    may = user.has_perm("newsletter.change_issue")
    at = Coalesce("started_at", "scheduled_for", output_field=DateTimeField())
    issues = (
        Issue.objects.filter(Q(status=IssueStatus.SCHEDULED) | Q(status__in=STARTED))
        .annotate(at=at)
        .filter(at__gte=since, at__lt=until)
        .order_by("at", "pk")
        .values_list("at", "subject", "status", "pk")
    )
    return [
        Entry(
            at, "issue", str(IssueStatus(status).label), subject, pk,
            reverse("admin:newsletter_issue_change", args=[pk]),
            is_movable=may and status == IssueStatus.SCHEDULED,
        )
        for at, subject, status, pk in issues[:MOST]
    ]  # fmt: skip


def _scheduled(pk: int) -> Issue | None:
    return Issue.objects.filter(pk=pk, status=IssueStatus.SCHEDULED).first()


def _may_move(user: Any, _issue: Issue) -> bool:
    return bool(user.has_perms(["newsletter.view_issue", "newsletter.change_issue"]))


def _move(issue: Issue, _by: Any, typed: Mapping[str, Any]) -> None:
    sending.schedule(issue.pk, typed["at"])


MOVERS: Mapping[str, Mover] = {
    "issue": Mover(
        gettext_lazy("Move the newsletter issue"),
        _scheduled,
        ScheduleForm,
        lambda issue: {"at": issue.scheduled_for},
        _move,
        _may_move,
    ),
}
