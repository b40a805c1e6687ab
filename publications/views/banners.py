"""What stands over a page that is not, or not yet, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from publications.site import Link


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence over the page, and what there is to say of it besides."""

    text: str
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AsOf:
    """The bar over a page that is shown as of another moment."""

    said: str
    # What the field of the bar holds.
    typed: str
    problem: str
    zone: str
    pages: Sequence[Link]
