"""What is refreshed after a write; the only place."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db.models import Model

from publications.actions.link_uses import note_links
from publications.actions.picture_uses import TEXTS, note_uses
from publications.models import Author, Image, Kind, Outlet, Page, Publication, Series, Tag
from publications.search.indexing import forget, index
from publications.search.suggestion_labels import (
    NAMED,
    write_labels,
    write_labels_of,
    write_thing_labels,
)

BATCH = 500


def after_write(*works: Publication) -> None:
    """Bring everything derived from these works up to date, in the same transaction."""
    ids = [work.pk for work in works]
    note_uses(Publication, ids)
    index(ids)
    note_links(ids)


def before_delete(thing: Model) -> None:
    """Take back what is derived from a thing that is about to go, but for the works showing it."""
    if isinstance(thing, Publication):
        forget([thing.pk])
    elif type(thing) in NAMED:
        source, _fields = NAMED[type(thing)]
        write_labels(source, [(thing.pk, "", 0)])


def after_new(things: Sequence[Model]) -> None:
    """Make known to searching what was written in bulk: authors, say, all of one model."""
    if things:
        write_labels_of(type(things[0]), [thing.pk for thing in things])


def after_rename(thing: Model) -> None:
    """Bring up to date what shows the name of `thing`: an author, tag, outlet, series or kind."""
    if isinstance(thing, Author | Kind | Outlet | Series | Tag):
        write_thing_labels(thing)
    refresh(works_showing(thing))


def refresh(work_ids: Iterable[int]) -> None:
    """Bring up to date what derives from the works of these ids and from what they show."""
    for ids in batched(work_ids, BATCH):
        index(ids)


def after_text(before: Model | None, thing: Model) -> None:
    """Bring up to date which pictures stand in the text of an author, page or series."""
    if isinstance(thing, Author | Page | Series):
        field, _column = TEXTS[type(thing)]
        if getattr(thing, field) != getattr(before, field, ""):
            note_uses(type(thing), [thing.pk])


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
        case Image():
            return works.filter(lead_image=thing).iterator()
    return ()
