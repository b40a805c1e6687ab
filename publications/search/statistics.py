"""How often terms occur: what ranks a match, and what says how to look for it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from publications.search.documents import ALL, LENGTH
from publications.search.query import Phrase

# A beginning of a word stands for so many words, the most frequent ones.
MOST_ENDINGS = 20
# What is left out is only looked up, never scored: there may be more of it.
MOST_UNWANTED = 100

READ = "SELECT lexeme, documents FROM publications_searchcount WHERE lexeme = ANY(%s)"
# The second half is for stems shorter than what was typed: policies is indexed as polici.
ENDINGS = """
SELECT each.prefix, found.lexeme
FROM unnest(%(prefixes)s::text[]) AS each (prefix)
CROSS JOIN LATERAL (
    SELECT lexeme, documents FROM publications_searchcount
    WHERE lexeme >= each.prefix AND lexeme < each.prefix || U&'\\+10FFFF'
        AND documents > 0 AND lexeme !~ '[:|]'
    UNION
    SELECT lexeme, (
        SELECT documents FROM publications_searchcount WHERE lexeme = word.lexeme
    ) FROM publications_searchword AS word
    WHERE word >= each.prefix AND word < each.prefix || U&'\\+10FFFF'
        AND NOT starts_with(lexeme, each.prefix)
    ORDER BY documents DESC NULLS LAST, lexeme LIMIT %(most)s
) AS found
WHERE found.documents > 0
"""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The library as far as one query needs to know it."""

    works: int
    average: float
    documents: Mapping[str, int]

    def of(self, lexeme: str) -> int:
        """Return in how many published works `lexeme` occurs."""
        return max(0, self.documents.get(lexeme, 0))

    def bound(self, phrase: Phrase) -> int:
        """Return what the number of works with a phrase cannot exceed."""
        return min(map(self.of, phrase.lexemes))

    def idf(self, lexeme: str) -> float:
        """Return the inverse document frequency (BM25, never negative)."""
        documents = min(self.of(lexeme), self.works)
        return math.log(1 + (self.works - documents + 0.5) / (documents + 0.5))


def read_statistics(lexemes: Iterable[str]) -> Statistics:
    """Read how often these lexemes occur."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [[ALL, LENGTH, *lexemes]])
        documents = dict(cursor.fetchall())
    works = max(1, documents.get(ALL, 0))
    return Statistics(works, max(1.0, documents.get(LENGTH, 0) / works), documents)


def endings(prefixes: Iterable[str], most: int = MOST_ENDINGS) -> dict[str, list[str]]:
    """Return for each beginning of a word the lexemes it may stand for, frequent ones first."""
    wanted = sorted(set(prefixes))
    found: dict[str, list[str]] = {prefix: [] for prefix in wanted}
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(ENDINGS, {"prefixes": wanted, "most": most})
            for prefix, lexeme in cursor.fetchall():
                found[prefix].append(lexeme)
    return found
