"""Waiting for another process, always with a bound."""

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.02


def wait_until(question: Callable[[], bool], seconds: float) -> bool:
    """Ask until the answer is yes; return False when the time is over."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
