"""Tables of text from elsewhere, read line by line, whatever their encoding and separator."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

CHUNK = 1 << 18
MAX_LINE = 100_000
MAX_COLUMNS = 200
MAX_ROWS = 1_000_000
SEPARATORS = ",;\t"
LOOKED_AT = 20
# What a workbook, and any other zip file, begins with.
ZIP = b"PK\x03\x04"
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class UnusableError(Exception):
    """The file cannot be read as a table; the message says why, in a sentence."""


class Row(NamedTuple):
    """A row and the line of the file on which it ends."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file was found to be; every row of it was looked at."""

    encoding: str
    separator: str
    columns: list[str]
    rows: int


def inspect(file: BinaryIO) -> Table:
    """Find out encoding, separator and columns, or raise an UnusableError."""
    encoding = _encoding(file)
    separator = _separator(file, encoding)
    rows = _rows(file, encoding, separator)
    header = next(rows, None)
    if header is None:
        raise UnusableError(_("The file is empty."))
    return Table(encoding, separator, _columns(header.cells), sum(1 for _row in rows))


def read(file: BinaryIO, table: Table) -> Iterator[Row]:
    """Return the rows below the names of the columns, one by one."""
    return islice(_rows(file, table.encoding, table.separator), 1, None)


def _columns(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns: none is empty, none is there twice."""
    columns: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip()[:100] or _("Column %(n)d") % {"n": number}
        columns.append(f"{name} ({number})" if name in columns else name)
    return columns


def _separator(file: BinaryIO, encoding: str) -> str:
    """Return what splits the first lines, at best all of them into as many cells."""
    with _opened(file, encoding) as text:
        first = [line for line in islice(_lines(text), LOOKED_AT) if line.strip()]

    def fit(separator: str) -> tuple[bool, int, int]:
        try:
            cells = [len(row) for row in csv.reader(first, delimiter=separator)] or [0]
        except csv.Error:
            return False, 0, 0
        return cells[0] > 1, cells.count(cells[0]), cells[0]

    return max(SEPARATORS, key=fit)


def _rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[Row]:
    """Return every row that is not blank, the names of the columns first."""
    count = 0
    with _opened(file, encoding) as text:
        for row in _parsed(text, separator):
            if len(row.cells) > MAX_COLUMNS:
                problem = _("Line %(line)d has more than %(most)d columns.")
                raise UnusableError(problem % {"line": row.line, "most": MAX_COLUMNS})
            if any(cell.strip() for cell in row.cells):
                yield row
                count += 1
            if count > MAX_ROWS:
                problem = _("The file has more than %(most)s rows. Please split it.")
                raise UnusableError(problem % {"most": f"{MAX_ROWS:,}"})


def _parsed(text: TextIOWrapper, separator: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=separator)
    try:
        for cells in reader:
            yield Row(reader.line_num, cells)
    except csv.Error:
        problem = _("Line %(line)d: a cell is too long, or its quotation mark never ends.")
        raise UnusableError(problem % {"line": reader.line_num}) from None


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Return line after line, refusing what no table of text holds."""
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            problem = _("Line %(line)d is longer than %(most)s characters.")
            raise UnusableError(problem % {"line": number, "most": f"{MAX_LINE:,}"})
        if CONTROL.search(line):
            problem = _("Line %(line)d holds characters that are no text. Save the table as CSV.")
            raise UnusableError(problem % {"line": number})
        yield line


@contextmanager
def _opened(file: BinaryIO, encoding: str) -> Iterator[TextIOWrapper]:
    """Open the file as text from its beginning, and leave it open."""
    file.seek(0)
    text = TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    except UnicodeDecodeError:
        raise UnusableError(_not_text()) from None
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """Return the encoding: by its mark, by where NULs are, else the first that fits throughout.

    Western text is hardly ever valid in the Korean encoding by accident, and when it
    is, its pairs of bytes make syllables that nobody writes.
    """
    file.seek(0)
    head = file.read(CHUNK)
    if head.startswith(ZIP):
        raise UnusableError(_("This is a workbook or a zip file. Save the table as CSV."))
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _wide(head)
    if _fits(file, "utf-8"):
        return "utf-8"
    if _fits(file, "cp949") and _reads_as_korean(file):
        return "cp949"
    if _fits(file, "cp1252"):
        return "cp1252"
    raise UnusableError(_not_text())


def _wide(head: bytes) -> str:
    """Return which UTF-16 has its NULs there: text is mostly ASCII, and half of that is NUL."""
    first, second = head[0::2].count(0), head[1::2].count(0)
    if min(first, second) or max(first, second) < len(head) // 8:
        raise UnusableError(_not_text())
    return "utf-16-be" if first else "utf-16-le"


def _fits(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_korean(file: BinaryIO) -> bool:
    """Say whether most of what is not ASCII are the 2,350 syllables in use (KS X 1001)."""
    usual = strange = 0
    with _opened(file, "cp949") as text:
        while chunk := text.read(CHUNK):
            pairs = [pair for char in chunk if len(pair := char.encode("cp949")) > 1]
            now = sum(0xB0 <= lead <= 0xC8 and trail >= 0xA1 for lead, trail in pairs)
            usual, strange = usual + now, strange + len(pairs) - now
    return usual > strange


def _not_text() -> str:
    return _("This is not a table of text that we can read. Save it as CSV in UTF-8.")
