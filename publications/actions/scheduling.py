"""Setting other moments for what is to come: out, changed, withdrawn, in the Spotlight."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions import editing
from publications.actions.locking import lock
from publications.models import PendingChange, Publication, Spotlight
from publications.permissions import may_move
from publications.states import Status


@transaction.atomic
def redate(work: Publication, *, by: Any, at: datetime) -> None:
    """Give a work that is not out yet another date; a scheduled one needs the right to publish."""
    _ensure_to_come(at)
    work = lock(work)
    if work.is_public or work.status == Status.WITHDRAWN:
        raise ValidationError(
            _("“%(work)s” is out, or was: its date is changed in its own form."),
            code="out",
            params={"work": work},
        )
    _ensure_may(by, work)
    work.published_at = at
    work.full_clean()
    editing.save(work, by=by)


@transaction.atomic
def set_withdrawal(work: Publication, *, by: Any, at: datetime | None) -> None:
    """Have a work withdrawn at a moment to come, or not at all."""
    _ensure_to_come(at)
    work = lock(work)
    _ensure_may(by, work, Status.WITHDRAWN)
    work.withdraw_at = at
    work.full_clean()
    editing.save(work, by=by)


@transaction.atomic
def set_release(work: Publication, *, by: Any, at: datetime | None) -> None:
    """Have the changes that wait published at a moment to come, or only by hand.

    They go out in the name of whoever set the time: their author may not publish.
    """
    _ensure_to_come(at)
    work = lock(work)
    _ensure_may(by, work, Status.PUBLISHED)
    pending = PendingChange.objects.select_for_update().filter(publication=work).first()
    if pending is None:
        raise ValidationError(_("No changes wait for this work any more."), code="gone")
    pending.publish_at, pending.made_by = at, by
    pending.save(update_fields=["publish_at", "made_by", "changed_at"])


@transaction.atomic
def set_spotlight(
    spotlight: Spotlight, *, by: Any, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Move a Spotlight to another time; it belongs to the history of its work."""
    if not by.has_perm("publications.change_spotlight"):
        raise PermissionDenied(_("Your account may not change the Spotlight."))
    work = lock(spotlight.publication)
    spotlight = lock(spotlight)
    spotlight.starts_at, spotlight.ends_at = starts_at, ends_at
    editing.save(work, by=by, parts=[spotlight])


def _ensure_to_come(at: datetime | None) -> None:
    if at is not None and at <= timezone.now():
        raise ValidationError(_("This moment is past. Choose a later one."), code="past")


def _ensure_may(by: Any, work: Publication, to: Status | None = None) -> None:
    """Ask for the right to publish where readers are concerned, else for the right to change."""
    if not may_move(by, work, to or Status(work.status)):
        raise PermissionDenied(_("Your account may not change this schedule."))
