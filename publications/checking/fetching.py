"""One request: guarded, short, and never raising."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from publications.checking.guard import Guard, RefusedError
from publications.models import LinkReason

PORT = {"http": 80, "https": 443}
# What tells a page that says “not found” from others stands at its beginning.
PAGE_CAP = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be asked; `cap` is how much of the answer's body is wanted."""

    method: str
    url: str
    cap: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    code: int
    location: str = ""
    content_type: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer."""

    reason: LinkReason


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for one step of a conversation, and for all of it."""

    step: float = 10
    whole: float = 30


def fetch(
    request: Request, *, guard: Guard, agent: str, limits: Limits | None = None
) -> Answer | Failure:
    """Ask once, following nothing; whatever goes wrong is told by its reason."""
    limits = limits or Limits()
    late = Event()
    try:
        connection = _connect(request.url, guard, limits)
        # A server that sends a byte now and then would never run into the limit of a step.
        timer = Timer(limits.whole, _cut, (connection, late))
        timer.daemon = True
        timer.start()
        try:
            answer = _talk(connection, request, agent)
            # What is cut off in the middle of its headers looks like a short answer.
            return Failure(LinkReason.TIMEOUT) if late.is_set() else answer
        finally:
            timer.cancel()
            connection.close()
    except RefusedError as error:
        return Failure(error.reason)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Failure(LinkReason.TIMEOUT if late.is_set() else _reason(error))


def _connect(url: str, guard: Guard, limits: Limits) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORT[parts.scheme]
    address = guard.address(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=limits.step)
    if parts.scheme == "https":
        connection.default_port = PORT["https"]
    stream: Any = socket.create_connection((address, port), timeout=limits.step)
    try:
        if parts.scheme == "https":
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    except BaseException:
        stream.close()
        raise
    connection.sock = stream
    return connection


def _talk(connection: http.client.HTTPConnection, request: Request, agent: str) -> Answer:
    parts = urlsplit(request.url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request(
        request.method,
        target,
        headers={
            "User-Agent": agent,
            "Accept": "text/html,*/*;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
    )
    response = connection.getresponse()
    return Answer(
        code=response.status,
        location=_as_sent(response.getheader("Location", "")),
        content_type=response.getheader("Content-Type", ""),
        retry_after=response.getheader("Retry-After", ""),
        body=response.read(request.cap) if request.cap else b"",
    )


def _cut(connection: http.client.HTTPConnection, late: Event) -> None:
    late.set()
    if connection.sock:
        try:
            # The plain one: that of TLS would take the session away under the reader's feet.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        except OSError:
            return


def _as_sent(header: str) -> str:
    """Read a header as UTF-8 where it is; the library knows only Latin-1."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _reason(error: Exception) -> LinkReason:
    match error:
        case ssl.SSLError() if not isinstance(error, TimeoutError):
            return LinkReason.TLS
        case socket.gaierror() | UnicodeError():
            return LinkReason.DNS
        case TimeoutError():
            return LinkReason.TIMEOUT
        case OSError():
            return LinkReason.CONNECTION
        case _:
            return LinkReason.PROTOCOL
