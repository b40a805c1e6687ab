"""The results of each year, drawn, and the form that asks for a span of years."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from publications.search.facets import Facet
from publications.search.finding import Finding
from publications.search.params import SearchParams

# The drawing of the years, in its own units.
BAR = 4
HEIGHT = 40


class Bar(NamedTuple):
    """The works of a year in the drawing."""

    year: int
    works: int
    x: int
    y: int
    height: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Years:
    """The drawing of the years, and the form beside it."""

    bars: Sequence[Bar]
    width: int
    height: int
    chosen_first: int | None
    chosen_last: int | None
    # What the form keeps of the address.
    hidden: Sequence[tuple[str, str]]

    @property
    def first(self) -> int | None:
        """The first year with results."""
        return self.bars[0].year if self.bars else None

    @property
    def last(self) -> int | None:
        """The last year with results."""
        return self.bars[-1].year if self.bars else None


def draw_years(params: SearchParams, finding: Finding) -> Years | None:
    """Draw the works of each year, from the first year with any to the last."""
    counts = finding.found.facets[Facet.YEAR]
    if len(counts) < 2 and not params.years:
        return None
    chosen = finding.filters.get(Facet.YEAR, counts)
    most = max(counts.values(), default=1)
    bars = []
    for place, year in enumerate(range(min(counts, default=0), max(counts, default=-1) + 1)):
        height = -(-counts[year] * HEIGHT // most)
        bars.append(Bar(year, counts[year], place * BAR, HEIGHT - height, height, year in chosen))
    return Years(
        bars=bars,
        width=len(bars) * BAR - 1,
        height=HEIGHT,
        chosen_first=params.year_from,
        chosen_last=params.year_to,
        hidden=params.without_facet(Facet.YEAR).pairs(),
    )


def years_in_words(params: SearchParams) -> str:
    """Write the years that are chosen."""
    years = {"first": params.year_from, "last": params.year_to}
    if params.year_from == params.year_to:
        return params.years
    if params.year_to is None:
        return _("From %(first)d") % years
    if params.year_from is None:
        return _("Until %(last)d") % years
    return _("%(first)d–%(last)d") % years
