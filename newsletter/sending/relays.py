"""Where messages go: a mail server, or files as long as none is set."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from newsletter.sending.queue import Item, Outcome

# After the first, second … refusal that a mail server calls temporary (RFC 5321, 4.5.4.1).
WAITS = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 4 * 60, 12 * 60)]
LONGEST_ANSWER = 500
# To look for them first is twice as fast as to replace them, and ours have none.
DOT = re.compile(rb"\n\.")
NOT_ASKED = (0, b"")
# A relay closes connections that carry too much; a new one costs less than a refusal.
MOST_ON_ONE_CONNECTION = 1000


class RelayLostError(Exception):
    """The mail server cannot be reached, or went away before the message began."""


class Relay(Protocol):
    """Something that takes messages."""

    def send(self, item: Item, message: bytes) -> Outcome:
        """Hand one message over; raises `RelayLostError` when no byte of it has left."""

    def close(self) -> None:
        """End in good order."""


class SmtpRelay:
    """One connection to the mail server, opened when it is needed."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0

    def send(self, item: Item, message: bytes) -> Outcome:
        """Hand one message over."""
        smtp = self._connected()
        try:
            code, answer = self._begin(smtp, item.envelope_address)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise RelayLostError(str(error)) from error
        except ValueError:
            # What smtplib refuses to write leaves a message begun.
            self._drop()
            raise
        if code != 354:
            self._reset(smtp)
            return _refused(code, answer, item)
        try:
            smtp.send(_stuffed(message))
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            # The text has begun to leave: nobody knows whether it arrived.
            self._drop()
            return Outcome("unknown", str(error)[:LONGEST_ANSWER])
        self._carried += 1
        return Outcome("sent", _words(answer)) if code == 250 else _refused(code, answer, item)

    def _begin(self, smtp: smtplib.SMTP, address: str) -> tuple[int, bytes]:
        """Say who sends and who gets it; return the answer on which the text may follow, or not."""
        sender, recipient, text = _dialogue(
            smtp, [f"MAIL FROM:<{self._sender}>", f"RCPT TO:<{address}>", "DATA"]
        )
        is_refused = sender[0] != 250 or recipient[0] not in {250, 251}
        if is_refused and text[0] == 354:
            # A server that wants a text for nobody gets none (RFC 2920, 3.1).
            smtp.docmd(".")
        if sender[0] != 250:
            # This speaks of us, not of the recipient, and may be repaired while we wait.
            raise smtplib.SMTPSenderRefused(*sender, self._sender)
        return recipient if is_refused else text

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp and self._carried >= MOST_ON_ONE_CONNECTION:
            self.close()
        if self._smtp is None:
            try:
                self._smtp = _connect(self._options)
            except (OSError, smtplib.SMTPException) as error:
                raise RelayLostError(str(error)) from error
            self._carried = 0
        return self._smtp

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Make the connection fit for the next message."""
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None


class FileRelay:
    """A folder in which each message becomes a file, for as long as no mail server is set."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, item: Item, message: bytes) -> Outcome:
        """Write one message; its name says whose it is, so that nothing is written twice."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"issue-{item.issue_id}-{item.id}.eml"
        path.write_bytes(message)
        return Outcome("sent", f"file {path.name}")

    def close(self) -> None:
        """Nothing is open."""


def relay() -> Relay:
    """Return a relay as the settings say."""
    mailer: dict[str, Any] = settings.MAILERS["default"]
    options = mailer["OPTIONS"]
    if not settings.SMTP_HOST:
        return FileRelay(Path(options["file_path"]))
    return SmtpRelay(options)


def _connect(options: dict[str, Any]) -> smtplib.SMTP:
    """Open a connection as Django's own backend does."""
    host, port, timeout = options["host"], options["port"], options["timeout"]
    smtp: smtplib.SMTP
    if options["use_ssl"]:
        context = ssl.create_default_context()
        smtp = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(host, port, timeout=timeout)
        if options["use_tls"]:
            smtp.starttls(context=ssl.create_default_context())
    if options["username"]:
        smtp.login(options["username"], options["password"])
    smtp.ehlo_or_helo_if_needed()
    return smtp


def _dialogue(smtp: smtplib.SMTP, lines: Sequence[str]) -> list[tuple[int, bytes]]:
    """Return the answers to these commands; those behind a refusal are not given.

    A server that knows PIPELINING gets all of them at once: one round trip (RFC 2920).
    """
    if any(not line.isascii() or "\r" in line or "\n" in line for line in lines):
        raise ValueError("An address holds what no SMTP command can.")
    if smtp.has_extn("pipelining"):
        smtp.send("".join(f"{line}\r\n" for line in lines))
        return [smtp.getreply() for _line in lines]
    answers = [NOT_ASKED] * len(lines)
    for number, line in enumerate(lines):
        answers[number] = smtp.docmd(line)
        if answers[number][0] >= 400:
            break
    return answers


def _refused(code: int, answer: bytes, item: Item) -> Outcome:
    """Read a refusal (RFC 5321, 4.2.1): 4 is for now, 5 is for good."""
    words = f"{code} {_words(answer)}"[:LONGEST_ANSWER]
    if code >= 500 or item.attempts >= len(WAITS):
        return Outcome("failed", words)
    return Outcome("deferred", words, WAITS[item.attempts])


def _words(answer: bytes) -> str:
    text = answer.decode("ascii", "replace").replace("\0", "")
    return " ".join(text.split())[:LONGEST_ANSWER]


def _stuffed(message: bytes) -> bytes:
    """Double the dots that begin a line, and end with a line of one dot (RFC 5321, 4.5.2)."""
    stuffed = message.replace(b"\n.", b"\n..") if DOT.search(message) else message
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")
