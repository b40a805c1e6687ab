"""Finding publications by words.

A query is asked of one GIN index: words, phrases, facets and a work's random sample are all
lexemes of one vector. Libraries of up to `EXACT` works are counted and ranked in full. Larger
ones as well, as long as the rarest thing asked for is rare; else counts come from a sample, and
the best are looked for where the words weigh most.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection, transaction

from publications.search import facets
from publications.search.documents import LEVELS, SAMPLES, level_lexeme
from publications.search.facets import Counts, Facet, Filters
from publications.search.matching import (
    Match,
    all_of,
    any_of_telling,
    either,
    narrowed,
    quoted,
    quotes_alone,
)
from publications.search.query import Phrase, Query
from publications.search.ranking import Ranking, lexemes_of
from publications.search.statistics import (
    MOST_ENDINGS,
    MOST_UNWANTED,
    Statistics,
    endings,
    read_statistics,
)

# Up to so many works, whatever is found is ranked and counted in full.
EXACT = 10_000
# In larger libraries so many are.
SMALL = 3_000
# So many make a sample; fewer where each must be read to know whether it matches.
SAMPLE, READ = 1_500, 400
# So many entries of the index are walked to find out that only a few match.
WALKED = 60_000
# With fewer full matches than these, partial ones follow.
FEW = 10
# Of an estimated number of results so many can be paged through.
REACHABLE = 1_000
# How many of the best-placed works are ranked when not all can be, and how often more are tried.
CANDIDATES = 600
ATTEMPTS = 4
ATTEMPTS_TO_READ = 1


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results and what is known about all of them."""

    # Ids of publications, in order.
    ids: Sequence[int]
    total: int
    # How many of `total` have all words; the rest are partial matches and come after them.
    full: int
    # Whether `total` and `facets` come from a sample.
    is_estimate: bool
    # For a facet in use: its counts without its own filter, so that one can add a value.
    facets: Counts
    # How many of the results can be paged through.
    reachable: int


ORDERS = {
    Sort.RELEVANCE: "score DESC, public_from DESC, id DESC",
    Sort.NEWEST: "public_from DESC, id DESC",
    Sort.OLDEST: "public_from, id",
}
# IS TRUE keeps the planner from reading every public work by the index of its date.
MATCHED = """
SELECT publication_id AS id, public_from, {columns} FROM publications_searchdocument
WHERE vector @@ %(match)s::tsquery AND (public_from <= %(now)s) IS TRUE
"""
# OFFSET 0 keeps the planner from computing `norm` anew for each word.
IN_FULL = """
WITH matched AS MATERIALIZED (
    SELECT id, public_from, facets, {score} AS score FROM ({matched} OFFSET 0) AS document
)
SELECT
    ARRAY(SELECT id FROM matched ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s),
    count(*),
    string_agg(facets, '')
FROM matched
"""
# Two conditions: the index asks the second only of what fulfills the first.
BEST = """
SELECT ARRAY(
    SELECT id FROM (
        SELECT id, public_from, {score} AS score
        FROM ({matched} AND vector @@ %(within)s::tsquery OFFSET 0) AS document
    ) AS ranked ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s
)
"""
COUNTED = "SELECT count(*), string_agg(facets, '') FROM ({matched}) AS document"
SOME = "SELECT count(*) FROM ({matched} LIMIT %(limit)s) AS document"
MONTHS = """
SELECT lexeme, documents FROM publications_searchcount
WHERE lexeme >= 'month:' AND lexeme < 'month;' AND documents > 0 ORDER BY lexeme
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which results are asked for."""

    query: Query
    filters: Filters
    sort: Sort
    offset: int
    limit: int
    now: datetime
    # Full matches, to put first among partial ones.
    first: tuple[int, ...] = ()

    @property
    def is_ranked(self) -> bool:
        """Whether the order asks for a score."""
        return self.sort == Sort.RELEVANCE


def search(
    query: Query,
    filters: Filters,
    *,
    sort: Sort = Sort.RELEVANCE,
    offset: int = 0,
    limit: int = 20,
    now: datetime,
) -> Found:
    """Return results `offset` to `offset + limit`; without words, what the filters keep."""
    query = with_endings(query)
    if not query.groups and sort == Sort.RELEVANCE:
        sort = Sort.NEWEST
    chosen = [facets.lexeme(facet, value) for facet, values in filters.items() for value in values]
    statistics = read_statistics([*lexemes_of(query.groups), *chosen])
    wanted = Wanted(query, filters, sort, offset, limit, now)
    with _by_index():
        return _search(wanted, statistics)


