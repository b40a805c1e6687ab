"""What a search that found nothing offers instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from publications.search import engine
from publications.search.engine import Sort
from publications.search.facets import Facet, Filters
from publications.search.finding import Finding
from publications.search.labels import NOBODY
from publications.search.params import SearchParams
from publications.search.query import Query
from publications.views.narrowing import Narrowing, address

NEWEST = 5
# So many filters are tried without; each costs a search.
TRIED = 3
QUOTES = str.maketrans("", "", '"“”„')


class Way(NamedTuple):
    """Another search, and how much it would find where that is known."""

    text: str
    url: str
    works: int | None = None


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """Ways out, and works that are near."""

    ways: Sequence[Way]
    heading: str
    ids: Sequence[int]


def way_out(params: SearchParams, finding: Finding, narrowing: Narrowing, now: datetime) -> DeadEnd:
    """Look for what is near to what was asked for."""
    nearest = _nearest(finding.filters)
    newest = engine.search(Query(), nearest, sort=Sort.NEWEST, limit=NEWEST, now=now)
    return DeadEnd(
        ways=[*_other_words(params), *_without_filters(params, finding, narrowing, now)],
        heading=_heading(narrowing, nearest),
        ids=newest.ids,
    )


def _other_words(params: SearchParams) -> list[Way]:
    ways = []
    if params.exact:
        url = address(replace(params, exact=False, page=1))
        ways.append(Way(_("Search with the spelling corrected"), url))
    if (loose := params.q.translate(QUOTES)) != params.q:
        ways.append(
            Way(_("Search without quotation marks"), address(replace(params, q=loose, page=1)))
        )
    return ways


def _without_filters(
    params: SearchParams, finding: Finding, narrowing: Narrowing, now: datetime
) -> list[Way]:
    """Say for each filter how much is found without it."""
    ways = []
    for facet in params.active[:TRIED]:
        kept = {each: values for each, values in finding.filters.items() if each is not facet}
        works = engine.search(finding.query, kept, limit=0, now=now).total
        chips = ", ".join(chip.text for chip in narrowing.chips if chip.facet is facet)
        text = _("Without “%(filter)s”") % {"filter": chips}
        ways += [Way(text, address(params.without_facet(facet)), works)] if works else []
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
