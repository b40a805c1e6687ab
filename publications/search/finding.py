"""From what an address asks for to the works that answer it: for the page and for every file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publications.search import engine
from publications.search.engine import Found, with_endings
from publications.search.facets import Filters
from publications.search.labels import resolve
from publications.search.params import SearchParams
from publications.search.query import Query, parse
from publications.search.spelling import correct
from publications.search.synonyms import expand


@dataclass(frozen=True, slots=True)
class Finding:
    """One page of results, and how the question was understood."""

    # What was searched in the end: with synonyms, and with the spelling corrected.
    query: Query
    # The filters of the address and those typed as `author:kim`, as ids.
    filters: Filters
    found: Found
    # What was searched instead of what was typed, as text for the reader; empty if nothing was.
    correction: str = ""
    # What was probably meant, with the spelling corrected, though it found nothing either.
    meant: Query | None = None
    # What was chosen or typed and names nothing, with its field: ("author", "nobody").
    unknown: Sequence[tuple[str, str]] = ()


def find(params: SearchParams, *, limit: int, now: datetime) -> Finding:
    """Find page `params.page` of `limit` results.

    When no work has all words, misspelled ones are corrected, unless `params.exact`.
    """
    typed = parse(params.q)
    filters, unknown = resolve(params, typed.fields)

    def found(query: Query) -> Finding:
        query = with_endings(expand(query))
        offset = (params.page - 1) * limit
        results = engine.search(
            query, filters, sort=params.sort, offset=offset, limit=limit, now=now
        )
        return Finding(query, filters, results, unknown=unknown)

    finding = found(typed)
    if finding.found.full or params.exact or not typed.groups:
        return finding
    correction = correct(typed, now=now)
    if not correction:
        return finding
    corrected = found(parse(correction))
    if corrected.found.total:
        return replace(corrected, correction=correction)
    return replace(finding, meant=corrected.query)
