"""Why a work stands where it does among the results, for staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from publications.models import SearchDocument
from publications.search.documents import K1, average_weight, frequency, title_key
from publications.search.engine import with_endings
from publications.search.query import Group, Phrase, Query
from publications.search.ranking import (
    EXACT_TITLE,
    FRESHNESS,
    HALF_LIFE,
    MOST_SCORED,
    SECONDS_A_DAY,
    is_one_word,
    lexemes_of,
)
from publications.search.statistics import Statistics, read_statistics


@dataclass(frozen=True, slots=True)
class Reason:
    """What one term adds to the score of a work."""

    term: str
    # In how many works it occurs, and what that makes it worth.
    documents: int
    rarity: float
    # How often it occurs in this one, a headline counting more than the text.
    frequency: int
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The score of a work and what it is made of."""

    reasons: Sequence[Reason]
    length: int
    average_length: float
    # The factor for a recent date, from 1 to 1.1.
    freshness: float
    has_this_title: bool
    score: float


def explain(query: Query, ids: Iterable[int], *, now: datetime) -> dict[int, Explanation]:
    """Return the score of each of these works for `query` as `engine.search` computes it."""
    query = with_endings(query)
    statistics = read_statistics(lexemes_of(query.groups))
    documents = SearchDocument.objects.defer("vector", "facets").in_bulk(ids)
    today = int(now.timestamp()) // SECONDS_A_DAY
    return {pk: _explain(document, query, statistics, today) for pk, document in documents.items()}


def _explain(
    document: SearchDocument, query: Query, statistics: Statistics, today: int
) -> Explanation:
    reasons = {lexeme: _reason(lexeme, document, statistics) for lexeme in lexemes_of(query.groups)}
    freshness = 1 + FRESHNESS / (1 + max(today - document.day, 0) / HALF_LIFE)
    has_this_title = document.title_key == title_key(query.text)
    score = sum(_group(group, reasons) for group in query.groups) * freshness
    return Explanation(
        reasons=sorted(reasons.values(), key=lambda reason: -reason.points),
        length=document.length,
        average_length=statistics.average,
        freshness=freshness,
        has_this_title=has_this_title,
        score=score + (EXACT_TITLE if has_this_title else 0),
    )


def _reason(lexeme: str, document: SearchDocument, statistics: Statistics) -> Reason:
    count = frequency(document.terms, lexeme)
    rarity = statistics.idf(lexeme)
    norm = K1 * average_weight(document.length, statistics.average)
    return Reason(lexeme, statistics.of(lexeme), rarity, count, rarity * count / (norm + count))


def _group(group: Group, reasons: dict[str, Reason]) -> float:
    scored = group.alternatives[:MOST_SCORED]
    return group.times * max(_phrase(phrase, reasons) for phrase in scored)


def _phrase(phrase: Phrase, reasons: dict[str, Reason]) -> float:
    lexemes = set(phrase.lexemes)
    points = sum(reasons[lexeme].points for lexeme in lexemes)
    return points / len(lexemes) if is_one_word(phrase) else points
