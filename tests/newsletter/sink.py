"""A mail server on loopback that keeps what it gets and refuses what it is told to refuse."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

Answer = str | None


@dataclass
class Mailbox:
    """What a mail server got, and how it answers."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    # What to answer to a recipient, to who sends, or to a text; None to take it.
    on_recipient: Callable[[str], Answer] = lambda _address: None
    on_sender: Callable[[str], Answer] = lambda _address: None
    on_text: Callable[[str], Answer] = lambda _address: None
    port: int = 0
    extensions: list[str] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order, as often as they got it."""
        return [address for address, _ in self.messages]

    def parsed(self, address: str) -> EmailMessage:
        """Return the one message that an address got."""
        [raw] = [raw for each, raw in self.messages if each == address]
        return message_from_bytes(raw, policy=policy.SMTP)  # type: ignore[return-value]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Say what this server can."""
        session.host_name = hostname
        return [responses[0], *(f"250-{each}" for each in self.extensions), *responses[1:]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse a recipient."""
        if answer := self.on_recipient(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse who sends."""
        if answer := self.on_sender(address):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take or refuse a text."""
        [address] = envelope.rcpt_tos
        if answer := self.on_text(address):
            return answer
        self.messages.append((address, envelope.content))
        return f"250 taken as {len(self.messages)}"


@contextmanager
def mail_server(mailbox: Mailbox, port: int = 0) -> Iterator[Mailbox]:
    """Run a mail server for this mailbox."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
