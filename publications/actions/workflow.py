"""The steps of a publication from draft to withdrawn."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.after import after_write
from publications.actions.locking import lock
from publications.models import Publication
from publications.permissions import may_move
from publications.states import MOVES, Status


def publish(work: Publication, *, by: AbstractBaseUser, at: datetime | None = None) -> Publication:
    """Make a work public from the moment `at`, by default now; a future moment is a schedule."""
    return move(work, Status.PUBLISHED, by=by, at=at)


def withdraw(work: Publication, *, by: AbstractBaseUser, note: str = "") -> Publication:
    """Take a public work back; its address answers 410 with the note."""
    return move(work, Status.WITHDRAWN, by=by, note=note)


@transaction.atomic
def move(
    work: Publication,
    to: Status,
    *,
    by: AbstractBaseUser,
    at: datetime | None = None,
    note: str = "",
) -> Publication:
    """Take one step of the table in `states`; a step to where the work stands changes nothing."""
    work = lock(work)
    before = Status(work.status)
    if to == before and at in (None, work.published_at):
        return work
    if to != before:
        ensure_allowed(before, to)
    if not may_move(by, work, to):
        raise PermissionDenied(_("Your account may not take this step."))
    work.status = to
    if to == Status.PUBLISHED:
        work.published_at = at or work.published_at or timezone.now()
    if to == Status.WITHDRAWN:
        work.withdrawal_note = note or work.withdrawal_note
    work.full_clean()
    work.save()
    after_write(work)
    return work


def ensure_allowed(before: Status, to: Status) -> None:
    """Refuse a step that the table in `states` does not have."""
    if to not in MOVES[before]:
        raise ValidationError(
            _("A work cannot go from “%(before)s” to “%(to)s”."),
            code="move_not_allowed",
            params={"before": before.label, "to": to.label},
        )
