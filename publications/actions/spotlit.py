"""A Spotlight is part of the history of its work, and setting one may end another's."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model

from publications.actions.recording import begin_history, record
from publications.models import Publication, Spotlight
from publications.permissions import Account


@contextmanager
def spotlit_recorded(thing: Model, written: Iterable[Any], *, by: Account | None) -> Iterator[None]:
    """Keep the history of the works, other than `thing`, whose Spotlights are written meanwhile."""
    spotlights = [each for each in written if isinstance(each, Spotlight)]
    works = _works_of(spotlights, but=thing) if spotlights else []
    for work in works:
        begin_history(work)
    yield
    for work in works:
        record(work, by=by)


def _works_of(spotlights: Iterable[Spotlight], *, but: Model) -> list[Publication]:
    """Lock the works of these Spotlights, and the one whose open end may be closed."""
    ids = {each.publication_id for each in spotlights}
    ids |= set(Spotlight.objects.filter(ends_at=None).values_list("publication_id", flat=True))
    if isinstance(but, Publication):
        ids.discard(but.pk)
    works = Publication.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(works.order_by("pk"))
