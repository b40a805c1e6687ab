"""Finding works about the same things, by the words that tell a work from all others."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from publications.search.documents import K1, B, term_base
from publications.search.matching import quoted
from publications.search.statistics import Statistics, read_statistics

TERMS = 12
# What keeps the cost flat: so many of a work's most frequent words are looked up, and those
# chosen are in no more works than this, each and all together.
LOOKED_UP = 100
MOST_EACH = 400
MOST_WORKS = 1200
COMPARED = 20
TAG_BONUS = 0.1

# Words of weight B alone are names, which say who and where; shared tags count on their own.
WORDS = """
SELECT lexeme, cardinality(positions) + 2 * cardinality(array_positions(weights, 'A'))
FROM publications_searchdocument AS document, unnest(document.vector)
WHERE document.publication_id = %s AND weights && '{A,C,D}'
ORDER BY 2 DESC, length(lexeme) DESC, lexeme LIMIT %s
"""

# Each word is a scan of its own: a work costs as much as the words it shares, not all of them.
# Materialized, or the planner would sort rows with all their terms.
SIMILAR = """
WITH shared AS MATERIALIZED (
    SELECT publication_id AS id, word.idf * (1 - held / (held + frequency)) AS points
    FROM unnest(%(queries)s::tsquery[], %(bases)s::int[], %(idfs)s::float8[])
        AS word (query, base, idf)
    JOIN publications_searchdocument ON vector @@ word.query
    CROSS JOIN LATERAL (
        SELECT %(least)s::float8 + %(more)s::float8 * length,
            greatest(terms[width_bucket(word.base + 255, terms)] - word.base, 0)
    ) AS each (held, frequency)
    -- IS TRUE: not by the index of the date, see `engine.MATCHED`.
    WHERE (public_from <= %(now)s) IS TRUE AND publication_id <> %(work)s
),
found AS (
    SELECT id, sum(points) AS points FROM shared
    GROUP BY id ORDER BY 2 DESC, 1 DESC LIMIT %(compared)s
)
SELECT id FROM found
ORDER BY points * (1 + %(bonus)s::float8 * (
    SELECT count(*) FROM publications_tagging AS own
    JOIN publications_tagging AS other USING (tag_id)
    WHERE own.content_object_id = %(work)s AND other.content_object_id = found.id
)) DESC, id DESC LIMIT %(limit)s
"""


def similar(work_id: int, *, limit: int, now: datetime) -> list[int]:
    """Return the ids of published works that share the telling words of a work, the nearest first.

    The works that come into question are few, whatever the work and however large the library.
    """
    frequencies = _frequencies(work_id)
    library = read_statistics(frequencies)
    words = _telling(frequencies, library)
    with connection.cursor() as cursor:
        cursor.execute(
            SIMILAR,
            {
                "work": work_id,
                "now": now,
                "queries": [quoted(word) for word in words],
                "bases": [term_base(word) for word in words],
                "idfs": [library.idf(word) for word in words],
                # BM25: how much a text is held back, and how much more for each word.
                "least": K1 * (1 - B),
                "more": K1 * B / library.average,
                "compared": COMPARED,
                "bonus": TAG_BONUS,
                "limit": limit,
            },
        )
        return [pk for (pk,) in cursor.fetchall()]


def _frequencies(work_id: int) -> dict[str, int]:
    """Return how often a work has each of its most frequent words; a headline counts thrice."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [work_id, LOOKED_UP])
        return dict(cursor.fetchall())


def _telling(frequencies: Mapping[str, int], library: Statistics) -> list[str]:
    """Return the words that are frequent in a work and rare elsewhere."""
    chosen: list[str] = []
    left = MOST_WORKS
    for word in sorted(frequencies, key=lambda word: -frequencies[word] * library.idf(word)):
        if 1 < library.of(word) <= min(left, MOST_EACH) and len(chosen) < TERMS:
            chosen.append(word)
            left -= library.of(word)
    return chosen
