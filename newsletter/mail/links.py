"""The links in mail, and what is signed into them."""

from django.conf import settings
from django.urls import reverse

from kei_site.common.signing import sign, unsign

LEAVING = "newsletter.unsubscribe"


def absolute(name: str, *args: str) -> str:
    """Return the public address of a page."""
    return settings.SITE_URL + reverse(name, args=args)


def unsubscribe_link(subscriber_id: int) -> str:
    """Return the address at which this subscriber leaves; it never expires."""
    return absolute("newsletter:unsubscribe", sign(LEAVING, str(subscriber_id)))


def subscriber_of(signed: str) -> int | None:
    """Return the id in a signed link, or None when we did not sign it."""
    value = unsign(LEAVING, signed)
    return int(value) if value is not None else None
