"""What is refreshed after a write; the only place."""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db.models import Model

from publications.models import Author, Outlet, Publication, Series, Tag
from publications.search.indexing import index

BATCH = 500


def after_write(*works: Publication) -> None:
    """Bring everything derived from these works up to date, in the same transaction."""
    index(work.pk for work in works)


def after_rename(thing: Model) -> None:
    """Bring works up to date that show the name of `thing`: an author, tag, outlet or series."""
    refresh(works_showing(thing))


def refresh(work_ids: Iterable[int]) -> None:
    """Bring everything derived from the works of these ids up to date."""
    for ids in batched(work_ids, BATCH):
        index(ids)


def works_showing(thing: Model) -> Any:
    """Yield the ids of works whose page or index shows `thing`."""
    works: Any = Publication.objects.order_by("pk").values_list("pk", flat=True)
    match thing:
        case Author():
            return works.by_author(thing).iterator()
        case Tag():
            return works.tagged(thing).iterator()
        case Outlet():
            return works.filter(outlet=thing).iterator()
        case Series():
            return works.filter(series=thing).iterator()
    return ()
