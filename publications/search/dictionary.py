"""The words of published works, as the database knows them: what occurs, and what is like it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from publications.search.guessing import Counts
from publications.search.matching import quoted
from publications.search.statistics import endings, read_statistics
from publications.search.tokens import tokenize

KNOWN = """
SELECT lexeme FROM publications_searchcount WHERE lexeme = ANY(%(lexemes)s) AND documents > 0
UNION ALL
SELECT unnest(string_to_array(key, ' ')) FROM publications_synonymkey
WHERE first = ANY(%(lexemes)s)
"""
# Words that share a key with what was typed, and words that are asked for as they are.
FOUND = """
SELECT asked.typed, asked.word, count.documents
FROM (
    SELECT DISTINCT pair.typed, spelling.word
    FROM unnest(%(typed)s::text[], %(keys)s::text[]) AS pair (typed, key)
    JOIN publications_searchspelling AS spelling ON spelling.key = pair.key
    UNION ALL
    SELECT '', word FROM unnest(%(words)s::text[]) AS word
) AS asked
JOIN publications_searchword AS stored ON stored.word = asked.word
JOIN publications_searchcount AS count ON count.lexeme = stored.lexeme AND count.documents > 0
"""
# One word that occurs, but in no scheduled work, is visible: what is frequent costs nothing.
VISIBLE = """
WITH scheduled AS MATERIALIZED (
    SELECT vector FROM publications_searchdocument WHERE public_from > %(now)s
)
SELECT phrase FROM unnest(%(phrases)s::text[]) AS phrase
WHERE (
    strpos(phrase, '<->') = 0
    AND NOT EXISTS (SELECT FROM scheduled WHERE vector @@ phrase::tsquery)
) OR EXISTS (
    SELECT FROM publications_searchdocument
    -- IS TRUE: not by the index of the date, see `engine.MATCHED`.
    WHERE vector @@ phrase::tsquery AND (public_from <= %(now)s) IS TRUE
)
"""


def lexemes_of(text: str) -> list[str]:
    """Return what the index holds of a text."""
    return [token.lexeme for token in tokenize(text)]


def known(lexemes: Iterable[str]) -> set[str]:
    """Return those of the lexemes that occur, and all of the synonyms that begin with one."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"lexemes": list(lexemes)})
        return {lexeme for (lexeme,) in cursor.fetchall()}


def look_up(
    keys: Iterable[tuple[str, str]], words: Iterable[str]
) -> tuple[Mapping[str, Counts], Counts]:
    """Return what occurs: for all that was typed the words with its keys, and those of `words`.

    Each of `keys` is a pair of what was typed and a key of `SearchSpelling`.
    """
    pairs = list(keys)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            FOUND,
            {
                "typed": [typed for typed, _ in pairs],
                "keys": [key for _, key in pairs],
                "words": list(words),
            },
        )
        for typed, word, documents in cursor.fetchall():
            found[typed][word] = documents
    return found, found.pop("", {})


def visible(words: Iterable[str], now: datetime) -> set[str]:
    """Return those of the words, which occur, that are in a work readers may see."""
    phrases = {word: " <-> ".join(map(quoted, lexemes_of(word))) for word in words}
    seen = _seen(filter(None, phrases.values()), now)
    # Stop words are in no index.
    return {word for word, phrase in phrases.items() if not phrase or phrase in seen}


def begun(beginning: str, now: datetime) -> int:
    """Return in how many works the most frequent word that begins so occurs.

    0 if no such word is in a work that readers may see.
    """
    lexemes = endings([beginning])[beginning]
    if not lexemes or not _seen(map(quoted, lexemes), now):
        return 0
    return read_statistics(lexemes[:1]).of(lexemes[0])


def _seen(phrases: Iterable[str], now: datetime) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(VISIBLE, {"phrases": list(phrases), "now": now})
        return {phrase for (phrase,) in cursor.fetchall()}
