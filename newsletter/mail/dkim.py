"""Signing mail with a key of our own, for relays that do not sign (RFC 6376, RFC 8463).

Headers and body are both signed in their relaxed form, which survives what relays
do to white space.
"""

import base64
import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# RFC 8058, 4, asks for both headers about leaving; the rest is RFC 6376, 5.4.1.
SIGNED = (
    "from",
    "subject",
    "date",
    "reply-to",
    "to",
    "message-id",
    "mime-version",
    "content-type",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
# Named once more than there is one: a second From that is added on the way breaks the signature.
OVERSIGNED = "from"
CHARACTERS_A_LINE = 72

type PrivateKey = RSAPrivateKey | Ed25519PrivateKey
type Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain, the selector under which it publishes its key, and the key."""

    domain: str
    selector: str
    key: PrivateKey

    @property
    def kind(self) -> str:
        """The type of the key as its DNS record names it."""
        return "rsa" if isinstance(self.key, RSAPrivateKey) else "ed25519"

    @property
    def record_name(self) -> str:
        """Where in DNS the public key is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def public_key(self) -> str:
        """The public key as it stands behind `p=` (RFC 6376, 3.6.1; RFC 8463, 4.2)."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        return self.key.sign(digest)


def signer() -> Signer | None:
    """Return the signer that the settings name, or None where mail is not signed here."""
    if not settings.DKIM_KEY_FILE:
        return None
    path = Path(settings.DKIM_KEY_FILE)
    try:
        key = _read_key(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(
            f"DKIM_KEY_FILE cannot be used: {error}. It names a PEM file with an RSA or Ed25519 "
            "private key without a password that this account may read."
        ) from error
    return Signer(signing_domain(), settings.DKIM_SELECTOR, key)


def signing_domain() -> str:
    """Return the domain that signs: DKIM_DOMAIN, else that of the sender."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return str(settings.DKIM_DOMAIN or sender).lower()


@lru_cache(4)
def _read_key(path: Path, _changed_at: int) -> PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError("the key is neither RSA nor Ed25519")
    return key


class Seal:
    """What is the same in the signatures of many messages, done once.

    `fixed` are the headers that do not change and `varying` the names of those that
    do; `body` is the body, cut where each message has something of its own.
    """

    def __init__(
        self, by: Signer, *, fixed: Iterable[Field], varying: Sequence[str], body: Sequence[bytes]
    ) -> None:
        kept = [(name, value) for name, value in fixed if name.lower() in SIGNED]
        names = [*(name.lower() for name, _value in kept), *map(str.lower, varying), OVERSIGNED]
        self._signer = by
        self._varying = [name.lower() for name in varying]
        self._headers = hashlib.sha256(
            b"".join(relaxed_header(name, value) + b"\r\n" for name, value in kept)
        )
        self._body = hashlib.sha256(body[0])
        self._rest = body[1:]
        self._start = (
            f"v=1; a={by.kind}-sha256; c=relaxed/relaxed;\r\n"
            f" d={by.domain}; s={by.selector};\r\n h={_folded(names)};\r\n t="
        )

    def header(self, *values: str, own: bytes = b"") -> bytes:
        """Return the DKIM-Signature of the message with these headers and this in the gaps."""
        body, headers = self._body.copy(), self._headers.copy()
        for piece in self._rest:
            body.update(own)
            body.update(piece)
        for name, value in zip(self._varying, values, strict=True):
            headers.update(relaxed_header(name, value) + b"\r\n")
        start = f"{self._start}{int(time.time())};\r\n bh={_base64(body.digest())};\r\n b="
        headers.update(relaxed_header("dkim-signature", start))
        signature = _base64(self._signer.sign_digest(headers.digest()))
        lines = re.findall(f".{{1,{CHARACTERS_A_LINE}}}", signature)
        return f"DKIM-Signature: {start}{'\r\n '.join(lines)}\r\n".encode("ascii")


def sign(message: bytes, by: Signer) -> bytes:
    """Return a whole message with CRLF line ends and its signature on top."""
    head, _, body = message.partition(b"\r\n\r\n")
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head).decode("ascii").split("\r\n")
    fields = [(name, value) for name, _colon, value in (line.partition(":") for line in unfolded)]
    # Of a header that stands there twice, a verifier takes the last first (RFC 6376, 5.4.2).
    seal = Seal(by, fixed=reversed(fields), varying=(), body=[relaxed_body(body)])
    return seal.header() + message


def relaxed_header(name: str, value: str) -> bytes:
    """Return a header in the form of RFC 6376, 3.4.2, without the line end."""
    return f"{name.lower()}:{' '.join(value.split())}".encode("ascii")


def relaxed_body(body: bytes) -> bytes:
    """Return a body in the form of RFC 6376, 3.4.4."""
    body = re.sub(rb"[ \t]+", b" ", body).replace(b" \r\n", b"\r\n")
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _folded(names: Sequence[str]) -> str:
    """Return the names in two lines: white space may stand around the colons."""
    half = len(names) // 2
    return f"{':'.join(names[:half])}:\r\n {':'.join(names[half:])}"
