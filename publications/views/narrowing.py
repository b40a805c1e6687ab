"""How results can be narrowed: the values of each facet with their counts, and what is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.search.facets import Facet
from publications.search.finding import Finding
from publications.search.labels import Name, names_of
from publications.search.params import SearchParams
from publications.views.years import Years, draw_years, years_in_words

SHOWN = 8
MOST = 20
HEADINGS = {
    Facet.KIND: gettext_lazy("Kind"),
    Facet.TOPIC: gettext_lazy("Topic"),
    Facet.AUTHOR: gettext_lazy("Author"),
    Facet.YEAR: gettext_lazy("Year"),
    Facet.REGION: gettext_lazy("Region"),
    Facet.OUTLET: gettext_lazy("Outlet"),
    Facet.SERIES: gettext_lazy("Series"),
    Facet.LANGUAGE: gettext_lazy("Language"),
    Facet.PDF: gettext_lazy("File"),
}


class Choice(NamedTuple):
    """A value of a facet and the address that adds it or, when it is chosen, takes it away."""

    key: str
    label: str
    works: int
    is_chosen: bool
    # Empty for a value that was typed: it goes with its words.
    url: str


@dataclass(frozen=True, slots=True)
class FacetBox:
    """The values of one facet, the most frequent first."""

    facet: Facet
    heading: str
    choices: Sequence[Choice]
    # What `Show more` shows.
    more: Sequence[Choice]


class Chip(NamedTuple):
    """A filter in use, and the address without it."""

    facet: Facet
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """All that stands beside the results."""

    boxes: Sequence[FacetBox]
    years: Years | None
    chips: Sequence[Chip]
    clear_url: str


def address(params: SearchParams) -> str:
    """Return the address of the search page in this state, from the search page."""
    query = params.to_query()
    return f"?{query}" if query else reverse("publications:search")


def narrow(params: SearchParams, finding: Finding) -> Narrowing:
    """Arrange the facets of what was found; one query, for the names."""
    values = {facet: _values(facet, finding) for facet in HEADINGS}
    names = names_of(values)
    boxes = [
        _box(facet, params, finding, [pk for pk in ids if (facet, pk) in names], names)
        for facet, ids in values.items()
        if facet is not Facet.YEAR and _is_worth_showing(facet, finding)
    ]
    return Narrowing(
        boxes=boxes,
        years=draw_years(params, finding),
        chips=_chips(params, names),
        clear_url=address(params.cleared()),
    )


def _values(facet: Facet, finding: Finding) -> list[int]:
    """Return the most frequent values, and then those that are chosen though they are rare."""
    frequent = [pk for pk, _works in finding.found.facets[facet].most_common(MOST)]
    return [*frequent, *finding.filters.get(facet, frozenset()).difference(frequent)]


def _is_worth_showing(facet: Facet, finding: Finding) -> bool:
    """Say whether a facet tells results apart."""
    counts = finding.found.facets[facet]
    all_have_the_same = len(counts) == 1 and finding.found.total in counts.values()
    return bool(finding.filters.get(facet)) or (bool(counts) and not all_have_the_same)


def _box(
    facet: Facet,
    params: SearchParams,
    finding: Finding,
    values: Sequence[int],
    names: Mapping[tuple[Facet, int], Name],
) -> FacetBox:
    chosen = finding.filters.get(facet, frozenset())
    slugs = params.filters.get(facet, ())
    counts = finding.found.facets[facet]
    query_with = params.query_with(facet)

    def choice(pk: int) -> Choice:
        slug, label = names[facet, pk]
        if slug in slugs:
            url = address(params.without_value(facet, slug))
        elif pk in chosen:
            url = ""
        else:
            url = f"?{query_with(slug)}"
        return Choice(f"{facet}:{slug}", label, counts[pk], pk in chosen, url)

    choices = [choice(pk) for pk in values]
    first, rest = choices[:SHOWN], choices[SHOWN:]
    return FacetBox(
        facet,
        str(HEADINGS[facet]),
        choices=[*first, *(each for each in rest if each.is_chosen)],
        more=[each for each in rest if not each.is_chosen],
    )


def _chips(params: SearchParams, names: Mapping[tuple[Facet, int], Name]) -> list[Chip]:
    labels = {(facet, name.slug): name.label for (facet, _pk), name in names.items()}
    chips = [
        Chip(
            facet,
            _("%(facet)s: %(value)s")
            % {"facet": HEADINGS[facet], "value": labels.get((facet, slug), slug)},
            address(params.without_value(facet, slug)),
        )
        for facet, slugs in params.filters.items()
        for slug in slugs
    ]
    if params.years:
        chips.append(
            Chip(Facet.YEAR, years_in_words(params), address(params.without_facet(Facet.YEAR)))
        )
    return chips
