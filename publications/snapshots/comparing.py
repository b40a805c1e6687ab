"""Two versions of a thing field by field, word by word, as a page shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Model

from publications.models.fields import RichTextField
from publications.snapshots.diffing import Piece, changes
from publications.snapshots.shapes import Snapshot, own_fields

# Of a long stretch that is the same, this much stands beside what differs.
CONTEXT = 240


@dataclass(frozen=True, slots=True)
class Gap:
    """Where text was left out that is the same on both sides."""

    kind: Literal["gap"] = "gap"


type Shown = Piece | Gap


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field that differs: both texts in one, and each by itself."""

    name: str
    label: str
    # The words are the same; something differs that plain text does not show.
    is_unseen: bool
    words: Sequence[Shown]
    before: Sequence[Shown]
    after: Sequence[Shown]


def compare(
    model: type[Model], before: Snapshot, after: Snapshot, *, whole: bool = False
) -> list[Comparison]:
    """Return the fields that differ; long stretches that are the same are cut unless `whole`."""
    found = []
    for change in changes(model, before, after):
        words: Sequence[Shown] = change.pieces
        if _is_rich(model, change.name):
            words = [Piece(each.kind, each.text.replace("\n", "\n\n")) for each in change.pieces]
        if not whole:
            words = list(_shortened(words))
        found.append(
            Comparison(
                change.name,
                change.label,
                change.is_unseen,
                words,
                [piece for piece in words if piece.kind != "added"],
                [piece for piece in words if piece.kind != "removed"],
            )
        )
    return found


def _is_rich(model: type[Model], name: str) -> bool:
    """Say whether each line of the text is a block of its own, which wants room around it."""
    fields = {field.name: field for field in own_fields(model)}
    return isinstance(fields.get(name), RichTextField)


def _shortened(pieces: Sequence[Shown]) -> Iterable[Shown]:
    """Cut what is the same in the middle, where it is far from anything that differs."""
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        if isinstance(piece, Gap) or piece.kind != "same" or len(piece.text) <= 3 * CONTEXT:
            yield piece
            continue
        if place > 0:
            yield Piece("same", _until_word_end(piece.text[:CONTEXT]))
        yield Gap()
        if place < last:
            yield Piece("same", _from_word_start(piece.text[-CONTEXT:]))


def _until_word_end(text: str) -> str:
    head, space, _tail = text.rpartition(" ")
    return f"{head if space else text} …"


def _from_word_start(text: str) -> str:
    _head, space, tail = text.partition(" ")
    return f"… {tail if space else text}"
