"""Saves from stale forms: read as if nobody else had saved, and made one with what is there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.actions import editing
from publications.actions.applying import STANDING, apply
from publications.actions.locking import lock
from publications.actions.recording import rolled_back, seen_as
from publications.models import Act, WorkingCopy
from publications.permissions import Account
from publications.snapshots import take
from publications.snapshots.merging import Difference, compare, merge


@contextmanager
def as_opened(thing: Model, base: int) -> Iterator[None]:
    """Let a thing be again what it was in revision `base`, and take all of that back at the end.

    A stale form fits what was there when it was opened: its rows have the ids of then, and
    nothing that others added gets in its way.
    """
    with rolled_back():
        thing = lock(thing)
        snapshot = seen_as(thing, base)
        if snapshot is not None:
            # Where the past cannot be had back, the form is read beside what is there now.
            with suppress(ValidationError, IntegrityError), transaction.atomic():
                apply(thing, snapshot, keep=(), derive=False)
        yield


def differences(
    thing: Model, copy: WorkingCopy, chosen: Mapping[str, str] | None = None
) -> list[Difference]:
    """Return what differs between the version of a refused save and what is there now."""
    return compare(
        type(thing),
        base=seen_as(thing, copy.base_revision),
        mine=copy.snapshot or {},
        theirs=take(thing),
        chosen=chosen,
        leave=STANDING,
    )


@transaction.atomic
def resolve(
    thing: Any, copy: WorkingCopy, choices: Mapping[str, str], *, by: Account, seen: int
) -> list[str]:
    """Make a thing what was chosen of both versions; return what could not be had back.

    `seen` is the revision that the person chose beside: when a third person has saved
    meanwhile, nothing is written and `StaleError` raised.
    """
    thing = lock(thing)
    if thing.revision != seen:
        raise editing.StaleError(copy.snapshot or {})
    theirs = take(thing)
    merged = merge(type(thing), mine=copy.snapshot or {}, theirs=theirs, choices=choices)
    try:
        with transaction.atomic():
            remarks = editing.become(thing, merged, by=by, act=Act.SAVED)
    except IntegrityError as error:
        raise ValidationError(_in_words(thing, error)) from error
    copy.delete()
    return remarks


def _in_words(thing: Model, error: IntegrityError) -> str:
    """Say what the database refused in the words of its constraint."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    for constraint in thing._meta.constraints:  # noqa: SLF001
        if constraint.name == broken and constraint.violation_error_message:
            return str(constraint.violation_error_message)
    return _("These parts do not go together. Please choose others.")
