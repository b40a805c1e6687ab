"""On which pages of its files a work says what was asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from publications.models import Attachment
from publications.search.matching import all_of, either
from publications.search.query import Group, Query
from publications.search.ranking import lexemes_of
from publications.search.statistics import Statistics, read_statistics

PER_WORK = 3
# So many groups tell one page from another.
MOST_GROUPS = 16
# Beyond this page a file is not looked through.
LAST_PAGE = 500

BEST = """
SELECT publication_id, attachment_id, title, file, number
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY publication_id
        ORDER BY worth DESC, rank DESC, position, attachment_id, number
    ) AS place
    FROM (
        SELECT
            attachment.publication_id, attachment.id AS attachment_id, attachment.title,
            attachment.file, attachment.position, page.number,
            (
                SELECT sum(worth)
                FROM unnest(%(groups)s::tsquery[], %(worths)s::float8[]) AS wanted (query, worth)
                WHERE text.vector @@ wanted.query
            ) AS worth,
            ts_rank(text.vector, %(any)s::tsquery) AS rank
        FROM publications_attachment AS attachment
        JOIN publications_attachmentpage AS page ON page.attachment_id = attachment.id
        JOIN publications_pagetext AS text ON text.page_id = page.id
        WHERE attachment.publication_id = ANY(%(works)s) AND page.number <= %(last_page)s
            AND text.vector @@ %(any)s::tsquery
    ) AS matching
    WHERE worth >= %(enough)s
) AS ranked
WHERE place <= %(per_work)s
ORDER BY publication_id, place
"""


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page that has what was asked for."""

    number: int
    url: str
    # The title of the file; empty for one without.
    title: str


def page_hits(
    query: Query, publication_ids: Sequence[int], per_work: int = PER_WORK
) -> Mapping[int, Sequence[PageHit]]:
    """Return for each work with such pages the best, those that have all words first.

    A page counts when it has what tells at least as much as what it lacks.
    """
    groups = query.groups[:MOST_GROUPS]
    if not groups or not publication_ids:
        return {}
    statistics = read_statistics(lexemes_of(groups))
    queries = [all_of([group], statistics).query for group in groups]
    worths = [_worth(group, statistics) for group in groups]
    with connection.cursor() as cursor:
        cursor.execute(
            BEST,
            {
                "works": list(publication_ids),
                "groups": queries,
                "worths": worths,
                "any": either(queries),
                "enough": sum(worths) / 2,
                "last_page": LAST_PAGE,
                "per_work": per_work,
            },
        )
        hits: dict[int, list[PageHit]] = defaultdict(list)
        for publication_id, *page in cursor.fetchall():
            hits[publication_id].append(_hit(*page))
    return hits


def _worth(group: Group, statistics: Statistics) -> float:
    """Return how much a group tells: as much as the most frequent of its alternatives."""
    return min(
        max(statistics.idf(lexeme) for lexeme in phrase.lexemes) for phrase in group.alternatives
    )


def _hit(attachment_id: int, title: str, file: str, number: int) -> PageHit:
    attachment: Any = Attachment(pk=attachment_id, title=title, file=file)
    return PageHit(number, f"{attachment.get_absolute_url()}#page={number}", title)
