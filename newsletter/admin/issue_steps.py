"""The steps of an issue: which are offered where it stands, and what each of them does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsletter.actions import sending
from newsletter.actions.approving import approve
from newsletter.forms_issue import ScheduleForm
from newsletter.models import DeliveryStatus, Issue, IssueStatus

type Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A button; `take` does what it says for a person and returns a sentence about it."""

    label: Promise
    take: Callable[[Issue, Any, Facts], str]
    # Whether a page asks once more, and what it wants to know.
    asks_first: bool = False
    warning: Promise | str = ""
    form: type[ScheduleForm] | None = None


def in_words(moment: datetime) -> str:
    """Write a moment by the site's clock, with its distance from UTC."""
    here = localtime(moment)
    return _("%(day)s at %(time)s (%(offset)s)") % {
        "day": date_format(here, "D, N j, Y"),
        "time": date_format(here, "P"),
        "offset": offset(here),
    }


def offset(here: datetime) -> str:
    """Write how far the clock of an aware moment is from UTC, such as UTC−05:00."""
    return f"UTC{here:%:z}".replace("-", "−")


def _approve(issue: Issue, by: Any, facts: Facts) -> str:
    approve(issue.pk, by, seen=facts.get("seen", ""))
    return _("The issue is approved as it is now. Whatever is changed needs approval again.")


def _send(issue: Issue, _by: Any, _facts: Facts) -> str:
    sending.start(issue.pk)
    return _("Sending has begun.")


def _schedule(issue: Issue, _by: Any, facts: Facts) -> str:
    sending.schedule(issue.pk, facts["at"])
    return _("Sending begins on %(moment)s.") % {"moment": in_words(facts["at"])}


def _unschedule(issue: Issue, _by: Any, _facts: Facts) -> str:
    sending.unschedule(issue.pk)
    return _("The issue is a draft again.")


def _pause(issue: Issue, _by: Any, _facts: Facts) -> str:
    sending.pause(issue.pk)
    return _("Sending has stopped. What is being handed over at this moment still leaves.")


def _resume(issue: Issue, _by: Any, _facts: Facts) -> str:
    sending.resume(issue.pk)
    return _("Sending goes on.")


def _cancel(issue: Issue, _by: Any, _facts: Facts) -> str:
    sending.cancel(issue.pk)
    return _("The issue is cancelled.")


def _resend(kind: str, issue: Issue, _by: Any, _facts: Facts) -> str:
    number = sending.resend(issue.pk, kind)
    said = ngettext("%(n)d message is queued again.", "%(n)d messages are queued again.", number)
    return said % {"n": number}


STEPS = {
    "approve": Step(gettext_lazy("Approve"), _approve),
    "send": Step(gettext_lazy("Send now"), _send, asks_first=True),
    "schedule": Step(gettext_lazy("Schedule"), _schedule, asks_first=True, form=ScheduleForm),
    "unschedule": Step(gettext_lazy("Unschedule"), _unschedule),
    "pause": Step(gettext_lazy("Pause"), _pause),
    "resume": Step(gettext_lazy("Resume"), _resume),
    "cancel": Step(
        gettext_lazy("Cancel the issue"),
        _cancel,
        asks_first=True,
        warning=gettext_lazy("Who has not got it will not get it. This cannot be taken back."),
    ),
    "resend-failed": Step(
        gettext_lazy("Send again to failed"),
        partial(_resend, "failed"),
        asks_first=True,
        warning=gettext_lazy("Mail servers refused these messages and may do so again."),
    ),
    "resend-unknown": Step(
        gettext_lazy("Send again to unknown"),
        partial(_resend, "unknown"),
        asks_first=True,
        warning=gettext_lazy("Some of these messages may have arrived: those people get it twice."),
    ),
    "resend-excluded": Step(
        gettext_lazy("Send to those excluded before"),
        partial(_resend, "excluded"),
        asks_first=True,
        warning=gettext_lazy(
            "Only to those for whom the reason is gone: subscribed again, not suppressed any more, "
            "not paused any more."
        ),
    ),
}
OFFERED: Mapping[str, tuple[str, ...]] = {
    IssueStatus.DRAFT: ("send", "schedule"),
    IssueStatus.SCHEDULED: ("send", "unschedule", "cancel"),
    IssueStatus.SENDING: ("pause", "cancel"),
    IssueStatus.PAUSED: ("resume", "cancel"),
    IssueStatus.SENT: (),
    IssueStatus.CANCELLED: (),
}
AGAIN = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.EXCLUDED)
AGAIN_AT = (IssueStatus.SENDING, IssueStatus.PAUSED, IssueStatus.SENT)


def steps_from(status: str, numbers: Mapping[str, int]) -> list[str]:
    """Name the steps that are possible from a status with so many deliveries of each status."""
    again = [f"resend-{each}" for each in AGAIN if status in AGAIN_AT and numbers.get(each)]
    return [*OFFERED[status], *again]
