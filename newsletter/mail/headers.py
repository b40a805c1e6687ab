"""Headers that mail programs and providers read."""

import email.policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings


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
    return {
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        "Auto-Submitted": "auto-generated",
    }


def for_leaving(link: str) -> dict[str, str]:
    """Return the headers of a one-click unsubscribe (RFC 2369 and RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
