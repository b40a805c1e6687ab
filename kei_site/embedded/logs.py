"""The server's log beside its data directory: private, bounded, quoted when a start fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kei_site.embedded.accounts import Account

MAX_BYTES = 10 * 1024 * 1024
QUOTED_LINES = 15
QUOTED_BYTES = 8192


def log_path(data_dir: Path) -> Path:
    """Return where the server of this data directory writes."""
    return data_dir.with_name(f"{data_dir.name}.log")


@contextmanager
def open_log(data_dir: Path, account: Account) -> Iterator[int]:
    """Give the log's descriptor for a server to write to; start a new file when it is big."""
    path = log_path(data_dir)
    if path.exists() and path.stat().st_size > MAX_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    descriptor = account.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def last_lines(data_dir: Path, *, since: int) -> str:
    """Return the end of what was written after the given position."""
    path = log_path(data_dir)
    with path.open("rb") as file:
        file.seek(max(since, path.stat().st_size - QUOTED_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-QUOTED_LINES:]) or "(nothing)"
