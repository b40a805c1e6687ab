"""The pieces that were written by hand: one file each, facts on top, text below."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publications.sample.wording import HERE

FENCE = "+++"


@dataclass(frozen=True, slots=True)
class WrittenPiece:
    """A file in `pieces/` or `pages/`: its facts, its text and its name."""

    name: str
    facts: dict[str, Any]
    body: str


def read_pieces(folder: str) -> list[WrittenPiece]:
    """Return the files of a folder, in the order of their names."""
    return [_read(path) for path in sorted((HERE / folder).glob("*.html"))]


def _read(path: Path) -> WrittenPiece:
    _, facts, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    return WrittenPiece(path.stem, tomllib.loads(facts), body.strip())
