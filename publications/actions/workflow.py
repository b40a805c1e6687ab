"""The steps of a publication from draft to withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications import notices
from publications.actions.locking import lock
from publications.actions.recording import begin_history
from publications.actions.stepping import checked, note_step, step_to, take_step
from publications.models import Publication, WorkflowEvent
from publications.permissions import Account, has_right
from publications.states import CHANGE, COMMENTED, MOST_LETTERS, MOVES, Status


def publish(
    work: Publication, *, by: Account, at: datetime | None = None, comment: str = ""
) -> Publication:
    """Make a work public from the moment `at`, by default now; a future moment is a schedule."""
    return move(work, Status.PUBLISHED, by=by, at=at, comment=comment)


def publish_now(work: Publication, *, by: Account) -> Publication:
    """Make a work public at once; a date that has passed already stays."""
    return publish(work, by=by, at=_at_once(work))


def withdraw(work: Publication, *, by: Account, note: str = "", comment: str = "") -> Publication:
    """Take a public work back; its address answers 410 with the note."""
    return move(work, Status.WITHDRAWN, by=by, note=note, comment=comment or note[:MOST_LETTERS])


def return_to_draft(work: Publication, *, by: Account, comment: str = "") -> Publication:
    """Take a work back to its authors."""
    return move(work, Status.DRAFT, by=by, comment=comment)


@transaction.atomic
def move(
    work: Publication,
    to: Status,
    *,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    comment: str = "",
) -> Publication:
    """Take one step of the table in `states`; a step to where the work stands changes nothing.

    For a work that is published another date is a step as well.
    """
    work, event = step_to(work, to, by=by, at=at, note=note, comment=comment)
    notices.tell([event] if event else [])
    return work


@transaction.atomic
def take(work: Publication, name: str, *, by: Account, comment: str = "") -> Publication:
    """Take the step of this name, as its button does; a button pressed twice takes one step."""
    if name not in MOVES:
        raise ValidationError(_("There is no such step."), code="no_such_step")
    work, step = lock(work), MOVES[name]
    if work.status == step.after:
        return work
    work, event = take_step(work, step, by=by, comment=comment)
    notices.tell([event])
    return work


@dataclass(slots=True)
class Outcome:
    """What became of a step that was taken with many works."""

    events: list[WorkflowEvent] = field(default_factory=list)
    refused: list[tuple[Publication, str]] = field(default_factory=list)
    done: int = 0


def move_each(works: Iterable[Publication], to: Status, *, by: Account) -> Outcome:
    """Take each work to a status by itself; a refusal of one does not hold up the others.

    What is to be published is published at once. Each person gets one message about all.
    """
    outcome = Outcome()
    for work in works:
        at = _at_once(work) if to == Status.PUBLISHED else None
        try:
            with transaction.atomic():
                _work, event = step_to(work, to, by=by, at=at)
        except (ValidationError, PermissionDenied) as refusal:
            said = getattr(refusal, "messages", [str(refusal)])
            outcome.refused.append((work, " ".join(said)))
        else:
            outcome.done += 1
            outcome.events += [event] if event else []
    with transaction.atomic():
        notices.tell(outcome.events)
    return outcome


@transaction.atomic
def add_comment(work: Publication, comment: str, *, by: Account) -> None:
    """Say something about a work without taking a step."""
    work = lock(work)
    if not has_right(by, CHANGE):
        raise PermissionDenied(_("Your account may not comment on publications."))
    if comment := checked(comment):
        begin_history(work)
        note_step(work, COMMENTED, before=work.status, by=by, comment=comment)


def _at_once(work: Publication) -> datetime | None:
    """Return now for a work that is scheduled; a date that has passed already stays."""
    scheduled = work.published_at is not None and work.published_at > timezone.now()
    return timezone.now() if scheduled else None
