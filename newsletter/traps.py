"""What gives away a robot that fills in forms."""

import hashlib

from django.core.signing import BadSignature, TimestampSigner

# Seconds from making a page to a filled-in form; nobody types an address faster.
QUICKEST = 2
PURPOSE = "newsletter.shown"


def stamp() -> str:
    """Return a sealed note of the present second, for a form to carry."""
    return TimestampSigner(salt=PURPOSE).sign("")


def is_too_quick(stamped: str) -> bool:
    """Say whether the form came back sooner than a person could have filled it in.

    Only a seal of ours that is younger than two seconds says so. The rule never
    refuses a page from a cache or one left open for a day, because these are older.
    It lets every form without a seal pass: the short form at the foot of each page
    has none, since a page of the library has to be the same for everybody. A robot
    may leave the seal out, too; the trap is for those that fetch the sign-up page
    and send it back as they found it.
    """
    try:
        TimestampSigner(salt=PURPOSE).unsign(stamped, max_age=QUICKEST)
    except BadSignature:
        return False
    return True


def tag_without(stamped: str, body: bytes) -> str:
    """Return an ETag for a page that does not change with its seal.

    A browser that holds the page is told to go on using it, with the older seal.
    """
    return f'W/"{hashlib.sha256(body.replace(stamped.encode(), b"")).hexdigest()[:32]}"'
