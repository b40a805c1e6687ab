"""Words that readers mistyped: what they could have meant, from what published works say."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice, pairwise
from typing import NamedTuple

from django.db import connection

from publications.search.guessing import Counts, apart, near_and_far, ways_apart
from publications.search.keyboards import hangul_of, keys_of
from publications.search.matching import quoted
from publications.search.query import Query
from publications.search.tokens import UNIT, Token, is_cjk, normalize, read, tokenize

# Shorter words are not stored; longer ones would take too many keys.
SHORTEST = 3
LONGEST = 40
# So many words are corrected; so many guesses for each are tried until readers may see one.
MOST_WORDS = 24
MOST_GUESSES = 4

_QUOTE = '"“”„‟＂'
# What nobody corrects: quotes, what is excluded, values of fields, beginnings of words.
FIXED = re.compile(
    rf"""
    (?:(?<![^\s(])[-−－])?(?:\w+:)?[{_QUOTE}][^{_QUOTE}]*[{_QUOTE}]?
    | (?<![^\s(])(?:[-−－]|\w+:)[^\s|{_QUOTE}]*
    | [^\s|{_QUOTE}]+\*
    """,
    re.VERBOSE,
)

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
VISIBLE = """
SELECT phrase FROM unnest(%s::text[]) AS phrase
WHERE EXISTS (
    SELECT FROM publications_searchdocument
    WHERE vector @@ phrase::tsquery AND public_from <= %s
)
"""


class Word(NamedTuple):
    """A word as it was typed, and what the index has of it if it occurs."""

    text: str
    start: int
    end: int
    lexemes: tuple[str, ...]
    # What its keys write on the other keyboard.
    other: str


class Guess(NamedTuple):
    """Words that could be meant by a piece of what was typed."""

    start: int
    end: int
    words: tuple[str, ...]


def deletions(word: str) -> set[str]:
    """Return the keys under which `SearchSpelling` holds `word`: itself, and without each letter.

    Letters are keystrokes, so that a slip inside of a Hangul syllable is one letter, too.
    """
    letters = keys_of(word)
    if not SHORTEST <= len(letters) <= LONGEST or letters.isdecimal():
        return set()
    return {letters} | {letters[:at] + letters[at + 1 :] for at in range(len(letters))}


def correct(query: Query, *, now: datetime) -> str:
    """Return what was typed with misspelled words corrected; empty if nothing is to correct.

    A word that occurs stays as it is, and so do synonyms, quotes, what is excluded, and fields.
    Only words of works that readers may see now take the place of others.
    """
    words = _plain_words(query.text)
    known = _known(query, words)
    occurring = _occurring(query, known)
    unknown = [
        word for word in words if word.text not in occurring and not known.issuperset(word.lexemes)
    ]
    if not unknown:
        return ""
    guesses = _guesses(words, unknown[:MOST_WORDS], query.text, known)
    visible = _visible({word for tried in guesses for guess in tried for word in guess.words}, now)
    chosen = (
        next((guess for guess in tried if visible.issuperset(guess.words)), None)
        for tried in guesses
    )
    return _replaced(query.text, [guess for guess in chosen if guess])


def _plain_words(typed: str) -> list[Word]:
    """Return the words that may be corrected."""
    text = FIXED.sub(lambda fixed: " " * len(fixed[0]), typed)
    words = []
    for unit in UNIT.finditer(text):
        for _, run in groupby(read(unit[0]).split, _one_word):
            tokens = list(run)
            start, end = unit.start() + tokens[0].start, unit.start() + tokens[-1].end
            lexemes = tuple(token.lexeme for token in tokens if token.lexeme)
            words.append(Word(tokens[0].word, start, end, lexemes, _other(text[start:end])))
    return words


def _one_word(token: Token) -> tuple[str, int]:
    """Tell words apart; the pairs of letters of a Hangul run are one."""
    return token.word, 0 if is_cjk(token.word) else token.position


def _other(typed: str) -> str:
    """Return what the same keys write on the other keyboard; empty if it is nothing readable."""
    if typed.isascii():
        return hangul_of(typed)
    keys = keys_of(typed)
    return keys if keys.isascii() else ""


def _known(query: Query, words: Sequence[Word]) -> set[str]:
    """Return the lexemes of the query that occur, or that staff made known as synonyms."""
    asked = {lexeme for word in words for lexeme in (*word.lexemes, *_lexemes(word.other))}
    for group in query.groups:
        asked.update(*(phrase.lexemes for phrase in group.alternatives))
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"lexemes": list(asked)})
        return {lexeme for (lexeme,) in cursor.fetchall()}


def _occurring(query: Query, known: set[str]) -> set[str]:
    """Return the words of groups of which one alternative occurs."""
    return {
        word
        for group in query.groups
        if any(known.issuperset(phrase.lexemes) for phrase in group.alternatives)
        for word in normalize(group.text).split()
    }


def _guesses(
    words: Sequence[Word], unknown: Sequence[Word], typed: str, known: set[str]
) -> list[list[Guess]]:
    """Return for each unknown word what it could be, the likeliest first."""
    joins = [
        Guess(one.start, two.end, (one.text + two.text,))
        for one, two in pairwise(words)
        if (one in unknown or two in unknown) and typed[one.end : two.start] in {" ", "-"}
    ]
    similar, counts = _look_up(unknown, joins)
    guesses = []
    for word in unknown:
        joined = (join for join in joins if word.start in range(join.start, join.end))
        ways = _ways(word, known, similar[word.text], counts)
        guesses.append(
            [
                *(join for join in joined if join.words[0] in counts),
                *(Guess(word.start, word.end, way) for way in islice(ways, MOST_GUESSES)),
            ]
        )
    return guesses


def _ways(
    word: Word, known: set[str], similar: Counts, counts: Counts
) -> Iterator[tuple[str, ...]]:
    near, far = near_and_far(word.text, similar)
    yield from ((each,) for each in near)
    if word.other and known.issuperset(_lexemes(word.other)):
        yield (word.other,)
    yield from apart(word.text, counts)
    yield from ((each,) for each in far)


def _look_up(
    unknown: Sequence[Word], joins: Iterable[Guess]
) -> tuple[Mapping[str, Counts], Counts]:
    """Return the words similar to each, and of what it may be a part or made, what occurs."""
    pairs = [(word.text, key) for word in unknown for key in deletions(word.text)]
    words = {part for word in unknown for parts in ways_apart(word.text) for part in parts}
    words.update(join.words[0] for join in joins)
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
    return found, found[""]


def _visible(words: Iterable[str], now: datetime) -> set[str]:
    """Return those of the words that are in a work which readers may see."""
    phrases = {word: " <-> ".join(map(quoted, _lexemes(word))) for word in words}
    with connection.cursor() as cursor:
        cursor.execute(VISIBLE, [list(filter(None, phrases.values())), now])
        visible = {phrase for (phrase,) in cursor.fetchall()}
    # Stop words are in no index.
    return {word for word, phrase in phrases.items() if not phrase or phrase in visible}


def _lexemes(text: str) -> list[str]:
    return [token.lexeme for token in tokenize(text)]


def _replaced(typed: str, guesses: Iterable[Guess]) -> str:
    """Return what was typed with the guesses in their places; empty without any."""
    pieces: list[str] = []
    end = 0
    for guess in guesses:
        if guess.start >= end:
            pieces += [typed[end : guess.start], " ".join(guess.words)]
            end = guess.end
    return "".join([*pieces, typed[end:]]) if pieces else ""
