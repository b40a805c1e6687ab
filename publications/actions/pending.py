"""A draft beside a live work: kept, published, given a time, thrown away."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from publications.actions.editing import become
from publications.actions.locking import lock
from publications.actions.recording import begin_history
from publications.models import Act, PendingChange, Publication
from publications.permissions import Account, may_change, may_change_content
from publications.snapshots import Snapshot
from publications.states import Status

OVERTAKEN = _lazy(
    "Somebody else has kept other changes to this work since you opened it. "
    "What you typed is still here: compare it with theirs before you go on."
)


@transaction.atomic
def keep(
    work: Publication, snapshot: Snapshot, *, by: Account, base: int = 0, seen: str = ""
) -> PendingChange:
    """Keep what a work is to become; readers see nothing of it.

    `base` is the revision of the live work that the changes began with (0 for the last),
    `seen` the version of the changes that the person had before them: when somebody else
    has kept others meanwhile, nothing is overwritten.
    """
    if not may_change(by):
        raise PermissionDenied(_("Your account may not change publications."))
    work = lock(work)
    begin_history(work)
    pending = pending_of(work)
    if seen != version_of(pending):
        raise ValidationError(OVERTAKEN, code="stale")
    if pending is None and work.status != Status.PUBLISHED:
        raise ValidationError(_("Readers do not see this work: just save it."), code="not_public")
    pending = pending or PendingChange(publication=work, base_revision=_within(base, work))
    pending.snapshot = snapshot
    pending.made_by = by  # type: ignore[assignment]
    if not may_change_content(by, work):
        # Nobody who may publish has seen these words: they do not go out by themselves.
        pending.publish_at = None
    pending.save()
    return pending


@transaction.atomic
def publish_pending(work: Publication, *, by: Account | None, seen: int | None = None) -> list[str]:
    """Let readers see the changes that wait; return what could not be had.

    When the live work is no longer what the changes began with, that is refused unless
    `seen` is its revision: the person knows what is about to be replaced.
    """
    work = lock(work)
    pending = _ensure_there(work)
    ensure_seen(work, pending, seen)
    remarks = become(work, pending.snapshot, by=by, act=Act.RELEASED)
    pending.delete()
    return remarks


@transaction.atomic
def publish_pending_at(
    work: Publication, at: datetime | None, by: Account, *, seen: int | None = None
) -> PendingChange:
    """Set the moment at which the changes become public; None takes it back.

    Whoever sets it answers for the changes from then on: they go out in that name.
    """
    work = lock(work)
    pending = _ensure_there(work)
    if not may_change_content(by, work):
        raise PermissionDenied(_("Your account may not publish changes."))
    if at is not None and at <= timezone.now():
        raise ValidationError(_("This moment has passed. Choose one to come, or publish now."))
    ensure_seen(work, pending, seen)
    pending.base_revision = work.revision
    pending.publish_at = at
    pending.made_by = by  # type: ignore[assignment]
    pending.save()
    return pending


@transaction.atomic
def discard(work: Publication, *, by: Account) -> None:
    """Throw the changes away; the live work stays as it is."""
    if not may_change(by):
        raise PermissionDenied(_("Your account may not change publications."))
    _ensure_there(lock(work)).delete()


def pending_of(work: Publication) -> PendingChange | None:
    """Return the changes that wait for a work, if any, held until the transaction ends."""
    return PendingChange.objects.select_for_update().filter(publication=work).first()


def version_of(pending: PendingChange | None) -> str:
    """Return what tells one version of the changes from the next; empty for none."""
    return pending.changed_at.isoformat() if pending else ""


def is_overtaken(work: Publication, pending: PendingChange) -> bool:
    """Say whether the live work is no longer what the changes began with."""
    return work.revision != pending.base_revision


def ensure_seen(work: Publication, pending: PendingChange, seen: int | None) -> None:
    """Refuse to replace what nobody has looked at."""
    if is_overtaken(work, pending) and work.revision != seen:
        raise ValidationError(
            _("The live work has been changed since these changes were begun."), code="stale"
        )


def _within(base: int, work: Publication) -> int:
    """Return the revision that changes began with, as far as the work has that one."""
    return base if 0 < base <= work.revision else work.revision


def _ensure_there(work: Publication) -> PendingChange:
    pending = pending_of(work)
    if pending is None:
        raise ValidationError(_("There are no changes that wait."), code="none")
    return pending
