"""Which headlines and names have the words that are being typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from publications.models import SuggestionSource
from publications.search.beginnings import Range

# More than are shown: some may turn out to have nothing for readers yet.
MOST = 10
# So many of the newest headlines with the rarest word are asked for the other words.
CHECKED = 300

# Each typed word has a number and a range of words, or two when its last syllable is unfinished.
ASKED = """
asked AS (
    SELECT * FROM unnest(%(numbers)s::int[], %(lows)s::text[], %(highs)s::text[])
        AS asked (number, low, high)
)
"""
# What has the rarest word is looked at. Counting stops where a word is common.
RAREST = """
SELECT number FROM asked, LATERAL (
    SELECT count(*) AS found FROM (
        SELECT FROM publications_searchlabel
        WHERE source = {source} AND word >= low AND word < high LIMIT 400
    ) AS first
) AS counted
GROUP BY number ORDER BY sum(found), max(length(low)) DESC LIMIT 1
"""
HAS_THE_OTHERS = """
NOT EXISTS (
    SELECT FROM asked WHERE number <> {rarest} AND NOT EXISTS (
        SELECT FROM asked AS same, publications_searchlabel AS other
        WHERE same.number = asked.number
            AND other.source = {source} AND other.object_id = found.object_id
            AND other.word >= same.low AND other.word < same.high
    )
)
"""
# A step for each distinct word, straight to its newest headline: the words of the newest
# headlines have all of the newest headlines among theirs.
TITLES = f"""
WITH RECURSIVE {ASKED},
rarest AS MATERIALIZED ({RAREST.format(source="'title'")}),
words AS (
    SELECT first.*, asked.high FROM rarest JOIN asked USING (number), LATERAL (
        SELECT word, weight FROM publications_searchlabel
        WHERE source = 'title' AND word >= asked.low AND word < asked.high AND weight <= %(now)s
        ORDER BY word, weight DESC LIMIT 1
    ) AS first
    UNION ALL
    SELECT next.*, words.high FROM words, LATERAL (
        SELECT word, weight FROM publications_searchlabel
        WHERE source = 'title' AND word > words.word AND word < words.high AND weight <= %(now)s
        ORDER BY word, weight DESC LIMIT 1
    ) AS next
),
found AS (
    SELECT label.* FROM (
        SELECT word FROM (SELECT word, weight FROM words LIMIT 200) AS beginning
        ORDER BY weight DESC LIMIT 20
    ) AS newest, LATERAL (
        SELECT object_id, weight FROM publications_searchlabel
        WHERE source = 'title' AND word = newest.word AND weight <= %(now)s
        ORDER BY weight DESC LIMIT %(each)s
    ) AS label
    GROUP BY label.object_id, label.weight ORDER BY label.weight DESC LIMIT {CHECKED}
)
SELECT 'title', object_id, 0 FROM found
WHERE {HAS_THE_OTHERS.format(source="'title'", rarest="(SELECT number FROM rarest)")}
ORDER BY weight DESC, object_id DESC LIMIT {MOST}
"""  # noqa: S608 - our own words
THINGS = f"""
WITH {ASKED},
found AS (
    SELECT DISTINCT source, rarest.number, label.object_id
    FROM unnest(ARRAY['author', 'tag', 'outlet', 'series', 'kind']) AS source,
    LATERAL ({RAREST.format(source="source")}) AS rarest,
    LATERAL (
        SELECT object_id FROM asked JOIN publications_searchlabel AS named
            ON named.source = source.source AND word >= low AND word < high
        WHERE asked.number = rarest.number LIMIT 300
    ) AS label
),
counted AS (
    SELECT source, object_id, works,
        row_number() OVER (PARTITION BY source ORDER BY works DESC, object_id) AS place
    FROM found, LATERAL (
        SELECT coalesce(sum(documents), 0)::int AS works FROM publications_searchcount
        WHERE lexeme = ANY(
            CASE source
                WHEN 'tag' THEN ARRAY['topic:' || object_id, 'region:' || object_id]
                ELSE ARRAY[source || ':' || object_id]
            END
        )
    ) AS count
    WHERE {HAS_THE_OTHERS.format(source="found.source", rarest="found.number")}
)
SELECT source, object_id, works FROM counted WHERE place <= {MOST} ORDER BY place
"""  # noqa: S608 - our own words


class Candidate(NamedTuple):
    """Something with the words; `works` is how many published ones a thing has, scheduled too."""

    source: SuggestionSource
    pk: int
    works: int


def newest_titles(words: Sequence[Sequence[Range]], now: datetime) -> list[Candidate]:
    """Return publications with these words in the headline, the newest first."""
    each = CHECKED if len(words) > 1 else MOST
    return _candidates(TITLES, words, {"now": int(now.timestamp()), "each": each})


def busiest_things(words: Sequence[Sequence[Range]]) -> list[Candidate]:
    """Return what has these words in its name, with the most works first."""
    return _candidates(THINGS, words, {})


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
