"""Asking a process of its own about a picture: is it whole, and what is it made into."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a picture that could be decoded to its end."""

    kind: str
    is_turned: bool
    is_described: bool
    is_moving: bool


@dataclass(frozen=True, slots=True)
class Smaller:
    """The narrower versions of a picture, by name, in a folder that is about to go."""

    folder: Path
    names: tuple[str, ...]


def check(stream: IO[bytes]) -> Checked | None:
    """Decode a picture; None for one that is cut off, broken, or too much for the limits."""
    with tempfile.TemporaryDirectory() as folder:
        facts = _ask("check", stream, folder)
    return facts and Checked(**facts)


@contextmanager
def encoded_anew(stream: IO[bytes]) -> Iterator[Path | None]:
    """Give an upright copy with pixels and colors and nothing else; None for a broken picture."""
    with tempfile.TemporaryDirectory() as folder:
        facts = _ask("clean", stream, folder)
        yield Path(folder) / "clean" if facts else None


@contextmanager
def smaller(stream: IO[bytes]) -> Iterator[Smaller | None]:
    """Give the narrower versions of a picture; None for a broken one."""
    with tempfile.TemporaryDirectory() as folder:
        facts = _ask("smaller", stream, folder)
        yield Smaller(Path(folder), tuple(facts["names"])) if facts else None


def _ask(job: str, stream: IO[bytes], folder: str) -> Any:
    """Let the child do a job; None when it did not come to an end."""
    with tempfile.TemporaryFile() as source:
        stream.seek(0)
        while chunk := stream.read(1024 * 1024):
            source.write(chunk)
        source.seek(0)
        try:
            child = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "publications.pictures.child", job, folder],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT,
                # No secret of the site reaches the child.
                env={"PYTHONUTF8": "1"},
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    return json.loads(child.stdout) if child.returncode == 0 else None
