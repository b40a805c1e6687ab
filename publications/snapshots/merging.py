"""Two people changed one thing: what differs, who changed it, and the two made one."""

from collections.abc import Container, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from django.db.models import Model

from publications.snapshots.diffing import (
    ChangeKind,
    is_same,
    kind_of,
    label_of,
    names_of,
    words_of,
)
from publications.snapshots.shapes import PARTS, Snapshot
from publications.snapshots.words import Piece, folded, word_diff

type Side = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field or part that is not the same in two versions of a thing.

    `base` is what it was before either, None where nobody knows any more.
    """

    name: str
    label: str
    kind: ChangeKind
    base: str | None
    mine: str
    theirs: str
    changed_by: Literal["mine", "theirs", "both"]
    chosen: Side

    @property
    def my_pieces(self) -> list[Piece]:
        """Return what I changed, word by word; without a base, how mine differs from theirs."""
        return self._since_base(self.mine)

    @property
    def their_pieces(self) -> list[Piece]:
        """Return what they changed, word by word."""
        return self._since_base(self.theirs)

    def _since_base(self, text: str) -> list[Piece]:
        return folded(word_diff(self.theirs if self.base is None else self.base, text))


def compare(
    model: type[Model],
    *,
    base: Snapshot | None,
    mine: Snapshot,
    theirs: Snapshot,
    chosen: Mapping[str, str] | None = None,
    leave: Container[str] = (),
) -> list[Difference]:
    """Return what differs between my version and theirs, but for the fields to `leave`.

    Chosen is what was chosen before; else the side that changed it, and mine where both did.
    """
    return [
        _difference(model, name, base, mine, theirs, (chosen or {}).get(name))
        for name in names_of(model)
        if name not in leave and not is_same(model, mine, theirs, name)
    ]


def _difference(
    model: type[Model],
    name: str,
    base: Snapshot | None,
    mine: Snapshot,
    theirs: Snapshot,
    chosen: str | None,
) -> Difference:
    is_mine = base is None or not is_same(model, base, mine, name)
    is_theirs = base is None or not is_same(model, base, theirs, name)
    usual: Side = "mine" if is_mine else "theirs"
    return Difference(
        name=name,
        label=label_of(model, name),
        kind=kind_of(model, name),
        base=None if base is None else words_of(model, base, name),
        mine=words_of(model, mine, name),
        theirs=words_of(model, theirs, name),
        changed_by="both" if is_mine and is_theirs else usual,
        chosen="mine" if chosen == "mine" else "theirs" if chosen == "theirs" else usual,
    )


def merge(
    model: type[Model], *, mine: Snapshot, theirs: Snapshot, choices: Mapping[str, str]
) -> Snapshot:
    """Return their version with those fields and parts from mine that were chosen."""
    merged = deepcopy(theirs)
    for name in names_of(model):
        where = "parts" if name in PARTS.get(model, ()) else "fields"
        if choices.get(name) == "mine" and name in mine.get(where, {}):
            merged.setdefault(where, {})[name] = deepcopy(mine[where][name])
    return merged
