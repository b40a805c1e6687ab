"""A web server on this machine that answers as a test wants."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

type Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {"Content-Type": "text/html"}, b"<title>A page</title><p>Words.")


class LinkServer:
    """Answers of each path, and a book of what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], None]] = {}
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.over = Event()
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def led(self, path: str, to: str, code: int = 301) -> None:
        self.answers[path] = (code, {"Location": to}, b"")

    def methods(self, path: str) -> list[str]:
        return [method for method, asked in self.asked if asked == path]


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[LinkServer]:
    book = LinkServer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            book.asked.append((self.command, self.path))
            book.agents.add(self.headers["User-Agent"])
            known = book.answers.get(self.path)
            if callable(known):
                with suppress(OSError):
                    known(self)
                return
            default: Answer = (404, {}, b"") if self.path == "/robots.txt" else OK
            code, headers, body = known or default
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_GET = do_HEAD = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    book.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield book
    finally:
        book.over.set()
        server.shutdown()
        server.server_close()
