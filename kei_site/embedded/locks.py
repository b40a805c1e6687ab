"""File locks, which the kernel releases when their last holder is gone, however it went."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kei_site.embedded.accounts import Account
from kei_site.embedded.errors import ServerError
from kei_site.embedded.waiting import wait_until


@contextmanager
def locked(path: Path, account: Account, *, seconds: float, complaint: str) -> Iterator[int]:
    """Hold the lock file and give its descriptor; a child that inherits it keeps the lock."""
    descriptor = account.open(path, os.O_RDWR)
    try:
        if not wait_until(lambda: _try_to_lock(descriptor), seconds):
            raise ServerError(f"{complaint} (waited {seconds:.0f} s for {path})")
        yield descriptor
    finally:
        # Not LOCK_UN: that would take the lock away from the child as well.
        os.close(descriptor)


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock file."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return _try_to_lock(descriptor)
    finally:
        os.close(descriptor)


def _try_to_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
