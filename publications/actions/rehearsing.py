"""Seeing what a snapshot would make of a thing, without making it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.actions.applying import apply
from publications.actions.locking import lock
from publications.actions.recording import rolled_back
from publications.snapshots import Snapshot, take
from publications.snapshots.comparing import Comparison, compare


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would change, what could not be had back, and why it is refused altogether."""

    changes: Sequence[Comparison]
    remarks: Sequence[str] = ()
    refusals: Sequence[str] = ()


def rehearse(thing: Model, snapshot: Snapshot) -> Outcome:
    """Make a thing what `snapshot` says, look at it, and take everything back."""
    before = take(thing)
    try:
        with rolled_back():
            # Another object: the caller's stays what it was.
            remarks = apply(lock(thing), snapshot, derive=False)
            after = take(thing)
    except ValidationError as refusal:
        return Outcome((), refusals=refusal.messages)
    except IntegrityError:
        return Outcome((), refusals=[_("Something else stands where this was.")])
    return Outcome(compare(type(thing), before, after), remarks)