def with_endings(query: Query) -> Query:
    """Replace each beginning of a word by the words it may stand for."""
    phrases = [phrase for group in query.groups for phrase in group.alternatives]
    known = _known_endings(phrases, MOST_ENDINGS)
    unwanted = _known_endings(query.excluded, MOST_UNWANTED)
    if not known and not unwanted:
        return query
    groups = (
        replace(
            group,
            alternatives=tuple(
                ending for phrase in group.alternatives for ending in _endings(phrase, known)
            ),
        )
        for group in query.groups
    )
    excluded = (ending for phrase in query.excluded for ending in _endings(phrase, unwanted))
    return replace(query, groups=tuple(groups), excluded=tuple(excluded))


def _known_endings(phrases: Iterable[Phrase], most: int) -> Mapping[str, list[str]]:
    beginnings = {phrase.lexemes[-1] for phrase in phrases if phrase.is_prefix}
    return endings(beginnings, most=most) if beginnings else {}


def _endings(phrase: Phrase, known: Mapping[str, list[str]]) -> Iterator[Phrase]:
    if not phrase.is_prefix:
        yield phrase
        return
    *start, last = phrase.lexemes
    for lexeme in known[last] or [last]:
        yield Phrase((*start, lexeme), phrase.distances)


def _search(wanted: Wanted, statistics: Statistics) -> Found:
    """Look for all words; when few works have them, for any of the telling ones as well."""
    groups = wanted.query.groups
    every = all_of(groups, statistics)
    found = _evaluate(every, wanted, statistics)
    if len(groups) < 2 or not _is_rare(every, found, wanted, statistics):
        return found
    # What is quoted stays required, unless no work has it.
    telling = quotes_alone(groups, statistics)
    if telling is None or not _some(telling, wanted, statistics):
        telling = any_of_telling(groups, statistics)
    if telling is None:
        return found
    if not found.total:
        return replace(_evaluate(telling, wanted, statistics), full=0)
    full = _evaluate(every, replace(wanted, offset=0, limit=FEW), statistics)
    partial = _evaluate(telling, replace(wanted, first=tuple(full.ids)), statistics)
    return replace(partial, full=found.total)


def _is_rare(every: Match, found: Found, wanted: Wanted, statistics: Statistics) -> bool:
    """Say whether so few works match in full that partial matches are to follow.

    That does not depend on the filters: choosing one never adds other works.
    """
    if found.total >= FEW or not any(wanted.filters.values()):
        return found.total < FEW
    return _some(every, wanted, statistics) < FEW


def _some(match: Match, wanted: Wanted, statistics: Statistics) -> int:
    """Count the works that match whatever the filters are, up to a few."""
    unfiltered = narrowed(match, wanted.query, {}, statistics)
    if not unfiltered.bound:
        return 0
    statement = SOME.format(matched=MATCHED.format(columns="1"))
    (number,) = _run(statement, unfiltered, replace(wanted, limit=FEW))
    return int(number)


def _evaluate(match: Match, wanted: Wanted, statistics: Statistics) -> Found:
    kept = narrowed(match, wanted.query, wanted.filters, statistics)
    without = {
        facet: narrowed(match, wanted.query, _without(facet, wanted.filters), statistics)
        for facet, values in wanted.filters.items()
        if values
    }
    is_small = statistics.works <= EXACT
    if is_small or kept.bound <= SMALL:
        found = _in_full(kept, wanted, statistics)
    else:
        found = _estimated(kept, wanted, statistics)
    for facet, wider in without.items():
        counted = _counted if is_small or wider.bound <= SMALL else _sampled
        found.facets[facet] = counted(wider, wanted)[1][facet]  # type: ignore[index]
    return found


def _in_full(kept: Match, wanted: Wanted, statistics: Statistics) -> Found:
    """Rank and count every match."""
    if not kept.bound:
        return Found((), 0, 0, is_estimate=False, facets=facets.count(b""), reachable=0)
    ids, total, packed = _run(_ranked(IN_FULL, wanted, statistics), kept, wanted)
    return Found(
        ids,
        total,
        total,
        is_estimate=False,
        facets=facets.count(packed or b""),
        reachable=total,
    )


def _counted(match: Match, wanted: Wanted) -> tuple[int, Counts]:
    if not match.bound:
        return 0, facets.count(b"")
    statement = COUNTED.format(matched=MATCHED.format(columns="facets"))
    number, packed = _run(statement, match, wanted)
    return number, facets.count(packed or b"")


