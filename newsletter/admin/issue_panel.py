"""What stands over the form of an issue: where it is, what became of it, what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsletter.actions import audience
from newsletter.actions.approving import APPROVABLE, wrote
from newsletter.actions.sending import progress
from newsletter.admin.issue_steps import STEPS, in_words, steps_from
from newsletter.mail.rendering import content_hash, facts_of
from newsletter.models import (
    DeliveryStatus,
    Issue,
    IssueStatus,
    NewsletterSettings,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)


@dataclass(frozen=True, slots=True)
class Button:
    """A step that can be taken now."""

    name: str
    label: Promise
    asks_first: bool
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How many messages have an outcome, and where each of them is listed."""

    label: Promise | str
    number: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the template shows."""

    notes: Sequence[str]
    # Why the issue did not begin by itself.
    refusal: Sequence[str]
    numbers: Sequence["Figure"]
    buttons: Sequence[Button]
    # Where the statistics of an issue are that has begun.
    statistics: str
    # Of what the person is looking at: an approval is for this and nothing else.
    content_hash: str

    @property
    def names(self) -> set[str]:
        """The names of the buttons."""
        return {each.name for each in self.buttons}


def panel_for(issue: Issue, user: Any) -> Panel:
    """Read the panel of an issue for a person; one who may not change issues gets no buttons."""
    numbers = progress(issue) if issue.started_at else {}
    approval = _Approval(issue) if _needs_approval(issue) else None
    names = steps_from(issue.status, numbers)
    if approval and not approval.is_given:
        names = [each for each in names if each not in {"send", "schedule"}]
        names += [] if wrote(user, issue) else ["approve"]
    if not user.has_perm("newsletter.change_issue"):
        names = []
    return Panel(
        notes=[*_times(issue), *([approval.in_words] if approval else [])],
        refusal=issue.refusal.splitlines(),
        numbers=_figures(issue, numbers, user),
        buttons=[_button(each, issue) for each in names],
        statistics=reverse("admin:newsletter_issue_statistics", args=[issue.pk])
        if issue.started_at
        else "",
        content_hash=approval.content_hash if approval else "",
    )


def _button(name: str, issue: Issue) -> Button:
    url = reverse(f"admin:newsletter_issue_{name}", args=[issue.pk])
    return Button(name, STEPS[name].label, STEPS[name].asks_first, url)


def audience_of(issue: Issue) -> int:
    """Return how many would get an issue if it began now; suppressed addresses are not known."""
    lists = [each.pk for each in issue.lists.all()]
    if issue.digest is None:
        return audience.count(lists)
    active = Subscription.objects.filter(
        subscriber=OuterRef("pk"), mailing_list__in=lists, status=SubscriptionStatus.ACTIVE
    )
    digested = Subscriber.objects.filter(frequency=issue.digest.frequency)
    return digested.filter(Exists(active)).count()


class _Approval:
    """Where the approval of an issue that needs one stands."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.content_hash = content_hash(facts_of(issue))
        self.is_given = issue.approved_hash == self.content_hash

    @property
    def in_words(self) -> str:
        who = {"who": self.issue.approved_by or _("somebody")}
        if self.is_given:
            return _("Approved by %(who)s.") % who
        if self.issue.approved_hash:
            return _("Changed since %(who)s approved it: it needs approval again.") % who
        return _("Somebody who did not write it has to approve it before it is sent.")


def _needs_approval(issue: Issue) -> bool:
    return issue.status in APPROVABLE and NewsletterSettings.read().needs_approval


def _times(issue: Issue) -> Sequence[str]:
    """Say when the issue began and ended, or will."""
    if issue.status == IssueStatus.SCHEDULED and issue.scheduled_for:
        moment = {"moment": in_words(issue.scheduled_for)}
        if issue.scheduled_for > now():
            return [_("Sending begins on %(moment)s.") % moment]
        return [_("Sending should have begun on %(moment)s and is late.") % moment]
    notes = []
    if issue.refusal and issue.scheduled_for:
        moment = {"moment": in_words(issue.scheduled_for)}
        notes.append(_("Sending should have begun on %(moment)s.") % moment)
    if issue.started_at:
        notes.append(_("Sending began on %(moment)s.") % {"moment": in_words(issue.started_at)})
    if issue.finished_at:
        notes.append(_("It ended on %(moment)s.") % {"moment": in_words(issue.finished_at)})
    return notes


def _figures(issue: Issue, numbers: Mapping[str, int], user: Any) -> Sequence[Figure]:
    """List the audience and what became of it; what does not occur is left out."""
    if issue.candidates is None:
        return []
    url = f"{reverse('admin:newsletter_delivery_changelist')}?issue={issue.pk}"
    if not user.has_perm("newsletter.view_delivery"):
        return [Figure(label, number) for label, number, _status in _rows(issue, numbers)]
    return [
        Figure(label, number, f"{url}&status__exact={status}" if status else url)
        for label, number, status in _rows(issue, numbers)
    ]


def _rows(issue: Issue, numbers: Mapping[str, int]) -> Sequence[tuple[Promise | str, int, str]]:
    found = [
        (each.label, numbers[each], each.value) for each in DeliveryStatus if numbers.get(each)
    ]
    return [(_("Audience"), issue.candidates or 0, ""), *found]
