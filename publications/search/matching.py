"""From what is asked for to a condition for PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from publications.search import facets
from publications.search.documents import ALL
from publications.search.facets import Facet, Filters
from publications.search.query import Group, Phrase, Query
from publications.search.statistics import Statistics

# Partial matches have one of the telling words: the rarest, as long as they are in so few works.
TELLING = 2_000


@dataclass(frozen=True, slots=True)
class Match:
    """A condition on works: a tsquery, and what the number of matches cannot exceed."""

    query: str
    bound: int
    # Whether words must stand side by side: the index does not know, so each work is read.
    is_read: bool = False


def all_of(groups: Iterable[Group], statistics: Statistics) -> Match:
    """Match works that have each of the groups; without groups, all works."""
    matches = [_group(group, statistics) for group in groups]
    return both(*matches) if matches else Match(quoted(ALL), statistics.works)


def quotes_alone(groups: Sequence[Group], statistics: Statistics) -> Match | None:
    """Match all that is quoted, whatever else is asked for; None if only one of both is there."""
    required = [_group(group, statistics) for group in groups if group.is_quoted]
    return both(*required) if 0 < len(required) < len(groups) else None


def any_of_telling(groups: Sequence[Group], statistics: Statistics) -> Match | None:
    """Match any of the telling words that are not quoted; None if there is nothing to choose."""
    free = [_group(group, statistics) for group in groups if not group.is_quoted]
    if len(groups) < 2 or not free:
        return None
    telling: list[Match] = []
    works = 0
    for match in sorted(free, key=lambda match: match.bound):
        if works and works + match.bound > TELLING:
            break
        works += match.bound
        telling.append(match)
    return Match(
        either(match.query for match in telling),
        works,
        is_read=any(match.is_read for match in telling),
    )


def narrowed(match: Match, query: Query, filters: Filters, statistics: Statistics) -> Match:
    """Keep of a match what the filters keep and what has nothing that is excluded."""
    kept = both(
        match,
        *(_filter(facet, values, statistics) for facet, values in filters.items() if values),
    )
    excluded = "".join(f" & !{_phrase(phrase)}" for phrase in query.excluded)
    return replace(kept, query=kept.query + excluded)


def both(*matches: Match) -> Match:
    """Match what all of `matches` do."""
    return Match(
        " & ".join(match.query for match in matches),
        min(match.bound for match in matches),
        is_read=any(match.is_read for match in matches),
    )


def either(queries: Iterable[str]) -> str:
    """Return a tsquery for what any of these find."""
    return f"({' | '.join(queries)})"


def quoted(lexeme: str) -> str:
    """Return a lexeme as a tsquery; lexemes have neither quotes nor backslashes in them."""
    return f"'{lexeme}'"


def _group(group: Group, statistics: Statistics) -> Match:
    return Match(
        either(map(_phrase, group.alternatives)),
        sum(map(statistics.bound, group.alternatives)),
        is_read=any(any(phrase.distances) for phrase in group.alternatives),
    )


def _filter(facet: Facet, values: Iterable[int], statistics: Statistics) -> Match:
    lexemes = [facets.lexeme(facet, value) for value in sorted(values)]
    return Match(either(map(quoted, lexemes)), sum(map(statistics.of, lexemes)))


def _phrase(phrase: Phrase) -> str:
    """Write lexemes with their distances; all of them at distance 0 may stand anywhere."""
    first, *rest = map(quoted, phrase.lexemes)
    if not any(phrase.distances):
        return f"({' & '.join([first, *rest])})"
    steps = zip(phrase.distances[1:], rest, strict=True)
    return f"({first}{''.join(f' <{distance}> {each}' for distance, each in steps)})"
