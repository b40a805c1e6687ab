"""The messages that became files because no mail server is set, read back."""

import email
import heapq
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

NEWEST = 200
# Read of a file for the list, and for one message.
LISTED_BYTES = 256 * 1024
MOST_BYTES = 5 * 1024 * 1024
# Senders write `.eml`, one message each; Django writes `.log`, and a line of dashes after each.
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,200}\.(eml|log)")
AFTER_EACH = re.compile(rb"\r?\n-{79}\r?\n")
# What Python's parser is known to raise where a header or a charset is beyond it.
UNREADABLE = (MessageError, ValueError, LookupError, AttributeError, TypeError)


class Entry(NamedTuple):
    """A message in the list, and where it is: the file, and the number in it counted from 0."""

    name: str
    number: int
    at: datetime
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader would see it."""

    headers: list[tuple[str, str]]
    subject: str
    text: str
    html: str
    attachments: list[str]


def newest() -> list[Entry]:
    """Return the newest messages; what cannot be read is left out."""
    found: list[Entry] = []
    for name, at in _files():
        # Of several messages in a file, the last is the newest.
        for number, raw in reversed(list(enumerate(_messages(name, LISTED_BYTES)))):
            message = _parsed(raw.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0])
            found.append(Entry(name, number, at, _value(message, "To"), _value(message, "Subject")))
        if len(found) >= NEWEST:
            break
    return found[:NEWEST]


def read(name: str, number: int) -> Letter | None:
    """Return a message, or None where there is none; no more than 5 MB are read."""
    messages = _messages(name, MOST_BYTES)
    if number >= len(messages):
        return None
    message = _parsed(messages[number])
    return Letter(
        headers=[(key, _value(message, key)) for key in dict.fromkeys(message.keys())],
        subject=_value(message, "Subject"),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=_or_else([], partial(_attachments, message)),
    )


def _files() -> Iterator[tuple[str, datetime]]:
    """Yield the names of the newest files and when they were written."""
    try:
        with os.scandir(_folder()) as files:
            ours = (each for each in files if NAME.fullmatch(each.name))
            times = ((each.stat().st_mtime, each.name) for each in ours)
            for time, name in heapq.nlargest(NEWEST, times):
                yield name, datetime.fromtimestamp(time, UTC)
    except OSError:
        return


def _messages(name: str, most: int) -> list[bytes]:
    """Return the messages in the first bytes of a file; none where there is no such file."""
    if not NAME.fullmatch(name):
        return []
    try:
        with (_folder() / name).open("rb") as file:
            raw = file.read(most)
    except OSError:
        return []
    messages = AFTER_EACH.split(raw) if name.endswith(".log") else [raw]
    return [each for each in messages if each.strip()]


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def _value(message: EmailMessage, name: str) -> str:
    return _or_else("?", lambda: ", ".join(map(str, message.get_all(name, []))))


def _body(message: EmailMessage, kind: str) -> str:
    def find() -> str:
        part = message.get_body((kind,))
        return str(part.get_content()) if part else ""

    return _or_else("", find)


def _attachments(message: EmailMessage) -> list[str]:
    return [each.get_filename() or each.get_content_type() for each in message.iter_attachments()]


def _or_else[T](otherwise: T, find: Callable[[], T]) -> T:
    try:
        return find()
    except UNREADABLE:
        return otherwise
