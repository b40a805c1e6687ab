"""An issue as bytes: built once, then joined for each recipient.

Python takes 5 ms to build a MIME message and 20 µs to join one. The parts are in
quoted-printable (RFC 2045, 6.7) by an encoder of our own, to which the token of a
recipient is one piece that is never broken, however long.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from kei_site.common.addresses import site_host
from kei_site.common.signing import keyed_hash
from newsletter.mail import dkim
from newsletter.mail.headers import (
    ascii_address,
    for_leaving,
    for_lists,
    mailbox_value,
    text_value,
)
from newsletter.mail.links import absolute, unsubscribe_link
from newsletter.mail.rendering import TOKEN

# Of 76 (RFC 2045, 6.7), one is for the `=` of a soft line break and two for `=XX` at the start.
CHARACTERS_A_LINE = 73
TOKEN_SHAPE = re.compile(r"[A-Za-z0-9._:~-]{1,72}")
MESSAGE_ID_SHAPE = re.compile(r"<[!-;=?-~]{1,240}>")
VARYING = ("To", "Message-ID", "List-Unsubscribe")
TO_ENCODE = re.compile(rb"[^\x20-\x3c\x3e-\x7e]| $", re.ASCII)
# As many characters as fit, without ending inside of `=XX`.
FITTING = re.compile(rb".{1,%d}(?<!=)(?<!=.)" % CHARACTERS_A_LINE)
# Mail servers change lines that begin so, which breaks signatures (RFC 6376, 5.3).
AT_THE_START = {b".": b"=2E", b"From ": b"=46rom "}


@dataclass(frozen=True, slots=True)
class Prebuilt:
    """The messages of one issue but for what is each recipient's own."""

    fixed: bytes
    # What stands around the token.
    leaving: tuple[str, ...]
    body: tuple[bytes, ...]
    seal: dkim.Seal | None

    @classmethod
    def build(
        cls,
        *,
        subject: str,
        html: str,
        text: str,
        issue_id: int,
        lists: Sequence[str],
        sender: str,
        reply_to: str,
        date: datetime,
        is_automatic: bool = False,
    ) -> "Prebuilt":
        """Build what all recipients share, from a text and HTML that hold TOKEN.

        `lists` are slugs; `is_automatic` is true of what composed itself (RFC 3834).
        Raise ValueError where `sender` or `reply_to` has no usable address.
        """
        leaving = for_leaving(unsubscribe_link(TOKEN), token=TOKEN)
        content_type, body = _multipart(text, html)
        fields = {
            "From": mailbox_value(sender, name="From"),
            "Subject": text_value(subject, name="Subject"),
            "Date": format_datetime(date),
            "Reply-To": mailbox_value(reply_to, name="Reply-To") if reply_to.strip() else "",
            "List-Unsubscribe-Post": leaving["List-Unsubscribe-Post"],
            **for_lists(lists, issue_id=issue_id),
            "List-Archive": f"<{absolute('newsletter:archive')}>",
            "Auto-Submitted": "auto-generated" if is_automatic else "",
            "MIME-Version": "1.0",
            "Content-Type": content_type,
        }
        fields = {name: value for name, value in fields.items() if value}
        return cls(
            fixed="".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("ascii"),
            leaving=tuple(leaving["List-Unsubscribe"].split(TOKEN)),
            body=_cut(body),
            seal=_seal(fields, body),
        )

    def message(self, *, address: str, token: str, message_id: str) -> bytes:
        """Return the whole message for one recipient, with CRLF line ends.

        Raise ValueError for what cannot stand in a header.
        """
        if not TOKEN_SHAPE.fullmatch(token) or not MESSAGE_ID_SHAPE.fullmatch(message_id):
            raise ValueError("A token or a Message-ID has a shape that is not ours.")
        own = (ascii_address(address), message_id, token.join(self.leaving))
        personal = "".join(
            f"{name}: {value}\r\n" for name, value in zip(VARYING, own, strict=True)
        ).encode("ascii")
        gap = token.encode("ascii")
        signature = self.seal.header(*own, own=gap) if self.seal else b""
        return b"".join((signature, self.fixed, personal, b"\r\n", gap.join(self.body)))


def message_id_of(issue_id: int, subscriber_id: int) -> str:
    """Return the Message-ID of an issue for a subscriber: always the same, and tells nothing."""
    name = keyed_hash("newsletter.message", f"{issue_id}.{subscriber_id}")[:40]
    return f"<{name}@{site_host()}>"


def is_message_id_of_ours(message_id: str) -> bool:
    """Say whether an issue could have gone out under this Message-ID."""
    return re.match("<[0-9a-f]{40}@", message_id) is not None


def quoted_printable(text: str) -> bytes:
    """Return `text` in quoted-printable, with every TOKEN as it is and on one line."""
    return b"\r\n".join(map(_line, text.replace("\r\n", "\n").encode().split(b"\n")))


def _line(line: bytes) -> bytes:
    """Return one line, softly broken around each token and wherever else it is too long."""
    pieces: list[bytes] = []
    for number, segment in enumerate(line.split(TOKEN.encode())):
        if number:
            pieces.append(TOKEN.encode())
        encoded = TO_ENCODE.sub(_escaped, segment)
        pieces += map(_safe_start, FITTING.findall(encoded))
    return b"=\r\n".join(pieces)


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found[0][0]


def _safe_start(piece: bytes) -> bytes:
    for start, safe in AT_THE_START.items():
        if piece.startswith(start):
            return safe + piece.removeprefix(start)
    return piece


def _multipart(text: str, html: str) -> tuple[str, bytes]:
    """Return the type and the body of a message in two forms, the plainer one first."""
    parts = [("plain", quoted_printable(text)), ("html", quoted_printable(html))]
    # Quoted-printable never has `=_`, so no line of a part can be taken for the boundary.
    boundary = f"=_{hashlib.sha256(parts[0][1] + parts[1][1]).hexdigest()[:32]}"
    body = b"".join(
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        + encoded
        + b"\r\n"
        for kind, encoded in parts
    )
    content_type = f'multipart/alternative;\r\n boundary="{boundary}"'
    return content_type, body + f"--{boundary}--\r\n".encode()


def _seal(fields: Mapping[str, str], body: bytes) -> dkim.Seal | None:
    """Prepare the signatures of an issue, where there is a key."""
    signer = dkim.signer()
    if signer is None:
        return None
    signed_body = _cut(dkim.relaxed_body(body))
    return dkim.Seal(signer, fixed=fields.items(), varying=VARYING, body=signed_body)


def _cut(body: bytes) -> tuple[bytes, ...]:
    return tuple(body.split(TOKEN.encode()))
