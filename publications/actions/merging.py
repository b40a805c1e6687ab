"""Making one author, tag or outlet of several, and taking that back within 30 days."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.after import after_rename, before_delete, refresh, works_showing
from publications.actions.editing import INDEXED
from publications.actions.locking import lock
from publications.actions.merge_planning import MERGEABLE, fillable
from publications.actions.moving_names import move, move_back
from publications.actions.recording import begin_history, record, record_many, signed
from publications.actions.redirects import lead
from publications.actions.returning import bring_back
from publications.actions.ties import give_ties_back, hand_ties_over
from publications.models import Act, Merge, MergedRow, Publication, Redirect
from publications.permissions import Account
from publications.search.suggestion_labels import write_thing_labels
from publications.snapshots import name_of, take
from publications.snapshots.shapes import own_fields

# Works whose rows are moved, kept in history and indexed together.
BATCH = 100


@transaction.atomic
def merge(kept: Any, gone: Sequence[Any], *, by: Account) -> list[Merge]:
    """Let everything of the things in `gone` belong to `kept`; their addresses lead to it.

    Publications keep their dates, get a revision each, and are found by the name that stays.
    """
    kept, things = _locked(kept, gone)
    begin_history(kept)
    merges = [_merge_one(kept, thing, by=by) for thing in things]
    names = ", ".join(str(thing) for thing in things)
    record(kept, by=by, act=Act.MERGED, comment=_("Merged: %(names)s") % {"names": names[:400]})
    return merges


@transaction.atomic
def undo(merge: Merge, *, by: Account) -> list[str]:
    """Bring back what went into another; places that were changed since stay as they are."""
    merge = lock(merge)
    model = MERGEABLE[merge.model]
    kept: Any = model._default_manager.select_for_update().filter(pk=merge.kept_id).first()  # noqa: SLF001
    _ensure_undoable(merge, kept)
    remarks: list[str] = []
    thing = bring_back(model, merge.gone_id, merge.snapshot, remarks)
    _lead_back(merge, thing)
    _empty_again(merge, kept)
    give_ties_back(merge, kept, thing)
    comment = _("Merge undone: %(merge)s") % {"merge": merge}
    record(thing, by=by, act=Act.RESTORED, comment=comment[:500])
    record(kept, by=by, act=Act.RESTORED, comment=comment[:500])
    rows = MergedRow.objects.filter(merge=merge).order_by("publication_id")
    ids = rows.values_list("publication_id", flat=True).distinct()
    for some in batched(ids.iterator(), BATCH):
        _change_works(
            some, lambda pks: move_back(merge, pks), by=by, act=Act.RESTORED, comment=comment
        )
    write_thing_labels(thing)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    return remarks


def _locked(kept: Any, gone: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Hold all things of a merge, in one order for everybody."""
    model = type(kept)
    ids = {thing.pk for thing in gone}
    rows: dict[int, Any] = {
        row.pk: row
        for row in model._default_manager.select_for_update()  # noqa: SLF001
        .filter(pk__in=ids | {kept.pk})
        .order_by("pk")
    }
    if not ids or kept.pk in ids or len(rows) != len(ids) + 1:
        raise ValidationError(
            _("Choose at least two that still exist, and one of them to stay."), code="which"
        )
    return rows[kept.pk], [rows[thing.pk] for thing in gone]


def _merge_one(kept: Any, thing: Any, *, by: Account) -> Merge:
    begin_history(thing)
    old, new = unquote(thing.get_absolute_url()), unquote(kept.get_absolute_url())
    merge = Merge.objects.create(
        model=name_of(type(kept)), kept_id=kept.pk, kept_name=str(kept)[:300],
        gone_id=thing.pk, gone_name=str(thing)[:300], snapshot=take(thing),
        filled=_fill(kept, thing), old_path=old, new_path=new,
        led_there=list(Redirect.objects.filter(target=old).values_list("old_path", flat=True)),
        **_signed(by),
    )  # fmt: skip
    comment = _("Merged: %(merge)s") % {"merge": merge}
    for ids in batched(works_showing(thing), BATCH):
        merge.works += _change_works(
            ids, lambda pks: _moved(merge, pks), by=by, act=Act.MERGED, comment=comment
        )
    merge.ties = hand_ties_over(thing, kept)
    merge.save(update_fields=["works", "ties"])
    before_delete(thing)
    pk = thing.pk
    try:
        thing.delete()
    except ProtectedError as error:
        raise ValidationError(
            _("“%(thing)s” cannot go: something else still needs it."),
            code="still_needed",
            params={"thing": thing},
        ) from error
    thing.pk = pk
    lead(old, new)
    return merge


