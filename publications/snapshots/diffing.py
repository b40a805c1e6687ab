"""What differs between two snapshots of a thing, in words that people read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model, TextField
from django.utils.text import capfirst

from publications.models.fields import RichTextField
from publications.snapshots.readable import in_words
from publications.snapshots.shapes import (
    DERIVED,
    PARTS,
    Snapshot,
    own_fields,
    part_fields,
    part_model,
)
from publications.snapshots.words import Piece, folded, word_diff

__all__ = [
    "Change",
    "Piece",
    "changes",
    "folded",
    "in_full",
    "is_same",
    "label_of",
    "word_diff",
    "words_of",
]

type ChangeKind = Literal["line", "text", "rows"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field or part that differs; both values are plain text, a line a block or row."""

    name: str
    label: str
    before: str
    after: str
    kind: ChangeKind

    @property
    def pieces(self) -> list[Piece]:
        """The words that stayed, went and came."""
        return word_diff(self.before, self.after)

    @property
    def is_unseen(self) -> bool:
        """Whether only the markup differs: the words and their stress are the same."""
        return self.before == self.after


def changes(model: type[Model], before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what differs between two snapshots, in the order of the fields.

    The ids of rows do not count: a byline is written anew at each save.
    """
    return [
        Change(
            name,
            label_of(model, name),
            words_of(model, before, name),
            words_of(model, after, name),
            kind_of(model, name),
        )
        for name in names_of(model)
        if not is_same(model, before, after, name)
    ]


def in_full(model: type[Model], snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return all that a snapshot holds: labels and plain texts."""
    return [(label_of(model, name), words_of(model, snapshot, name)) for name in names_of(model)]


def names_of(model: type[Model]) -> list[str]:
    """Return the names of the fields and parts in a snapshot."""
    return [*(field.name for field in own_fields(model)), *PARTS.get(model, ())]


def is_same(model: type[Model], before: Snapshot, after: Snapshot, name: str) -> bool:
    """Say whether a field or part is equal in two snapshots; what one lacks is not compared."""
    one, other = _raw(before, name), _raw(after, name)
    if one is None or other is None:
        return True
    if name in PARTS.get(model, ()):
        return _bare_rows(model, name, one) == _bare_rows(model, name, other)
    return bool(_bare(one[0]) == _bare(other[0]))


def label_of(model: type[Model], name: str) -> str:
    """Return what people call a field or part."""
    if name in PARTS.get(model, ()):
        return capfirst(str(part_model(model, name)._meta.verbose_name_plural))  # noqa: SLF001
    field: Any = model._meta.get_field(name)  # noqa: SLF001
    return capfirst(str(field.verbose_name))


def words_of(model: type[Model], snapshot: Snapshot, name: str) -> str:
    """Return a field or part of a snapshot as plain text."""
    value = _raw(snapshot, name)
    if value is None:
        return ""
    if name in PARTS.get(model, ()):
        return _rows_in_words(model, name, value)
    return in_words(model._meta.get_field(name), value[0])  # noqa: SLF001


def kind_of(model: type[Model], name: str) -> ChangeKind:
    """Say how a value is best shown: on a line, as a long text, or as rows."""
    if name in PARTS.get(model, ()):
        return "rows"
    field = model._meta.get_field(name)  # noqa: SLF001
    return "text" if isinstance(field, TextField | RichTextField) else "line"


def _raw(snapshot: Snapshot, name: str) -> Any:
    """Return the rows of a part, or the value of a field in a list of its own; else None."""
    if name in snapshot.get("parts", {}):
        return snapshot["parts"][name]
    fields = snapshot.get("fields", {})
    return [fields[name]] if name in fields else None


def _bare(value: Any) -> Any:
    """Return a value as it is compared: what a key leads to may have got another name."""
    return value["id"] if isinstance(value, Mapping) else value


def _bare_rows(model: type[Model], part: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return rows as they are compared: by their order if they have one, not by their numbers."""
    left_out = {"id", "position", *DERIVED.get(part, ())}
    bare = [
        {name: _bare(value) for name, value in row.items() if name not in left_out} for row in rows
    ]
    if _is_ordered(model, part):
        return bare
    return sorted(bare, key=lambda row: json.dumps(row, sort_keys=True))


def _rows_in_words(model: type[Model], part: str, rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [_row_in_words(model, part, row) for row in rows]
    return "\n".join(lines if _is_ordered(model, part) else sorted(lines))


def _row_in_words(model: type[Model], part: str, row: Mapping[str, Any]) -> str:
    left_out = {"position", *DERIVED.get(part, ())}
    told = (
        in_words(field, row.get(field.name))
        for field in part_fields(model, part)
        if field.name not in left_out
    )
    return " · ".join(" ".join(each.split()) for each in told if each)


def _is_ordered(model: type[Model], part: str) -> bool:
    return any(field.name == "position" for field in part_fields(model, part))