def _estimated(kept: Match, wanted: Wanted, statistics: Statistics) -> Found:
    """Rank the most promising matches, count in a sample."""
    total, counts = _sampled(kept, wanted)
    if total <= SMALL and kept.bound <= WALKED and not kept.is_read:
        return _in_full(kept, wanted, statistics)
    total = max(total, 1)
    ids: Sequence[int] = ()
    if wanted.offset < REACHABLE:
        places = _impacts if wanted.is_ranked else _months
        # Where each must be read, the few that match may be anywhere among those with the words.
        many, attempts = (kept.bound, ATTEMPTS_TO_READ) if kept.is_read else (total, ATTEMPTS)
        tried = islice(places(wanted, statistics, many), attempts)
        ids = _best(kept, tried, wanted, statistics)
    complete = len(ids) == wanted.limit
    reachable = min(total, REACHABLE) if complete else wanted.offset + len(ids)
    return Found(ids, total, total, is_estimate=True, facets=counts, reachable=reachable)


def _sampled(match: Match, wanted: Wanted) -> tuple[int, Counts]:
    """Estimate how many works match, and their facets, from a random sample of all works."""
    halvings = min(SAMPLES, (match.bound // (READ if match.is_read else SAMPLE)).bit_length())
    sample = replace(match, query=f"{quoted(f'sample:{halvings}')} & {match.query}")
    number, counts = _counted(sample, wanted)
    for counter in counts.values():
        for value in counter:
            counter[value] <<= halvings
    return number << halvings, counts


def _best(
    kept: Match, places: Iterator[str], wanted: Wanted, statistics: Statistics
) -> Sequence[int]:
    """Return the results of the page from the first of `places` that holds enough of them."""
    ids: Sequence[int] = ()
    for place in places:
        statement = _ranked(BEST, wanted, statistics)
        (ids,) = _run(statement, replace(kept, query=place), wanted, within=kept.query)
        if len(ids) == wanted.limit:
            break
    return ids


def _impacts(wanted: Wanted, statistics: Statistics, total: int) -> Iterator[str]:
    """Yield where to look for the best: among the works in which a frequent word weighs most."""
    frequent = [
        lexeme for lexeme in lexemes_of(wanted.query.groups) if statistics.of(lexeme) > SMALL
    ]
    names = {lexeme: [level_lexeme(lexeme, n) for n in range(LEVELS)] for lexeme in frequent}
    levels = read_statistics(name for each in names.values() for name in each)
    if not any(map(levels.of, (name for each in names.values() for name in each))):
        yield from _months(replace(wanted, sort=Sort.NEWEST), statistics, total)
        return
    highest = max(map(statistics.idf, frequent))
    sought = max(CANDIDATES, 3 * (wanted.offset + wanted.limit))
    while True:
        chosen: list[str] = []
        for lexeme in frequent:
            # So many of the works with the word are needed for as many results as are sought;
            # fewer of one that adds less to a score.
            share = statistics.idf(lexeme) / highest
            missing = math.ceil(share * sought * statistics.of(lexeme) / total)
            for name in reversed(names[lexeme]):
                if missing <= 0:
                    break
                missing -= levels.of(name)
                chosen += [name] if levels.of(name) else []
        yield either(map(quoted, chosen))
        sought *= 4


def _months(wanted: Wanted, statistics: Statistics, total: int) -> Iterator[str]:
    """Yield where to look for the newest or the oldest: in more and more months."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        months = cursor.fetchall()
    if wanted.sort != Sort.OLDEST:
        months.reverse()
    sought = max(CANDIDATES // 4, 2 * (wanted.offset + wanted.limit)) * statistics.works // total
    number = 0
    while number < len(months):
        works = 0
        while number < len(months) and works < sought:
            works += months[number][1]
            number += 1
        yield either(quoted(month) for month, _ in months[:number])
        sought *= 4


def _ranked(statement: str, wanted: Wanted, statistics: Statistics) -> str:
    """Fill in what a statement ranks by; a date alone needs no score."""
    ranking = Ranking(wanted.query, statistics, wanted.now, wanted.first)
    order = ORDERS[wanted.sort]
    if wanted.is_ranked:
        columns = f"facets, terms, day, title_key, {ranking.norm} AS norm"
        score = ranking.score
    else:
        columns, score = "facets", ranking.is_first
        order = f"score DESC, {order}"
    return statement.format(score=score, matched=MATCHED.format(columns=columns), order=order)


def _without(facet: Facet, filters: Filters) -> Filters:
    return {each: values for each, values in filters.items() if each != facet}


def _run(statement: str, match: Match, wanted: Wanted, **more: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "match": match.query,
                "now": wanted.now,
                "offset": wanted.offset,
                "limit": wanted.limit,
                **more,
            },
        )
        return cursor.fetchone()


@contextmanager
def _by_index() -> Iterator[None]:
    """Leave the planner only the GIN index: it takes reading every vector to be cheap."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, 'off', true)"
                " FROM unnest(ARRAY['enable_seqscan', 'enable_indexscan', 'jit']) AS name"
            )
        yield