def _moved(merge: Merge, pks: Sequence[int]) -> Iterable[int]:
    move(merge, pks)
    return pks


def _change_works(ids: Sequence[int], change: Any, *, by: Account, act: Act, comment: str) -> int:
    """Change some works, keep their history, and bring up to date what derives from them."""
    works = list(
        Publication.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .order_by("pk")
        .only("pk", "revision")
    )
    record_many([work for work in works if not work.revision], by=None, act=Act.FOUND)
    changed = set(change([work.pk for work in works]))
    record_many(
        [work for work in works if work.pk in changed], by=by, act=act, comment=comment[:500]
    )
    refresh(sorted(changed))
    return len(changed)


def _fill(kept: Any, thing: Any) -> dict[str, Any]:
    """Give empty fields of the one that stays what the other has; return what they got."""
    fields = fillable(kept, thing)
    for field in fields:
        setattr(kept, field.attname, getattr(thing, field.attname))
    if fields:
        kept.save()
        _refresh_names(kept, [field.name for field in fields])
    return {field.name: take(kept)["fields"][field.name] for field in fields}


def _empty_again(merge: Merge, kept: Any) -> None:
    """Empty what the merge filled, unless it reads differently by now."""
    now = take(kept)["fields"]
    model: type[Model] = type(kept)
    emptied = [
        field
        for field in own_fields(model)
        if field.name in merge.filled and now[field.name] == merge.filled[field.name]
    ]
    for field in emptied:
        setattr(kept, field.attname, None if field.null else "")
    kept.save()
    _refresh_names(kept, [field.name for field in emptied])


def _refresh_names(kept: Any, changed: Iterable[str]) -> None:
    """Index all works of the one that stays again, but only where they are found by the change."""
    if set(changed) & set(INDEXED[type(kept)]):
        after_rename(kept)


def _lead_back(merge: Merge, thing: Any) -> None:
    path = unquote(thing.get_absolute_url())
    paths = Redirect.objects.filter(old_path__in=[*merge.led_there, merge.old_path])
    paths.exclude(old_path=path).filter(target=merge.new_path).update(target=path)


def _ensure_undoable(merge: Merge, kept: Model | None) -> None:
    if merge.undone_at is not None:
        raise ValidationError(_("This merge has been undone already."), code="undone")
    if not merge.can_be_undone:
        raise ValidationError(_("A merge can be undone for 30 days."), code="too_late")
    if kept is None:
        onward = Merge.objects.filter(model=merge.model, gone_id=merge.kept_id, undone_at=None)
        if later := onward.first():
            raise _first(later)
        raise ValidationError(
            _("“%(name)s” no longer exists."), code="gone", params={"name": merge.kept_name}
        )
    # Where three names became one, the last that came is the first to leave.
    shared = MergedRow.objects.filter(
        merge__model=merge.model, merge__kept_id=merge.kept_id, merge__undone_at=None,
        merge__pk__gt=merge.pk, dropped__isnull=False,
        publication_id__in=merge.rows.values("publication_id"),
    )  # fmt: skip
    if row := shared.select_related("merge").order_by("-merge_id").first():
        raise _first(row.merge)


def _first(merge: Merge) -> ValidationError:
    return ValidationError(
        _("Undo the later merge “%(merge)s” first."), code="order", params={"merge": merge}
    )


def _signed(by: Any) -> dict[str, Any]:
    who = signed(by)
    return {"merged_by": who["made_by"], "merged_by_name": who["made_by_name"]}
