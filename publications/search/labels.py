"""From what addresses and readers call the values of facets to ids, and from ids to names."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from publications.models import Language
from publications.search.facets import Facet, Filters, language_value
from publications.search.params import SearchParams, read_years

# A name typed as `author:kim` may be that of several.
MOST = 50
# A value that no work has.
NOBODY = 0


class Name(NamedTuple):
    """What stands for a value in an address, and what readers call it."""

    slug: str
    label: str


class Source(NamedTuple):
    """Where the values of a facet are, in SQL."""

    table: str
    label: str
    other: str = "''"
    condition: str = "true"


SOURCES = {
    Facet.KIND: Source("publications_kind", "plural", "name"),
    Facet.AUTHOR: Source("publications_author", "display_name", "native_name"),
    Facet.TOPIC: Source("publications_tag", "name", condition="\"group\" <> 'region'"),
    Facet.REGION: Source("publications_tag", "name", condition="\"group\" = 'region'"),
    Facet.OUTLET: Source("publications_outlet", "name"),
    Facet.SERIES: Source("publications_series", "title"),
}
# What can be typed before a colon, and where the name after it is looked up.
FIELDS: Mapping[str, Sequence[Facet]] = {
    **{facet.value: [facet] for facet in SOURCES},
    "tag": [Facet.TOPIC, Facet.REGION],
}

# A field and the text after it.
Asked = tuple[str, str]


class Row(NamedTuple):
    """A value that a text may mean."""

    facet: str
    text: str
    pk: int
    is_exact: bool


def _words(text: str) -> str:
    """Return SQL for the words of a name, however it is accented and punctuated."""
    plain = f"translate(lower(unaccent({text})), '-.,''’', '     ')"
    return f"array_remove(string_to_array({plain}, ' '), '')"


LABELS = " UNION ALL ".join(
    f"SELECT '{facet}', id, slug, {source.label} FROM {source.table} WHERE id = ANY(%({facet})s)"  # noqa: S608
    for facet, source in SOURCES.items()
)
BY_SLUG = {
    facet: f"""
    SELECT '{facet}', slug, id, true FROM {source.table}
    WHERE slug = ANY(%({facet}_slugs)s) AND {source.condition}
    """  # noqa: S608
    for facet, source in SOURCES.items()
}
# A name is meant when it is what was typed, else when all typed words are in it.
BY_NAME = {
    facet: f"""(
    SELECT
        '{facet}', typed, id,
        slug = lower(typed) OR {_words("typed")} IN ({_words(source.label)}, {_words(source.other)})
    FROM unnest(%({facet}_names)s::text[]) AS typed
    JOIN {source.table} ON {source.condition} AND (
        slug = lower(typed)
        OR {_words("typed")} <> '{{}}'
        AND {_words(source.label)} || {_words(source.other)} @> {_words("typed")}
    )
    ORDER BY 4 DESC, 3 LIMIT {MOST}
    )"""  # noqa: S608
    for facet, source in SOURCES.items()
}
YEARS = """
    SELECT 'year', '', substr(lexeme, 6)::int, true FROM publications_searchcount
    WHERE lexeme >= 'year:' AND lexeme < 'year;' AND documents > 0
"""


def names_of(values: Mapping[Facet, Collection[int]]) -> dict[tuple[Facet, int], Name]:
    """Return what to call these values; one that is no more has no name."""
    names = {(Facet.YEAR, year): Name(str(year), str(year)) for year in values.get(Facet.YEAR, ())}
    names[Facet.PDF, 1] = Name("1", _("With a PDF"))
    for code, label in Language.choices:
        names[Facet.LANGUAGE, language_value(code)] = Name(code, str(label))
    with connection.cursor() as cursor:
        cursor.execute(LABELS, {facet.value: list(values.get(facet, ())) for facet in SOURCES})
        for facet, pk, slug, label in cursor.fetchall():
            names[Facet(facet), pk] = Name(slug, label)
    return names


def resolve(
    params: SearchParams, fields: Mapping[str, Sequence[str]]
) -> tuple[Filters, list[tuple[str, str]]]:
    """Return the filters of an address and of typed fields as ids, and what names nothing.

    What is typed as `author:kim` joins the values chosen of that facet. What names nothing
    becomes a value that no work has, and is returned as field and text.
    """
    chosen = [(facet.value, text) for facet, texts in params.filters.items() for text in texts]
    typed = [("year", params.years)] if params.years else []
    typed += [(field, text) for field, texts in fields.items() for text in texts]
    rows = _rows(chosen, typed)
    filters: dict[Facet, frozenset[int]] = {}
    unknown: list[tuple[str, str]] = []
    for field, text in [*chosen, *typed]:
        facet, ids = _meant(field, text, rows)
        if not ids:
            unknown.append((field, text))
        filters[facet] = filters.get(facet, frozenset()) | (ids or {NOBODY})
    return filters, unknown


def _rows(chosen: Sequence[Asked], typed: Sequence[Asked]) -> list[Row]:
    """Look up slugs that were chosen and names that were typed."""
    slugs, names = _by_facet(chosen), _by_facet(typed)
    parts = [BY_SLUG[facet] for facet in slugs] + [BY_NAME[facet] for facet in names]
    parts += [YEARS] if any(field == Facet.YEAR for field, _text in typed) else []
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(parts),
            {f"{facet}_slugs": texts for facet, texts in slugs.items()}
            | {f"{facet}_names": texts for facet, texts in names.items()},
        )
        return [Row(*row) for row in cursor.fetchall()]


def _by_facet(asked: Sequence[Asked]) -> dict[Facet, list[str]]:
    texts: dict[Facet, list[str]] = defaultdict(list)
    for field, text in asked:
        for facet in FIELDS.get(field, ()):
            texts[facet].append(text)
    return texts


def _meant(field: str, text: str, rows: Sequence[Row]) -> tuple[Facet, frozenset[int]]:
    """Return which values of which facet a text after a field means."""
    if field == Facet.YEAR:
        return Facet.YEAR, _years(text, rows)
    if field == Facet.LANGUAGE:
        return Facet.LANGUAGE, _languages(text)
    if field in {Facet.PDF, "filetype"}:
        return Facet.PDF, frozenset([1] if text.casefold() in {"1", "pdf"} else [])
    found = [row for row in rows if row.text == text and row.facet in FIELDS[field]]
    found = [row for row in found if row.is_exact] or found
    facets = FIELDS[field]
    facet = min((Facet(row.facet) for row in found), key=facets.index, default=facets[0])
    return facet, frozenset(row.pk for row in found if row.facet == facet)


def _years(text: str, rows: Sequence[Row]) -> frozenset[int]:
    """Return the years of a span that have works; when none has, one that finds nothing."""
    span = read_years(text)
    if span is None:
        return frozenset()
    first, last = span
    years = (row.pk for row in rows if row.facet == Facet.YEAR)
    return frozenset(
        year for year in years if (first or year) <= year <= (last or year)
    ) or frozenset([NOBODY])


def _languages(text: str) -> frozenset[int]:
    return frozenset(
        language_value(code)
        for code, label in Language.choices
        if text.casefold() in {code, str(label).casefold()}
    )
