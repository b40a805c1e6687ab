"""The text of PDF files, read in a process of its own.

A PDF is a program from a stranger: it may be broken, endless or hostile. The
reader therefore runs as a child (`python -m publications.extraction`) with
little memory and little time, and whatever happens to it is an answer.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pypdfium2

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MAX_OUTPUT = 64 * 1024 * 1024
MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_PAGE_CHARACTERS = 200_000
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class PdfText:
    """How many pages a PDF has, and the text of those that have any."""

    page_count: int
    pages: tuple[tuple[int, str], ...]


def read_pdf(stream: IO[bytes]) -> PdfText | None:
    """Read a PDF from an open file; None for one that cannot be read within the limits."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        stream.seek(0)
        while chunk := stream.read(1024 * 1024):
            source.write(chunk)
        source.seek(0)
        if not _run_child(source, output):
            return None
        output.seek(0)
        return _parse(output)


def _run_child(source: IO[bytes], output: IO[bytes]) -> bool:
    """Let the child read `source` into `output`; say whether it came to an end."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "publications.extraction"],
            stdin=source,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            # No secret of the site reaches the child.
            env={"PYTHONUTF8": "1"},
            timeout=SECONDS * 1.5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def _parse(output: IO[bytes]) -> PdfText | None:
    """Understand what the child wrote: the number of pages, then a line for each with text."""
    try:
        page_count, *pages = (json.loads(line) for line in output)
    except ValueError:
        return None
    return PdfText(page_count, tuple((number, text) for number, text in pages))


def limit_this_process() -> None:
    """Take away from this process what reading a PDF does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def page_texts(document: Any) -> Iterator[tuple[int, str]]:
    """Yield the number and text of every page that has any, up to the limits."""
    room = MAX_CHARACTERS
    for index in range(min(len(document), MAX_PAGES)):
        text = _text_of_page(document, index)[: min(room, MAX_PAGE_CHARACTERS)]
        room -= len(text)
        if text:
            yield index + 1, text


def _text_of_page(document: Any, index: int) -> str:
    """Return what PostgreSQL can store of the text of one page; nothing for a broken page."""
    try:
        text: str = document[index].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return ""
    whole = text.encode("utf-8", "ignore").decode()
    return whole.replace("\x00", "").replace("\r\n", "\n").strip()


def main() -> int:
    """Read a PDF from standard input; write the number of pages and their text, a line each."""
    limit_this_process()
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError:
        return 1
    write = sys.stdout.write
    write(f"{len(document)}\n")
    for page in page_texts(document):
        write(json.dumps(page) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
