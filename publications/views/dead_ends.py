"""What a search that found nothing offers instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from publications.search import engine
from publications.search.engine import Sort
from publications.search.facets import Facet, Filters
from publications.search.finding import Finding, find
from publications.search.labels import NOBODY, resolve
from publications.search.params import SearchParams
from publications.search.query import Query, without_fields
from publications.views.narrowing import Narrowing, address

NEWEST = 5
# So many filters are tried without; each costs a search.
TRIED = 3
QUOTES = str.maketrans("", "", '"“”„')


class Way(NamedTuple):
    """Another search, and how much it finds."""

    text: str
    url: str
    works: int


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """Ways out, and works that are near."""

    ways: Sequence[Way]
    heading: str
    ids: Sequence[int]


def way_out(params: SearchParams, finding: Finding, narrowing: Narrowing, now: datetime) -> DeadEnd:
    """Look for what is near to what was asked for."""
    nearest = _nearest(finding.filters)
    ways = [*_other_words(params, now), *_without_filters(params, finding, narrowing, now)]
    newest = engine.search(Query(), nearest, sort=Sort.NEWEST, limit=NEWEST, now=now)
    return DeadEnd(
        ways=[way for way in ways if way.works],
        heading=_heading(narrowing, nearest),
        ids=newest.ids,
    )


def _other_words(params: SearchParams, now: datetime) -> list[Way]:
    """Offer to read the words less strictly, where that finds something."""
    others = {
        _("Search with the spelling corrected"): replace(params, exact=False),
        _("Search without quotation marks"): replace(params, q=params.q.translate(QUOTES)),
        _("Search for the words alone"): replace(params, q=without_fields(params.q)),
    }
    ways = []
    for text, other in others.items():
        if other.q and other != params:
            first = other.with_page(1)
            ways.append(Way(text, address(first), find(first, limit=0, now=now).found.total))
    return ways


def _without_filters(
    params: SearchParams, finding: Finding, narrowing: Narrowing, now: datetime
) -> list[Way]:
    """Say for each filter how much is found without it; if nothing, without any."""

    def works(params: SearchParams) -> int:
        filters, _unknown = resolve(params, query.fields)
        return engine.search(query, filters, limit=0, now=now).total

    query = finding.meant or finding.query
    ways = []
    for facet in params.active[:TRIED]:
        chips = ", ".join(chip.text for chip in narrowing.chips if chip.facet is facet)
        text = _("Without “%(filter)s”") % {"filter": chips}
        without = params.without_facet(facet)
        ways.append(Way(text, address(without), works(without)))
    if len(params.active) > 1 and not any(way.works for way in ways):
        cleared = params.cleared()
        ways.append(Way(_("Without all filters"), address(cleared), works(cleared)))
    return ways


def _nearest(filters: Filters) -> Filters:
    """Keep of the filters the one that says most about what is wanted."""
    for facet in (Facet.AUTHOR, Facet.TOPIC, Facet.SERIES, Facet.KIND, Facet.REGION, Facet.OUTLET):
        if known := filters.get(facet, frozenset()) - {NOBODY}:
            return {facet: known}
    return {}


def _heading(narrowing: Narrowing, filters: Filters) -> str:
    chosen = [
        choice.label
        for box in narrowing.boxes
        if box.facet in filters
        for choice in box.choices
        if choice.is_chosen
    ]
    if not chosen:
        return _("Latest publications")
    return _("Latest publications: %(names)s") % {"names": ", ".join(chosen)}
