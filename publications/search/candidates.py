"""Which headlines and names have the words that are being typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from publications.models import SuggestionSource
from publications.search.beginnings import Range

# A few more than are shown: some may turn out to have nothing for readers yet.
MOST = 6

# Each typed word has a number and a range of words, or two when its last syllable is unfinished.
ASKED = """
asked AS (
    SELECT * FROM unnest(%(numbers)s::int[], %(lows)s::text[], %(highs)s::text[])
        AS asked (number, low, high)
)
"""
# A beginning of thousands of headlines is read only so far: the words it is itself come first,
# each with its newest.
NEWEST = """
SELECT DISTINCT weight, object_id FROM (
    SELECT object_id, weight FROM (
        SELECT object_id, weight FROM {words} JOIN publications_searchlabel
            ON source = 'title' AND word >= low AND word < high AND weight <= %(now)s
        LIMIT 3000
    ) AS first
    ORDER BY weight DESC LIMIT %(each)s
) AS newest
ORDER BY weight DESC, object_id DESC
"""
# Most of the time one word is typed, and planning takes longer than reading.
TITLES_OF_ONE = f"""
WITH {ASKED}
SELECT 'title', object_id, 0 FROM ({NEWEST.format(words="asked")}) AS found
ORDER BY weight DESC, object_id DESC LIMIT {MOST}
"""  # noqa: S608 - our own words
# The newest with the rarest word are asked for the other words.
TITLES = f"""
WITH {ASKED},
rarest AS MATERIALIZED (
    SELECT number FROM asked, LATERAL (
        SELECT count(*) AS works FROM (
            SELECT FROM publications_searchlabel
            WHERE source = 'title' AND word >= low AND word < high LIMIT 400
        ) AS first
    ) AS counted
    GROUP BY number ORDER BY sum(works), max(length(low)) DESC LIMIT 1
),
-- In their order: the other words are asked for only until there are enough.
found AS ({NEWEST.format(words="rarest JOIN asked USING (number)")})
SELECT 'title', object_id, 0 FROM found
WHERE NOT EXISTS (
    SELECT FROM asked WHERE number <> (SELECT number FROM rarest) AND NOT EXISTS (
        SELECT FROM asked AS same, publications_searchlabel AS label
        WHERE same.number = asked.number AND word >= same.low AND word < same.high
            AND source = 'title' AND label.object_id = found.object_id
    )
)
ORDER BY weight DESC, object_id DESC LIMIT {MOST}
"""  # noqa: S608 - our own words
THINGS = f"""
WITH {ASKED},
found AS (
    SELECT source, object_id
    FROM unnest(ARRAY['author', 'tag', 'outlet', 'series', 'kind']) AS source, asked, LATERAL (
        SELECT object_id FROM publications_searchlabel AS label
        WHERE label.source = source.source AND word >= low AND word < high LIMIT %(each)s
    ) AS label
    GROUP BY source, object_id
    HAVING bit_or(1 << number) = %(all)s
),
-- Each looked up by itself, and once: joined, the planner would read all counts of the library.
counted AS MATERIALIZED (
    SELECT source, object_id, greatest(
        (
            SELECT documents FROM publications_searchcount
            WHERE lexeme = replace(source, 'tag', 'topic') || ':' || object_id
        ),
        -- Only a tag may be a region.
        CASE source WHEN 'tag' THEN (
            SELECT documents FROM publications_searchcount
            WHERE lexeme = 'region:' || object_id
        ) END
    ) AS works
    FROM found
)
SELECT source, object_id, works FROM (
    SELECT *, row_number() OVER (PARTITION BY source ORDER BY works DESC, object_id) AS place
    FROM counted WHERE works > 0
) AS ranked
WHERE place <= {MOST} ORDER BY place
"""  # noqa: S608 - our own words


class Candidate(NamedTuple):
    """Something with the words; `works` are the published ones of a thing, scheduled too."""

    source: SuggestionSource
    pk: int
    works: int


def newest_titles(words: Sequence[Sequence[Range]], now: datetime) -> list[Candidate]:
    """Return publications with these words in the headline, the newest first."""
    query, each = (TITLES, 200) if len(words) > 1 else (TITLES_OF_ONE, 2 * MOST)
    return _candidates(query, words, {"now": int(now.timestamp()), "each": each})


def busiest_things(words: Sequence[Sequence[Range]]) -> list[Candidate]:
    """Return what has these words in its name, with the most works first."""
    return _candidates(
        THINGS, words, {"each": 1000 if len(words) > 1 else 150, "all": (1 << len(words)) - 1}
    )


def _candidates(
    query: str, words: Sequence[Sequence[Range]], more: Mapping[str, Any]
) -> list[Candidate]:
    asked = [(number, *each) for number, ranges in enumerate(words) for each in ranges]
    numbers, lows, highs = map(list, zip(*asked, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(query, {"numbers": numbers, "lows": lows, "highs": highs, **more})
        return [
            Candidate(SuggestionSource(source), pk, works)
            for source, pk, works in cursor.fetchall()
        ]
