"""Writing history: what a thing was after each change."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model

from publications.models import Act, Revision
from publications.snapshots import Snapshot, is_revisable, name_of, take, take_many

# Snapshots hold whole texts: so many are in memory at once.
BATCH = 100


def record(
    thing: Model,
    *,
    by: Any,
    act: Act = Act.SAVED,
    comment: str = "",
    restored_from: int | None = None,
) -> Revision | None:
    """Keep a thing as it is now, under the next number; None where nothing has changed.

    The caller holds the row of the thing, so that numbers follow each other.
    """
    if not is_revisable(type(thing)):
        return None
    snapshot = take(thing)
    last = revisions_of(thing).order_by("-number").first()
    if last and last.snapshot == snapshot:
        set_number(thing, last.number)
        return None
    revision = Revision.objects.create(
        model=name_of(type(thing)),
        object_id=thing.pk,
        number=last.number + 1 if last else 1,
        act=act,
        snapshot=snapshot,
        comment=comment,
        restored_from=restored_from,
        **signed(by),
    )
    set_number(thing, revision.number)
    return revision


def begin_history(thing: Model) -> None:
    """Keep a thing as it is before its first change, unless it has a history."""
    if is_revisable(type(thing)) and not getattr(thing, "revision", 0):
        record(thing, by=None, act=Act.FOUND)


def begin_histories(things: Sequence[Any]) -> None:
    """Keep things of one model as they are before a change in bulk, those without a history."""
    record_many([thing for thing in things if not thing.revision], by=None, act=Act.FOUND)


def record_many(things: Sequence[Any], *, by: Any, act: Act, comment: str = "") -> None:
    """Keep things of one model as they are now, in a fixed number of statements a batch."""
    for batch in batched(things, BATCH):
        _record_batch(batch, by=by, act=act, comment=comment)


def _record_batch(things: Sequence[Any], *, by: Any, act: Act, comment: str) -> None:
    model = type(things[0])
    ids = [thing.pk for thing in things]
    last = dict(
        Revision.objects.filter(model=name_of(model), object_id__in=ids)
        .order_by("object_id", "-number")
        .distinct("object_id")
        .values_list("object_id", "number")
    )
    snapshots = take_many(model, ids)
    same = defaultdict(list)
    for thing in things:
        thing.revision = last.get(thing.pk, 0) + 1
        same[thing.revision].append(thing.pk)
    Revision.objects.bulk_create(
        Revision(
            model=name_of(model), object_id=thing.pk, number=thing.revision, act=act,
            snapshot=snapshots[thing.pk], comment=comment, **signed(by),
        )
        for thing in things
    )  # fmt: skip
    # Things that an import writes have nearly all come as far as each other.
    for number, keys in same.items():
        model._default_manager.filter(pk__in=keys).update(revision=number)  # noqa: SLF001


def revisions_of(thing: Model) -> Any:
    """Return the revisions of a thing."""
    return Revision.objects.filter(model=name_of(type(thing)), object_id=thing.pk)


def is_stale(thing: Any, base: int) -> bool:
    """Say whether a thing was saved since somebody saw its revision `base`; 0 is before any."""
    return base != thing.revision and not (thing.revision == 1 and _opened_as(thing, base))


def seen_as(thing: Model, base: int) -> Snapshot | None:
    """Return what a thing was in the revision that somebody saw, None where nobody knows."""
    found = revisions_of(thing).filter(number=base).first() or _opened_as(thing, base)
    return found.snapshot if found else None


def _opened_as(thing: Model, base: int) -> Revision | None:
    """Return the revision with which history began after somebody saw a thing without one."""
    found: Revision | None = revisions_of(thing).filter(number=1, act=Act.FOUND).first()
    return found if base == 0 else None


def signed(by: Any) -> dict[str, Any]:
    """Return who makes a revision: the account, and the name that outlives it."""
    if by is None or not by.is_authenticated:
        return {"made_by": None, "made_by_name": ""}
    return {"made_by": by, "made_by_name": by.get_full_name() or by.get_username()}


def set_number(thing: Any, number: int) -> None:
    """Tell a thing which of its revisions is the last."""
    type(thing)._default_manager.filter(pk=thing.pk).update(revision=number)  # noqa: SLF001
    thing.revision = number


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back at the end what was written meanwhile: for looking at what would be."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
