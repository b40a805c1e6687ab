"""From rows to snapshots."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import ForeignKey, Model

from publications.snapshots.shapes import (
    PARTS,
    Snapshot,
    own_fields,
    owner,
    part_fields,
    part_model,
)


def take(thing: Model) -> Snapshot:
    """Return a snapshot of a thing as it is in the database."""
    return take_many(type(thing), [thing.pk])[thing.pk]


def take_many(model: type[Model], ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the snapshots of things of one model by their ids, in a fixed number of queries."""
    fields = own_fields(model)
    rows: Any = model._default_manager.filter(pk__in=list(ids))  # noqa: SLF001
    things = list(_with_names(rows, fields))
    parts = {part: _rows_of(model, part, things) for part in PARTS.get(model, ())}
    return {
        thing.pk: {
            "fields": {field.name: encode(field, thing) for field in fields},
            "parts": {part: rows[thing.pk] for part, rows in parts.items()},
        }
        for thing in things
    }


def encode(field: Any, thing: Model) -> Any:
    """Return the value of a field as JSON holds it; what a key leads to also by its name."""
    if isinstance(field, ForeignKey):
        target = getattr(thing, field.name)
        return None if target is None else {"id": target.pk, "name": str(target)}
    value = field.value_from_object(thing)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(field.value_to_string(thing))


def _rows_of(
    model: type[Model], part: str, things: Sequence[Model]
) -> dict[int, list[dict[str, Any]]]:
    fields = part_fields(model, part)
    of = owner(model, part)
    rows: Any = part_model(model, part)._default_manager.filter(**{f"{of}__in": things})  # noqa: SLF001
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _with_names(rows, fields):
        facts = {field.name: encode(field, row) for field in fields}
        found[getattr(row, f"{of}_id")].append({"id": row.pk, **facts})
    return defaultdict(list, {key: _in_order(rows) for key, rows in found.items()})


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row.get("position", 0), row["id"]))


def _with_names(rows: Any, fields: Iterable[Any]) -> Any:
    """Load what keys lead to together with the rows."""
    keys = [field.name for field in fields if isinstance(field, ForeignKey)]
    return rows.select_related(*keys) if keys else rows
