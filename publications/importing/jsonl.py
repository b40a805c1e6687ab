"""Lines of a file, plain or gzip, or of standard input, one at a time."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

MAX_LINE = 8 * 1024 * 1024
GZIP = b"\x1f\x8b"


class UnusableError(Exception):
    """The input cannot be read; the message is a sentence for the operator."""


class Lines:
    """The numbered lines of an open input, and how far they have been read."""

    def __init__(self, raw: BinaryIO, *, name: str, size: int | None) -> None:
        self.name = name
        self.size = size
        self._raw = raw
        self._bytes = _unzipped(raw)

    @property
    def position(self) -> int:
        """How many bytes of the input have been read, zipped as they lie on the disk."""
        return self._raw.tell() if self.size else 0

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield each line that is not blank with its number; None for one that is too long."""
        number = 0
        try:
            while line := self._bytes.readline(MAX_LINE):
                number += 1
                too_long = len(line) == MAX_LINE and not line.endswith(b"\n")
                if too_long:
                    self._skip_to_line_end()
                if too_long or line.strip():
                    yield number, None if too_long else line
        except (EOFError, OSError, zlib.error) as error:
            raise UnusableError(
                f"{self.name} breaks off after line {number}: the file is damaged or incomplete."
            ) from error

    def _skip_to_line_end(self) -> None:
        while (rest := self._bytes.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass


@contextmanager
def open_lines(name: str) -> Iterator[Lines]:
    """Open the file `name`, or standard input for “-”."""
    if name == "-":
        yield Lines(sys.stdin.buffer, name="Standard input", size=None)
        return
    path = Path(name)
    if path.is_dir():
        raise UnusableError(f"{name} is a directory; give a file of JSON lines.")
    try:
        raw = path.open("rb")
    except (OSError, ValueError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
        raise UnusableError(f"{name} cannot be opened: {reason}.") from error
    with raw:
        yield Lines(raw, name=name, size=path.stat().st_size if path.is_file() else None)


def _unzipped(raw: BinaryIO) -> BinaryIO:
    """Look at the first bytes rather than the name: exports are often misnamed."""
    start = raw.peek(len(GZIP)) if hasattr(raw, "peek") else b""
    return cast("BinaryIO", gzip.open(raw)) if start.startswith(GZIP) else raw
