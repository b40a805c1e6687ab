"""Taking a message apart: what its sender says, and what it brings of ours.

Everything is read with the `compat32` policy: the newer one parses addresses
recursively and fails on input that is made for it. What is looked at is limited,
so that no message takes long or much memory.
"""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

# A report stands before the message that it returns; of that, the headers are enough.
MAX_BYTES = 256 * 1024
MAX_LINES = 6000
MAX_PARTS = 100
MAX_NOTICE = 64 * 1024
MAX_HEADERS = 500

TAG = re.compile(r"<[^<>]*>")
# Where the message that came back begins, in reports that are one text.
RETURNED = re.compile(
    r"^[ \t>*=_|-]*(?:this is a copy of|below (?:this line )?is a copy|enclosed is a copy|"
    r"included is a copy|message headers? follow|the header of the original|message text follows|"
    r"(?:the )?(?:original|unsent|returned|bounced) (?:e-?mail|message)(?: follows| info)?\W*$)"
    r"|^(?:received: ?(?:from|by|\()|return-path: ?<|dkim-signature:|mime-version: ?1)",
    re.IGNORECASE | re.MULTILINE,
)
FIELD = re.compile(r"^([!-9;-~]{1,80}):[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that may be a report; header names are in lower case."""

    message: Message
    headers: Mapping[str, str]
    # What is said to people, without the message that came back.
    notice: str
    # Groups of fields for machines (RFC 3464), one for each recipient.
    statuses: list[Mapping[str, str]] = field(default_factory=list)
    # The fields of a complaint (RFC 5965).
    feedback: Mapping[str, str] = field(default_factory=dict)
    # The headers of the message that came back.
    original: Mapping[str, str] = field(default_factory=dict)


def open_letter(raw: bytes) -> Letter:
    """Take a message apart; whatever cannot be understood is left out."""
    message = _parsed(raw)
    notices: list[str] = []
    statuses: list[Mapping[str, str]] = []
    feedback: Mapping[str, str] = {}
    original: Mapping[str, str] = {}
    for part in _parts(message):
        match part.get_content_type():
            case "message/delivery-status":
                statuses += _groups(part)
            case "message/feedback-report":
                feedback = feedback or _feedback(part)
            case "message/rfc822" | "text/rfc822-headers" | "message/rfc822-headers":
                original = original or _returned_headers(part)
            case "text/plain" | "text/html":
                notices.append(_text(part))
            case _ if part is message and not part.is_multipart():
                notices.append(_text(part))
    text = next(filter(str.strip, notices), "")
    notice, returned = _split(text)
    return Letter(
        message=message,
        headers=_headers(message),
        notice=notice,
        statuses=statuses or _groups_in(text),
        feedback=feedback,
        original=original or _fields(returned),
    )


def _parsed(raw: bytes) -> Message:
    # Each blank line of a delivery status begins a part: lines are limited, too.
    lines = raw[:MAX_BYTES].split(b"\n", MAX_LINES)[:MAX_LINES]
    try:
        return email.message_from_bytes(b"\n".join(lines), policy=email.policy.compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return Message(policy=email.policy.compat32)


def _parts(message: Message) -> Iterator[Message]:
    """Walk through the parts, but not into the message that came back."""
    waiting = [message]
    for _count in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart":
            waiting[:0] = _inside(part)


def _inside(part: Message) -> list[Message]:
    """Return the parts of a part."""
    inner = part.get_payload() if part.is_multipart() else None
    if not isinstance(inner, list):
        return []
    return [each for each in inner[:MAX_PARTS] if isinstance(each, Message)]


def _text(part: Message) -> str:
    """Decode a text in whatever charset it claims to be."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        # Such as a NUL in the name of the charset.
        return ""
    if not isinstance(payload, bytes):
        return ""
    text = _decoded(payload, part)
    if part.get_content_type() == "text/html":
        text = TAG.sub(" ", text)
    return text[:MAX_NOTICE].replace("\r\n", "\n")


def _decoded(payload: bytes, part: Message) -> str:
    for charset in (str(part.get_content_charset() or "utf-8"), "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("latin-1")


def _groups(part: Message) -> list[Mapping[str, str]]:
    """Return the groups of fields of a delivery status."""
    groups = [_headers(each) for each in _inside(part)] or _groups_in(_text(part))
    return [each for each in groups if _names_recipient(each)]


def _groups_in(text: str) -> list[Mapping[str, str]]:
    """Find groups of fields in a text: some reports bring them as words only."""
    if "recipient:" not in text.lower():
        return []
    groups = (_fields(each) for each in text.split("\n\n")[:MAX_HEADERS])
    return [each for each in groups if _names_recipient(each) and "action" in each]


def _names_recipient(group: Mapping[str, str]) -> bool:
    return "final-recipient" in group or "original-recipient" in group


def _feedback(part: Message) -> Mapping[str, str]:
    """Return the fields of a complaint, which the parser takes for a message's headers or body."""
    found: dict[str, str] = {}
    for each in _inside(part) or [part]:
        found = {**_fields(_text(each)), **_headers(each), **found}
    return found


def _returned_headers(part: Message) -> Mapping[str, str]:
    inner = _inside(part)
    return _headers(inner[0]) if inner else _fields(_text(part))


def _headers(message: Message) -> Mapping[str, str]:
    """Return the first header of each name, on one line, with encoded words read."""
    found: dict[str, str] = {}
    for name, value in message.items()[:MAX_HEADERS]:
        found.setdefault(str(name).lower(), _readable(str(value)))
    return found


def _readable(value: str) -> str:
    line = " ".join(value[:MAX_NOTICE].split())
    if "=?" not in line:
        return line
    try:
        return str(make_header(decode_header(line)))
    except (MessageError, ValueError, LookupError):
        return line


def _fields(text: str) -> Mapping[str, str]:
    """Read `Name: value` lines with their continuations; other lines end nothing."""
    found: dict[str, str] = {}
    name = ""
    for line in text.lstrip().split("\n")[:MAX_HEADERS]:
        if line[:1] in {" ", "\t"} and name:
            found[name] += " " + line.strip()
        elif match := FIELD.match(line.rstrip()):
            name = match[1].lower() if match[1].lower() not in found else ""
            if name:
                found[name] = match[2].strip()
        elif not line.strip() and "message-id" in found:
            break
    return found


def _split(text: str) -> tuple[str, str]:
    """Divide a text into what is said and the message that came back."""
    begin = RETURNED.search(text)
    return (text[: begin.start()], text[begin.start() :]) if begin else (text, "")
