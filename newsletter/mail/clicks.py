"""The addresses in mail through which a click is counted, without saying whose it is."""

from typing import NamedTuple

from kei_site.common.signing import sign, unsign
from newsletter.mail.links import absolute

CLICK = "newsletter.click"


class Click(NamedTuple):
    """Which link of which issue was followed."""

    issue_id: int
    number: int


def tracked(issue_id: int, number: int) -> str:
    """Return the address that counts a click and leads on to a link of an issue."""
    return absolute("newsletter:go", sign(CLICK, f"{issue_id}.{number}"))


def read_click(signed: str) -> Click | None:
    """Return what was followed, or None for an address we did not make."""
    value = unsign(CLICK, signed)
    return Click(*map(int, value.split("."))) if value is not None else None
