"""A mail server that takes everything as fast as it can and writes down who got it."""

import asyncio
import multiprocessing
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection: no errors, no limits.

    Commands that came together are answered together, as mail servers do (RFC 2920, 3.2).
    """

    def __init__(self, book: int) -> None:
        self._book = book
        self._buffer = bytearray()
        self._in_text = self._is_leaving = False
        self._recipient = b""
        self._answers: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what came in; an answer goes out for each command and each text."""
        self._buffer += data
        while self._take_text() if self._in_text else self._take_command():
            pass
        if self._answers:
            self._transport.write(b"\r\n".join([*self._answers, b""]))
            self._answers.clear()
        if self._is_leaving:
            self._transport.close()

    def _take_text(self) -> bool:
        # The end can only be in what came last and the four bytes before it.
        end = self._buffer.rfind(END)
        if end < 0:
            return False
        found = MESSAGE_ID.search(self._buffer)
        # Written before it is acknowledged, as a mail server must.
        line = self._recipient + b"\t" + (found[1] if found else b"") + b"\n"
        os.write(self._book, line)
        del self._buffer[: end + len(END)]
        self._in_text = False
        self._say(b"250 taken")
        return bool(self._buffer)

    def _take_command(self) -> bool:
        line, ending, _rest = self._buffer.partition(b"\r\n")
        if not ending:
            return False
        del self._buffer[: len(line) + 2]
        verb = bytes(line[:4]).upper()
        if verb == b"RCPT":
            self._recipient = bytes(line).partition(b"<")[2].partition(b">")[0]
        if verb == b"DATA":
            self._in_text = True
            self._say(b"354 go on")
        elif verb == b"EHLO":
            self._say(b"250-sink\r\n250 PIPELINING")
        elif verb == b"QUIT":
            self._say(b"221 bye")
            self._is_leaving = True
        else:
            self._say(b"250 ok")
        return bool(self._buffer)

    def _say(self, line: bytes) -> None:
        self._answers.append(line)


@contextmanager
def sink(book: Path) -> Iterator[int]:
    """Run a sink in a process of its own; yield its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(book, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def received(book: Path) -> Counter[str]:
    """Return how often each address got something."""
    with book.open() as lines:
        return Counter(line.partition("\t")[0] for line in lines)


def _serve(book: Path, told: Connection) -> None:
    asyncio.run(_run(book, told))


async def _run(book: Path, told: Connection) -> None:
    descriptor = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(descriptor), "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()
