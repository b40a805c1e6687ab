"""The links in mail, and what is signed into them."""

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from kei_site.common.signing import sign, unsign

LEAVING = "newsletter.unsubscribe"


def absolute(name: str, *args: str) -> str:
    """Return the public address of a page."""
    return settings.SITE_URL + reverse(name, args=args)


class Recipient(NamedTuple):
    """Who a link in a message was made for, and in which issue; 0 for any other message."""

    subscriber_id: int
    issue_id: int = 0


def token_for(recipient: Recipient) -> str:
    """Return what stands at the end of the personal links of one message; it never expires."""
    subscriber_id, issue_id = recipient
    return sign(LEAVING, f"{subscriber_id}.{issue_id}" if issue_id else f"{subscriber_id}")


def read_token(signed: str) -> Recipient | None:
    """Return who a token was made for, or None when we did not sign it."""
    value = unsign(LEAVING, signed)
    return Recipient(*map(int, value.split("."))) if value is not None else None


def unsubscribe_link(token: str) -> str:
    """Return the address at which the recipient leaves."""
    return absolute("newsletter:unsubscribe", token)


def preferences_link(token: str) -> str:
    """Return the address at which the recipient sees and changes what comes, and how often."""
    return absolute("newsletter:preferences", token)
