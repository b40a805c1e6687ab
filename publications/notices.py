"""Mail to colleagues about the steps of works: what waits for them, what became of theirs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kei_site.common.addresses import site_host
from kei_site.common.courier import send_on_commit
from publications.models import SiteSettings, User, WorkflowEvent
from publications.states import APPROVE, CHANGED, MOVES

# What waits for whoever approves; the other steps are news for those whose work it is.
FOR_APPROVERS = {"submit", CHANGED}
FOR_AUTHORS = {"approve", "send_back", "publish", "withdraw", "unpublish"}


def tell(events: Sequence[WorkflowEvent]) -> None:
    """Send each person concerned one message about these steps, once they are committed.

    Nobody is told what they did themselves. Mail that does not leave is logged, and changes
    nothing of the steps.
    """
    if letters := _by_person(events):
        site = SiteSettings.objects.filter(pk=1).first() or SiteSettings()
        for person, theirs in letters.items():
            send_on_commit(_letter(site, person, theirs), or_else=_nothing)


def _by_person(events: Sequence[WorkflowEvent]) -> Mapping[User, list[WorkflowEvent]]:
    found: dict[User, list[WorkflowEvent]] = defaultdict(list)
    approvers = _approvers() if any(each.move in FOR_APPROVERS for each in events) else []
    authors = _authors([each for each in events if each.move in FOR_AUTHORS])
    for event in events:
        people = (
            approvers if event.move in FOR_APPROVERS else authors.get(event.publication_id, set())
        )
        for person in people:
            if person.pk != event.by_id:
                found[person].append(event)
    return found


def _approvers() -> Sequence[User]:
    people = User.objects.with_perm(
        f"publications.{APPROVE}", backend="django.contrib.auth.backends.ModelBackend"
    )
    return [person for person in people if _wants_mail(person)]


def _authors(events: Sequence[WorkflowEvent]) -> Mapping[int, set[User]]:
    """Return by work who looks after it and who submitted it last."""
    found: dict[int, set[User]] = defaultdict(set)
    if not events:
        return found
    ids = [event.publication_id for event in events]
    submitted = (
        WorkflowEvent.objects.filter(publication__in=ids, move="submit")
        .order_by("publication_id", "-pk")
        .distinct("publication_id")
        .select_related("by")
    )
    owners = User.objects.in_bulk({event.publication.owner_id for event in events} - {None})
    for event in events:
        if owner := owners.get(event.publication.owner_id):
            found[event.publication_id].add(owner)
    for submission in submitted:
        if submission.by:
            found[submission.publication_id].add(submission.by)
    return {key: {each for each in people if _wants_mail(each)} for key, people in found.items()}


def _wants_mail(person: User) -> bool:
    return bool(person.is_active and person.is_staff and person.email and person.wants_review_mail)


def _letter(site: SiteSettings, person: User, events: Sequence[WorkflowEvent]) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(
            "publications/mail/steps.txt",
            {"site": site, "steps": [_step(event) for event in events]},
        )
        subject = f"[{site.name}] {_subject(events)}"
    return EmailMessage(
        # Headlines and names are typed by people; a header is one line.
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=formataddr((" ".join(site.name.split()), _address_of_site())),
        to=[person.email],
        headers={"Message-ID": make_msgid(domain=site_host()), "Auto-Submitted": "auto-generated"},
    )


def _subject(events: Sequence[WorkflowEvent]) -> str:
    if len(events) > 1:
        said = ngettext("%(n)s publication", "%(n)s publications", len(events))
        return f"{_said(events[0])}: {said % {'n': len(events)}}"
    return f"{_said(events[0])}: {events[0].publication.title}"


def _step(event: WorkflowEvent) -> Mapping[str, Any]:
    path = reverse("admin:publications_publication_change", args=[event.publication_id])
    return {
        "event": event,
        "said": _said(event),
        "work": event.publication,
        "link": settings.SITE_URL + path,
        "waits": event.move in FOR_APPROVERS,
    }


def _said(event: WorkflowEvent) -> str:
    """Say what happened; what is published for a moment to come is scheduled."""
    if event.move == MOVES["publish"].name and event.publication.is_scheduled:
        return _("Scheduled")
    return event.said


def _address_of_site() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _nothing() -> None:
    """Leave it at what the courier logs: the work stands where it stands."""
