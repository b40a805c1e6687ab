"""The door of the running site, which is closed before its tables are emptied."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any


class Gate:
    """Lets requests into the site only while it is open, and knows how many are inside.

    A page that was closed may have sent something last. Tables that are emptied while a
    request still writes to them end in a deadlock now and then.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self._is_open = False
        self._inside = 0
        self._changed = Condition()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Let requests in; at the end let no more in and wait until the last one is out."""
        self._is_open = True
        yield
        with self._changed:
            self._is_open = False
            assert self._changed.wait_for(lambda: not self._inside, timeout=60)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with self._changed:
            if not self._is_open:
                start_response("503 Service Unavailable", [])
                return []
            self._inside += 1
        try:
            answer = self._app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                answer.close()
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()
