"""Putting one author, tag or outlet in another's place, and back, in some works at a time."""

from collections.abc import Iterable, Sequence
from typing import Any

from publications.models import Contribution, Merge, MergeableModel, MergedRow, Publication, Tagging


def move(merge: Merge, work_ids: Sequence[int]) -> None:
    """Let the one that stays stand where the other stood; where both do, the first place counts."""
    if merge.model == MergeableModel.OUTLET:
        Publication.objects.filter(pk__in=work_ids).update(outlet=merge.kept_id)
        _note(merge, [(pk, "", None) for pk in work_ids])
        return
    model, thing, work = _table(merge)
    rows = list(model.objects.filter(**{thing: merge.gone_id, f"{work}__in": work_ids}))
    theirs = {
        _place(row, work): row
        for row in model.objects.filter(**{thing: merge.kept_id, f"{work}__in": work_ids})
    }
    moved, dropped = [], []
    for row in rows:
        other = theirs.get(_place(row, work))
        if other is None or getattr(row, "position", 2) < getattr(other, "position", 1):
            moved.append(row)
        if other is not None:
            dropped.append(other if moved and moved[-1] is row else row)
    model.objects.filter(pk__in=[row.pk for row in dropped]).delete()
    model.objects.filter(pk__in=[row.pk for row in moved]).update(**{thing: merge.kept_id})
    _note(merge, [(*_place(row, work), None) for row in moved])
    _note(merge, [(*_place(row, work), _facts(row, thing)) for row in dropped])


def move_back(merge: Merge, work_ids: Sequence[int]) -> set[int]:
    """Give the places back that nobody has changed since; return the works that changed."""
    notes = MergedRow.objects.filter(merge=merge, publication_id__in=work_ids)
    if merge.model == MergeableModel.OUTLET:
        works = Publication.objects.filter(pk__in=work_ids, outlet=merge.kept_id)
        changed = set(works.values_list("pk", flat=True))
        Publication.objects.filter(pk__in=changed).update(outlet=merge.gone_id)
        return changed
    model, thing, work = _table(merge)
    rows = list(model.objects.filter(**{f"{work}__in": work_ids}))
    standing = {(getattr(row, thing), *_place(row, work)): row for row in rows}
    back = []
    for note in notes:
        place = (note.publication_id, note.role)
        row = standing.get((merge.kept_id, *place))
        # A note of a pair has two halves; the row that moved goes first.
        if note.dropped is None and row and (merge.gone_id, *place) not in standing:
            standing[merge.gone_id, *place] = standing.pop((merge.kept_id, *place))
            back.append(row)
    model.objects.filter(pk__in=[row.pk for row in back]).update(**{thing: merge.gone_id})
    again = [row for note in notes if (row := _again(merge, note, standing))]
    _find_places(again, rows)
    model.objects.bulk_create(again)
    return {getattr(row, work) for row in (*back, *again)}


def _again(merge: Merge, note: MergedRow, standing: dict[Any, Any]) -> Any:
    """Make anew the row that went because both stood there, if the other still stands."""
    if note.dropped is None:
        return None
    model, thing, work = _table(merge)
    place = (note.publication_id, note.role)
    whose = note.dropped[thing]
    other = merge.kept_id if whose == merge.gone_id else merge.gone_id
    if (whose, *place) in standing or (other, *place) not in standing:
        return None
    return model(**{**note.dropped, work: note.publication_id})


def _find_places(again: Iterable[Any], rows: Iterable[Any]) -> None:
    """Put rows of a byline where they stood; at the end where somebody stands there now."""
    taken: dict[int, set[int]] = {}
    for row in rows:
        if isinstance(row, Contribution):
            taken.setdefault(row.publication_id, set()).add(row.position)
    for row in again:
        if isinstance(row, Contribution):
            places = taken.setdefault(row.publication_id, set())
            if row.position in places:
                row.position = max(places) + 1
            places.add(row.position)


def _table(merge: Merge) -> tuple[Any, str, str]:
    """Return the model of the rows, and its columns for the thing and for the work."""
    if merge.model == MergeableModel.AUTHOR:
        return Contribution, "author_id", "publication_id"
    return Tagging, "tag_id", "content_object_id"


def _place(row: Any, work: str) -> tuple[int, str]:
    return getattr(row, work), getattr(row, "role", "")


def _facts(row: Any, thing: str) -> dict[str, Any]:
    names = [name for name in ("position", "role", "affiliation") if hasattr(row, name)]
    return {thing: getattr(row, thing), **{name: getattr(row, name) for name in names}}


def _note(merge: Merge, rows: Iterable[tuple[int, str, Any]]) -> None:
    MergedRow.objects.bulk_create(
        MergedRow(merge=merge, publication_id=work, role=role, dropped=dropped)
        for work, role, dropped in rows
    )
