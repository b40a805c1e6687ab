"""The whole state of the search page, read from an address and written as one."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict

from publications.search.engine import Sort
from publications.search.facets import Facet

MAX_CHARS = 2000
MAX_VALUES = 20
MAX_VALUE_CHARS = 200
PAGE = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
# 2019, 2019..2024, 2019.., ..2024 or, as many write it, 2019-2024
YEARS = re.compile(r"([1-9][0-9]{3})|([1-9][0-9]{3})?(?:\.\.|[-–])([1-9][0-9]{3})?", re.ASCII)
# Stands for a value; no value that was typed has it in it.
ANY_VALUE = "\0"
# Control characters, and halves of characters, which neither UTF-8 nor PostgreSQL can hold.
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What is searched for, what is kept of it, in which order, and which page of that."""

    q: str = ""
    # Slugs, language codes or, for PDF, "1", as addresses have them; the years are apart.
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    # Whether the words count as they were typed, however they are spelled.
    exact: bool = False

    @classmethod
    def from_query(cls, query: QueryDict | Mapping[str, Sequence[str]]) -> Self:
        """Understand an address. Never fails: what makes no sense is as good as absent."""
        lists = dict(query.lists()) if isinstance(query, QueryDict) else query
        year_from, year_to = _typed_years(lists.get("year", ()))
        sort = _last(lists, "sort")
        page = _last(lists, "page")
        return cls(
            q=_clean(_last(lists, "q"), MAX_CHARS),
            filters={
                facet: values
                for facet in Facet
                if facet is not Facet.YEAR and (values := _values(facet, lists.get(facet, ())))
            },
            year_from=year_from,
            year_to=year_to,
            sort=Sort(sort) if sort in Sort else Sort.RELEVANCE,
            page=int(page) if PAGE.fullmatch(page) else 1,
            exact=_last(lists, "exact") == "1",
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values for an address, in a fixed order; what is usual is left out."""
        pairs = [("q", self.q)]
        for facet in Facet:
            values = (self.years,) if facet is Facet.YEAR else self.filters.get(facet, ())
            pairs += [(facet.value, value) for value in values]
        pairs += [
            ("sort", self.sort.value if self.sort is not Sort.RELEVANCE else ""),
            ("page", str(self.page) if self.page > 1 else ""),
            ("exact", "1" if self.exact else ""),
        ]
        return [pair for pair in pairs if pair[1]]

    def to_query(self) -> str:
        """Write the part of an address after its question mark."""
        return urlencode(self.pairs())

    def query_with(self, facet: Facet) -> Callable[[str], str]:
        """Return what writes the query of `with_value`; the rest of it is composed once."""
        if self.filters.get(facet):
            return lambda value: self.with_value(facet, value).to_query()
        query = self.with_value(facet, ANY_VALUE).to_query()
        return lambda value: query.replace(quote_plus(ANY_VALUE), quote_plus(value), 1)

    @property
    def years(self) -> str:
        """The years as the address has them, such as 2019..2024; empty without any."""
        if self.year_from == self.year_to:
            return str(self.year_from or "")
        return f"{self.year_from or ''}..{self.year_to or ''}"

    @property
    def active(self) -> list[Facet]:
        """The facets in use."""
        return [
            facet
            for facet in Facet
            if self.filters.get(facet) or (facet is Facet.YEAR and self.years)
        ]

    def with_value(self, facet: Facet, value: str) -> Self:
        """Keep works with this value too."""
        return self._with_values(facet, {*self.filters.get(facet, ()), value})

    def without_value(self, facet: Facet, value: str) -> Self:
        """Take one value of a filter away."""
        return self._with_values(facet, {*self.filters.get(facet, ())} - {value})

    def without_facet(self, facet: Facet) -> Self:
        """Take a whole filter away."""
        if facet is Facet.YEAR:
            return replace(self, year_from=None, year_to=None, page=1)
        return self._with_values(facet, ())

    def cleared(self) -> Self:
        """Take all filters away."""
        return replace(self, filters={}, year_from=None, year_to=None, page=1)

    def with_sort(self, sort: Sort) -> Self:
        """Put the results in another order."""
        return replace(self, sort=sort, page=1)

    def with_page(self, page: int) -> Self:
        """Turn to another page."""
        return replace(self, page=page)

    def as_typed(self) -> Self:
        """Look for the words as they were typed."""
        return replace(self, page=1, exact=True)

    def _with_values(self, facet: Facet, values: Iterable[str]) -> Self:
        others = {each: kept for each, kept in self.filters.items() if each is not facet}
        chosen = tuple(sorted(values)[:MAX_VALUES])
        return replace(self, filters=others | ({facet: chosen} if chosen else {}), page=1)


def read_years(text: str) -> tuple[int | None, int | None] | None:
    """Read “2019”, “2019..2024” or one with an open end; nothing when it is none of these."""
    found = YEARS.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    alone, first, last = (int(each) if each else None for each in found.groups())
    return _in_order(alone or first, alone or last)


def _typed_years(texts: Sequence[str]) -> tuple[int | None, int | None]:
    """Read the years of an address: `year=2019..2024`, or a form's two boxes, from and to."""
    if len(texts) == 2:
        first, last = (read_years(text) or (None, None) for text in texts)
        return _in_order(first[0], last[1])
    return (read_years(texts[-1]) if texts else None) or (None, None)


def _in_order(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    return (last, first) if first and last and first > last else (first, last)


def _values(facet: Facet, texts: Sequence[str]) -> tuple[str, ...]:
    if facet is Facet.PDF:
        return ("1",) if "1" in texts else ()
    values = {_clean(text, MAX_VALUE_CHARS) for text in texts} - {""}
    return tuple(sorted(values)[:MAX_VALUES])


def _last(lists: Mapping[str, Sequence[str]], name: str) -> str:
    values = lists.get(name)
    return values[-1] if values else ""


def _clean(text: str, length: int) -> str:
    return UNWRITABLE.sub(" ", text[:length]).strip()
