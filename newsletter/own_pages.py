"""Which addresses of our own lead readers somewhere, those of issues among them."""

from collections.abc import Iterable

from newsletter.archived import archived
from publications import own_pages


def missing(paths: Iterable[str]) -> list[str]:
    """Return the paths at which readers find nothing, in at most one query for each sort."""
    return own_pages.missing(paths, {"newsletter:issue": lambda: [archived()]})
