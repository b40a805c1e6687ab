"""When a program that runs beside the web server ends."""

import os
import signal
from threading import Event


class EventOrOrphaned(Event):
    """Is set also when the program that started this one has ended, however it ended."""

    def __init__(self) -> None:
        super().__init__()
        self._parent = os.getppid()

    def is_set(self) -> bool:
        """Say whether to stop."""
        return super().is_set() or os.getppid() != self._parent

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until told to stop, and no longer than `timeout` seconds."""
        return super().wait(timeout) or self.is_set()


def stop_on_signals(stop: Event) -> Event:
    """Let Ctrl-C and SIGTERM set `stop`, so that the work in hand is finished first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
