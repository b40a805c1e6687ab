"""What differs between two texts, word by word; the time it takes is bounded whatever they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from publications.snapshots.aligning import MOST_PAIRS_IN_ALL, Budget, stretches

type PieceKind = Literal["same", "added", "removed", "skipped"]

# Chinese and Japanese have no spaces: there a character is a word.
_WORDS = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]|_")
# Beyond this a text is not compared: all of it went, all of it came.
MOST_CHARACTERS = 2_000_000
# What stays to be read around a change, and from how much on more is folded away.
AROUND = 240
FOLDED_FROM = 3 * AROUND


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is in both texts, only in the later, or only in the earlier.

    The text is plain, whatever was compared: a template escapes it. “Skipped” is in both
    as well, but far from any change.
    """

    kind: PieceKind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """Return the pieces of two plain texts; what they share stands there once.

    All that is not added makes up `before`, all that is not removed makes up `after`.
    """
    if before == after:
        return [Piece("same", before)] if before else []
    if max(len(before), len(after)) > MOST_CHARACTERS:
        return [Piece("removed", before), Piece("added", after)]
    return list(_calm(_joined(_by_lines(before, after))))


def folded(pieces: Sequence[Piece]) -> list[Piece]:
    """Set apart what is far from any change; where nothing changed all of it stays."""
    if all(piece.kind == "same" for piece in pieces):
        return list(pieces)
    last = len(pieces) - 1
    done: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind == "same" and len(piece.text) > FOLDED_FROM:
            done += _folded(piece.text, 0 if place == 0 else AROUND, 0 if place == last else AROUND)
        else:
            done.append(piece)
    return done


def _folded(text: str, head: int, tail: int) -> Iterator[Piece]:
    """Keep so much of the beginning and the end, and whole words."""
    start = re.compile(r"\s|$").search(text, head).end() if head else 0  # type: ignore[union-attr]
    end = len(text) - tail if tail else len(text)
    end = max(start, text.rfind(" ", start, end) + 1 if tail else end)
    for kind, part in (("same", text[:start]), ("skipped", text[start:end]), ("same", text[end:])):
        if part:
            yield Piece(kind, part)  # type: ignore[arg-type]


def _by_lines(before: str, after: str) -> Iterator[Piece]:
    """Find the lines that stayed, then look at the words of the others."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    budget = Budget(MOST_PAIRS_IN_ALL)
    for i, j, k, n, equal in stretches(old, new, budget):
        if equal:
            yield Piece("same", "".join(old[i:j]))
        else:
            yield from _by_words("".join(old[i:j]), "".join(new[k:n]), budget)


def _by_words(before: str, after: str, budget: Budget) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for i, j, k, n, equal in stretches(old, new, budget):
        if equal:
            yield Piece("same", "".join(old[i:j]))
        else:
            yield Piece("removed", "".join(old[i:j]))
            yield Piece("added", "".join(new[k:n]))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Put neighbors together: first what went, then what came."""
    texts = {"same": "", "removed": "", "added": ""}
    for piece in pieces:
        if piece.kind == "same":
            yield from _taken(texts, "removed", "added")
        else:
            yield from _taken(texts, "same")
        texts[piece.kind] += piece.text
    yield from _taken(texts, "same", "removed", "added")


def _taken(texts: dict[str, str], *kinds: PieceKind) -> Iterator[Piece]:
    for kind in kinds:
        if texts[kind]:
            yield Piece(kind, texts[kind])
        texts[kind] = ""


def _calm(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Let a lone space between two changes be part of them: two changed words are one change."""
    listed = list(pieces)
    last = len(listed) - 1

    def apart() -> Iterator[Piece]:
        for place, piece in enumerate(listed):
            gap = piece.kind == "same" and piece.text.isspace() and "\n" not in piece.text
            if gap and 0 < place < last:
                yield Piece("removed", piece.text)
                yield Piece("added", piece.text)
            else:
                yield piece

    return _joined(apart())
