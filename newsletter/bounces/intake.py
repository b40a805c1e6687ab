"""Where reports wait: a Maildir, an mbox file, or one message on standard input.

Nothing is ever deleted. A message is marked as done after what it reports was
stored; whoever is killed in between reads it again, and known reports are known.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsletter.bounces.letters import MAX_BYTES

# Maildir flags: seen by us, and flagged for a person to look at.
UNDERSTOOD, FOR_A_PERSON = "S", "F"
SEPARATOR = b"From "


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message, and what to call with whether it was understood once it is dealt with."""

    raw: bytes
    done: Callable[[bool], object]


def from_maildir(folder: Path) -> Iterator[Waiting]:
    """Yield the new messages; those dealt with are moved to `cur`, as seen or flagged."""
    for path in (folder / "new").iterdir():
        if path.is_file() and not path.name.startswith("."):
            yield Waiting(_beginning(path), _mover(path, folder / "cur"))


def from_mbox(file: Path) -> Iterator[Waiting]:
    """Yield every message of an mbox file, which stays as it is."""
    with file.open("rb") as lines:
        for raw in _messages(lines):
            yield Waiting(raw, _nothing)


def from_stream(stream: BinaryIO) -> Iterator[Waiting]:
    """Yield the one message that a stream holds."""
    yield Waiting(stream.read(MAX_BYTES), _nothing)


def is_maildir(folder: Path) -> bool:
    """Say whether a folder has what a Maildir has."""
    return all((folder / name).is_dir() for name in ("new", "cur"))


def count_new(folder: Path) -> int:
    """Return how many messages of a Maildir are new."""
    return sum(1 for _path in (folder / "new").iterdir())


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES)


def _mover(path: Path, cur: Path) -> Callable[[bool], object]:
    name = path.name.partition(":")[0]
    return lambda understood: path.rename(
        cur / f"{name}:2,{UNDERSTOOD if understood else FOR_A_PERSON}"
    )


def _nothing(_understood: bool) -> None:  # noqa: FBT001 called as Waiting.done
    return None


def _messages(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Split at “From ” lines after a blank one, and keep the beginning of each message."""
    kept = bytearray()
    after_blank = True
    for line in lines:
        if after_blank and line.startswith(SEPARATOR) and kept:
            yield bytes(kept)
            kept.clear()
        kept += line[: MAX_BYTES - len(kept)]
        after_blank = not line.strip()
    if kept:
        yield bytes(kept)
