"""Taking one step with a work: the checks, the write, and the record of it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from publications import notices
from publications.actions.after import after_write
from publications.actions.locking import lock
from publications.actions.pinning import ensure_second_person
from publications.actions.readiness import becomes_public, ensure_ready
from publications.actions.recording import begin_history, record, signed
from publications.models import Act, Publication, WorkflowEvent
from publications.permissions import Account, has_right, may_move
from publications.states import CHANGED, MOST_LETTERS, REDATED, Move, Status, moves_between


def step_to(
    work: Publication,
    to: Status,
    *,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    comment: str = "",
) -> tuple[Publication, WorkflowEvent | None]:
    """Take the step that leads to a status; no event where nothing changes."""
    before = lock(work)
    if before.status != to:
        step = _step_between(Status(before.status), to, by=by, comment=comment)
        return take_step(before, step, by=by, at=at, note=note, comment=comment)
    work = lock(work)
    work.published_at = at or work.published_at
    if not is_redated(before, work, by=by):
        return work, None
    return work, _write(before, work, REDATED, by=by, comment=comment)


def take_step(
    before: Publication,
    step: Move,
    *,
    by: Account,
    at: datetime | None = None,
    note: str = "",
    comment: str = "",
) -> tuple[Publication, WorkflowEvent]:
    """Take one step with a work, whose row is held."""
    if before.status not in step.before:
        raise _impossible(Status(before.status), step.after)
    if not has_right(by, step.right):
        raise _not_allowed()
    comment = checked(comment)
    if step.needs_comment and not comment:
        raise ValidationError(
            _("Say in the comment what is to be changed."), code="comment_required"
        )
    begin_history(before)
    ensure_second_person(before, step, by=by)
    work = lock(before)
    work.status = step.after
    if step.after == Status.PUBLISHED:
        work.published_at = at or work.published_at or timezone.now()
    if step.after == Status.WITHDRAWN:
        work.withdrawal_note = note or work.withdrawal_note
        # Else a work that comes back would go again at once.
        work.withdraw_at = None
    return work, _write(before, work, step.name, by=by, comment=comment)


def is_redated(before: Model | None, thing: Model, *, by: Account) -> bool:
    """Keep a work that is saved where it stands; say if it is published and has another date.

    Another date changes what readers see. A published work never goes without one.
    """
    if not isinstance(thing, Publication):
        return False
    was = before if isinstance(before, Publication) else Publication()
    thing.status = was.status
    if thing.status != Status.PUBLISHED:
        return False
    thing.published_at = thing.published_at or was.published_at
    if (thing.published_at, thing.withdraw_at) == (was.published_at, was.withdraw_at):
        return False
    if not may_move(by, was, Status.PUBLISHED):
        raise _not_allowed()
    return True


def note_save(thing: Model, *, reopened: bool, redated: bool, by: Account | None) -> None:
    """Keep the steps that a work took because it was saved."""
    if not isinstance(thing, Publication):
        return
    if reopened:
        notices.tell([note_step(thing, CHANGED, before=Status.APPROVED, by=by)])
    if redated:
        note_step(thing, REDATED, before=thing.status, by=by)


def note_step(
    work: Publication, name: str, *, before: str, by: Account | None, comment: str = ""
) -> WorkflowEvent:
    """Keep the step that a work has taken, under the number of its last revision."""
    author = signed(by)
    return WorkflowEvent.objects.create(
        publication=work,
        move=name,
        before=before,
        after=work.status,
        by=author["made_by"],
        by_name=author["made_by_name"],
        comment=comment,
        revision=work.revision,
    )


def checked(comment: str) -> str:
    """Return a comment without blanks around it; refuse one that is too long to be kept."""
    comment = comment.replace("\x00", "").strip()
    if len(comment) > MOST_LETTERS:
        raise ValidationError(
            _("The comment has %(n)s letters; at most %(most)s are kept."),
            code="comment_too_long",
            params={"n": len(comment), "most": MOST_LETTERS},
        )
    return comment


def _step_between(here: Status, to: Status, *, by: Any, comment: str) -> Move:
    """Choose the step that this person may take, rather one that needs no comment not given."""
    steps = moves_between(here, to)
    if not steps:
        raise _impossible(here, to)
    allowed = [step for step in steps if has_right(by, step.right)]
    if not allowed:
        raise _not_allowed()
    return min(allowed, key=lambda step: step.needs_comment and not comment)


def _write(
    before: Publication, work: Publication, name: str, *, by: Account, comment: str
) -> WorkflowEvent:
    begin_history(before)
    work.revision = before.revision
    work.full_clean()
    work.save()
    if becomes_public(before, work):
        ensure_ready(work)
    after_write(work)
    record(work, by=by, act=Act.MOVED, comment=comment)
    return note_step(work, name, before=before.status, by=by, comment=comment)


def _impossible(here: Status, to: Status) -> ValidationError:
    return ValidationError(
        _("A work cannot go from “%(before)s” to “%(to)s”."),
        code="move_not_allowed",
        params={"before": here.label, "to": to.label},
    )


def _not_allowed() -> PermissionDenied:
    return PermissionDenied(_("Your account may not take this step."))
