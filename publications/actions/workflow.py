"""The steps of a publication from draft to withdrawn."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.after import after_write
from publications.actions.locking import lock
from publications.models import Publication
from publications.permissions import Account, may_move
from publications.states import MOVES, Status


def publish(work: Publication, *, by: Account, at: datetime | None = None) -> Publication:
    """Make a work public from the moment `at`, by default now; a future moment is a schedule."""
    return move(work, Status.PUBLISHED, by=by, at=at)


def publish_now(work: Publication, *, by: Account) -> Publication:
    """Make a work public at once; a date that has passed already stays."""
    scheduled = work.published_at is not None and work.published_at > timezone.now()
    return publish(work, by=by, at=timezone.now() if scheduled else None)


def withdraw(work: Publication, *, by: Account, note: str = "") -> Publication:
    """Take a public work back; its address answers 410 with the note."""
    return move(work, Status.WITHDRAWN, by=by, note=note)


def return_to_draft(work: Publication, *, by: Account) -> Publication:
    """Take a work back to its authors."""
    return move(work, Status.DRAFT, by=by)


@transaction.atomic
def move(
    work: Publication,
    to: Status,
    *,
    by: Account,
    at: datetime | None = None,
    note: str = "",
) -> Publication:
    """Take one step of the table in `states`; a step to where the work stands changes nothing."""
    before = lock(work)
    work = lock(work)
    work.status = to
    if to == Status.PUBLISHED:
        work.published_at = at or work.published_at
    if to == Status.WITHDRAWN:
        work.withdrawal_note = note or work.withdrawal_note
    if not take_step(before, work, by=by):
        return work
    work.full_clean()
    work.save()
    after_write(work)
    return work


def take_step(before: Publication, work: Publication, *, by: Account) -> bool:
    """Check the step from `before` to `work`, date a work that becomes public; say if one is taken.

    A new date for a published work is a step as well: it changes what readers see.
    """
    here, to = Status(before.status), Status(work.status)
    if to == Status.PUBLISHED:
        work.published_at = work.published_at or before.published_at or timezone.now()
    moves = to != here
    redated = to == Status.PUBLISHED and work.published_at != before.published_at
    if not moves and not redated:
        return False
    if moves:
        ensure_allowed(here, to)
    if not may_move(by, before, to):
        raise PermissionDenied(_("Your account may not take this step."))
    return True


def ensure_allowed(before: Status, to: Status) -> None:
    """Refuse a step that the table in `states` does not have."""
    if to not in MOVES[before]:
        raise ValidationError(
            _("A work cannot go from “%(before)s” to “%(to)s”."),
            code="move_not_allowed",
            params={"before": before.label, "to": to.label},
        )
