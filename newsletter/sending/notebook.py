"""A sender's notebook: what it has done of a batch, in a file that outlives it.

Marks in the database are not waited for, so that a crash of the database loses the last ones.
What a process has written into a file the system keeps when the process dies, without waiting for
a disk: with the notebook of a dead sender at most one of its messages has an unknown outcome. It
is not believed when the machine was started anew since, and other machines do not find it: then
all that was claimed is unknown.
"""

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from newsletter.sending.queue import Done, Outcome, Page

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Notebook:
    """The notebook of a sender that is alive; with no file it remembers all the same."""

    def __init__(self) -> None:
        self.number = self.issue_id = 0
        self.page: Page | None = None
        self._notes: dict[int, Done] = {}
        self._file: int | None = None

    def begin(self, number: int, issue_id: int, claimed_at: datetime) -> None:
        """Begin a page for the batch that the sender of this number is about to claim."""
        self.number, self.issue_id, self._notes = number, issue_id, {}
        self.page = Page(claimed_at, self._notes)
        boot = boot_id()
        if not boot:
            return
        path = path_of(number)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode=0o600)
        self._write([boot, claimed_at.isoformat()])

    def note(self, *known: Done | None) -> None:
        """Write what is known of messages; of one that is about to begin, that it is unknown."""
        notes = [done for done in known if done]
        self._notes.update({done.id: done for done in notes})
        self._write(*map(_noted, notes))

    def close(self) -> None:
        """Throw the page away: the database knows all of it."""
        self.page = None
        self._tear_out()

    def _write(self, *lines: list[Any]) -> None:
        if self._file is None:
            return
        text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        try:
            is_whole = os.write(self._file, text) == len(text)
        except OSError:
            is_whole = False
        if not is_whole:
            # Half a page is worse than none: what it does not mention would be sent again.
            self._tear_out()

    def _tear_out(self) -> None:
        if self._file is not None:
            remove(self.number)
            os.close(self._file)
            self._file = None


def read(number: int) -> Page | None:
    """Return what the notebook of a dead sender says; None without one that can be believed."""
    try:
        # Without an end, a line was being written: its message had not begun.
        lines = path_of(number).read_bytes().split(b"\n")[:-1]
        (boot, claimed_at), *notes = map(json.loads, lines)
        # The last note of a message is what came of it.
        page = Page(
            datetime.fromisoformat(claimed_at),
            {
                pk: Done(pk, message_id, Outcome(status, answer, _duration(wait)), number)
                for pk, message_id, status, answer, wait in notes
            },
        )
    except (OSError, ValueError, TypeError):
        return None
    return page if boot == boot_id() else None


def remove(number: int) -> None:
    """Throw the notebook of a sender away."""
    path_of(number).unlink(missing_ok=True)


def path_of(number: int) -> Path:
    """Return where the sender of this number writes."""
    return Path(settings.VAR_DIR) / "sending" / f"{number}.jsonl"


def boot_id() -> str:
    """Return what tells this run of the machine from all others; empty where nothing does."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""


def _noted(done: Done) -> list[Any]:
    outcome = done.outcome
    wait = outcome.wait.total_seconds() if outcome.wait else None
    return [done.id, done.message_id, outcome.status, outcome.answer, wait]


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
