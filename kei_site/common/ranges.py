"""Parts of files: what a Range header asks for (RFC 9110, section 14), and reading just that."""

import re
from dataclasses import dataclass
from typing import IO

ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from the first to the last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1


class OutOfRangeError(Exception):
    """The file has none of the bytes asked for."""


def parse_range(header: str, size: int) -> Part | None:
    """Understand what part of `size` bytes is asked for; None stands for all of them.

    Whatever cannot be understood, and several ranges at once, are answered with the whole.
    """
    found = ONE_RANGE.fullmatch(header)
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        wanted = min(int(last), size)
        if not wanted:
            raise OutOfRangeError
        return Part(size - wanted, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise OutOfRangeError
    return Part(int(first), min(int(last) if last else size - 1, size - 1))


class PartOfFile:
    """An open file that begins and ends where a part does."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        file.seek(part.first)
        self._file = file
        self._left = part.length

    def read(self, size: int = -1) -> bytes:
        """Read on, up to the end of the part."""
        chunk = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
