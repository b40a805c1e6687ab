"""Headers that mail programs and providers read."""

import email.policy
import hashlib
import re
from collections.abc import Sequence
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.utils import make_msgid, parseaddr
from urllib.parse import quote

from django.conf import settings
from email_validator import validate_email

from kei_site.common.addresses import site_host

# RFC 5322, 2.1.1: lines should have at most 78 characters; Python's folding counts less one.
FOLDED_AT = 77
LONGEST_WORD = 66
LONGEST_LABEL = 63
# https://support.google.com/mail/answer/6254652 allows 5 to 15.
LONGEST_SENDER_ID = 15
# Lengths: RFC 5321, 4.5.3.1.
PLAIN_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)(?=.{1,254}\Z)"
    r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([a-z\d-]+\.)*[a-z\d-]+",
    re.ASCII | re.IGNORECASE,
)
# What a header line cannot hold, and the line ends of Unicode, which some programs obey.
UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)


class OneLineHeader(UnstructuredHeader, BaseHeader):
    """A header that stays on one line.

    Python folds an address that is longer than a line into encoded words, which
    no provider recognizes as a link to unsubscribe. RFC 5322 allows 998
    characters.
    """

    def fold(self, *, policy: email.policy.Policy) -> str:
        """Return the header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


def with_whole_links(policy: email.policy.EmailPolicy) -> email.policy.EmailPolicy:
    """Return `policy` with the headers that hold a link kept on one line."""
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", OneLineHeader)
    return policy.clone(header_factory=registry)


def for_automatic_mail() -> dict[str, str]:
    """Return what every message has that answers to something a person did."""
    return {"Message-ID": make_msgid(domain=site_host()), "Auto-Submitted": "auto-generated"}


def for_leaving(link: str, *, token: str = "") -> dict[str, str]:
    """Return the headers of a one-click unsubscribe (RFC 2369 and RFC 8058).

    With the token there is also a way by mail, where UNSUBSCRIBE_ADDRESS is set.
    """
    by_mail = ""
    if token and settings.UNSUBSCRIBE_ADDRESS:
        mailbox = quote(settings.UNSUBSCRIBE_ADDRESS, safe="@+")
        by_mail = f", <mailto:{mailbox}?subject={token}>"
    return {
        "List-Unsubscribe": f"<{link}>{by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def for_lists(slugs: Sequence[str], *, issue_id: int) -> dict[str, str]:
    """Return what tells lists and issues apart: List-Id (RFC 2919) and Feedback-ID (Gmail).

    A message has one List-Id at most; an issue for several lists bears that of all of them.
    """
    host = site_host()
    label = f"{list_label(slugs[0])}." if len(slugs) == 1 else ""
    sender_id = host.removeprefix("www.")[:LONGEST_SENDER_ID].strip(".-")
    mailing = "+".join(map(list_label, slugs))
    return {
        "List-Id": f"<{label}newsletter.{host}>",
        "Feedback-ID": f"{issue_id}:{mailing}:newsletter:{sender_id}",
    }


def list_label(slug: str) -> str:
    """Return the slug as a label of ASCII characters, by punycode where it has others."""
    label = slug if slug.isascii() else f"xn--{slug.encode('punycode').decode()}"
    if len(label) <= LONGEST_LABEL:
        return label
    return hashlib.sha256(slug.encode()).hexdigest()[: LONGEST_LABEL // 2]


def ascii_address(address: str) -> str:
    """Return an address with its domain in ASCII; raise ValueError for what is not one address."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    # Special names such as localhost are for the mail server to judge.
    found = validate_email(
        address,
        check_deliverability=False,
        allow_smtputf8=False,
        strict=True,
        test_environment=True,
    )
    return str(found.ascii_email)


def one_line(text: str) -> str:
    """Return the text without control characters and line ends of any kind."""
    return UNPRINTABLE.sub(" ", text).strip()


def text_value(text: str, *, name: str) -> str:
    """Return free text as the folded value of a header, in encoded words (RFC 2047) if need be."""
    text = one_line(text)
    longest = max(map(len, text.split(" ")))
    as_it_is = text.isascii() and "=?" not in text and longest <= LONGEST_WORD
    header = Header(text, None if as_it_is else "utf-8", FOLDED_AT, name, errors="replace")
    return header.encode(splitchars=" ", linesep="\r\n")


def mailbox_value(text: str, *, name: str) -> str:
    """Return `Name <address>` or an address as the folded value of a header.

    Raise ValueError where there is no usable address in it.
    """
    display, address = parseaddr(one_line(text))
    address = ascii_address(address)
    if not display:
        return address
    if not ATOMS.fullmatch(display) or len(f"{name}: {display}") > FOLDED_AT:
        # Encoded words need no quotes, whatever is in them.
        display = Header(display, "utf-8", FOLDED_AT, name, errors="replace").encode(linesep="\r\n")
    fits = len(f"{name}: {display} <{address}>") <= FOLDED_AT
    return f"{display}{' ' if fits else '\r\n '}<{address}>"
