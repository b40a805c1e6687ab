"""Where a text has what is asked for.

What matches is decided by the index's own tokens. To read whole texts as tokens takes too long
for a page of results, so places are first looked for by how the words of a term begin.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice, zip_longest
from typing import NamedTuple

from publications.search.query import Group, Phrase
from publications.search.tokens import UNIT, Token, is_cjk, read, tokenize

QUERIES_KEPT = 64
MOST_GROUPS = 24
# Of one term in one text, and how many are tried for them.
MOST_PLACES = 60
MOST_TRIED = 1000
LONGEST_UNIT = 100
# The next word of a phrase starts within so many characters.
NEXT_WORD = 40

# Stems differ from how their words begin: policies polici, possibility possibl, dying die.
STEM_END = re.compile(r"(?<=b)l$|(?<=^.)ie$|(?<=..)[ie]$")
ACCENTED = re.compile("[À-ɏḀ-ỿ]")
HYPHENS = "‐‑‒–−·"
# What a word may have inside and its lexeme has not: Jong-un, R&D, 1,000, O’Brien.
INSIDE_WORDS = "-&,'’"


class Term(NamedTuple):
    """One alternative of a group, and how the words of its lexemes begin."""

    phrase: Phrase
    beginnings: tuple[str, ...]


class Place(NamedTuple):
    """Where a text has one of the groups, by its number."""

    start: int
    end: int
    group: int


class Text:
    """A text to look for places in."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """The text as lexemes are spelled, every letter where it was."""
        text = self.text
        for hyphen in HYPHENS:
            text = text.replace(hyphen, "-")
        return ACCENTED.sub(_without_accent, text).lower()

    @cached_property
    def joined(self) -> str:
        """The same without what words may have inside."""
        text = self.folded
        for mark in f".{INSIDE_WORDS}":
            text = text.replace(mark, "")
        return text


@lru_cache(QUERIES_KEPT)
def terms_of(groups: tuple[Group, ...]) -> tuple[tuple[Term, ...], ...]:
    """Return what to look for: the terms of each group, by its number."""
    return tuple(
        tuple(
            Term(phrase, tuple(STEM_END.sub("", lexeme) for lexeme in phrase.lexemes))
            for phrase in alternatives
        )
        for group in groups[:MOST_GROUPS]
        for alternatives in _each_word(group.alternatives)
    )


def _each_word(alternatives: Sequence[Phrase]) -> Iterator[Sequence[Phrase]]:
    """Make as many groups of one as it has words that may stand apart: all are to be shown."""
    apart = [each for each in alternatives if len(each.lexemes) > 1 and not any(each.distances)]
    together = [each for each in alternatives if each not in apart]
    for lexemes in zip_longest(*(each.lexemes for each in apart)):
        yield [*(Phrase((lexeme,), (0,)) for lexeme in lexemes if lexeme), *together]
    if not apart:
        yield together


# --- Where it may be ---------------------------------------------------------
def likely_places(text: str, terms: Iterable[Sequence[Term]]) -> list[Place]:
    """Return where the text seems to have something of each group, in order."""
    found = Text(text)
    places: list[Place] = []
    for group, alternatives in enumerate(terms):
        spans = [
            span
            for term in alternatives
            for span in islice(_spans(found, term, term.beginnings[0]), MOST_PLACES)
        ] or [
            span
            for term in alternatives
            for beginning in _spelled_apart(found, term.beginnings[0])
            for span in islice(_spans(found, term, beginning), MOST_PLACES)
        ]
        places += (Place(start, end, group) for start, end in spans)
    return sorted(places)


def _spans(text: Text, term: Term, beginning: str) -> Iterator[tuple[int, int]]:
    """Yield where a word with this beginning has the first lexeme, and the others may follow."""
    start = -1
    for _ in range(MOST_TRIED):
        start = text.folded.find(beginning, start + 1)
        if start < 0:
            return
        if _has_lexeme(text.text, start, term) and (end := _end(text.folded, start, term)):
            yield start, end


def _spelled_apart(text: Text, beginning: str) -> Iterator[str]:
    """Yield how a text may write what is one word for the index: U.S, Jong-un."""
    if is_cjk(beginning) or beginning not in text.joined:
        return
    yield ".".join(beginning)
    for at in range(1, len(beginning)):
        yield from (f"{beginning[:at]}{mark}{beginning[at:]}" for mark in INSIDE_WORDS)


def _has_lexeme(text: str, start: int, term: Term) -> bool:
    """Say whether a word starts here and is, or begins as, the first of the term's."""
    if is_cjk(text[start]):
        return True
    if start and text[start - 1].isalnum() and not is_cjk(text[start - 1]):
        return False
    unit = UNIT.match(text, start, start + LONGEST_UNIT)
    is_beginning = term.phrase.is_prefix and len(term.beginnings) == 1
    return unit is not None and any(
        _is(token, term.phrase.lexemes[0], is_beginning=is_beginning)
        for token in read(unit[0]).tokens
    )


def _end(folded: str, start: int, term: Term) -> int:
    """Return where the last of words that follow each other may end; 0 if one does not follow."""
    for beginning in term.beginnings[1:]:
        start = folded.find(beginning, start + 1, start + NEXT_WORD + len(beginning))
        if start < 0:
            return 0
    return start + len(term.beginnings[-1])


def _without_accent(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", letter[0])[0]


# --- What exactly ------------------------------------------------------------
def exact_places(text: str, terms: Iterable[Sequence[Term]]) -> list[Place]:
    """Return where the tokens of the text are those asked for, in order."""
    tokens = list(tokenize(text))
    by_lexeme: dict[str, list[Token]] = defaultdict(list)
    for token in tokens:
        by_lexeme[token.lexeme].append(token)
    by_place = {(token.position, token.lexeme): token for token in tokens}
    return sorted(
        Place(first.start, last.end, group)
        for group, alternatives in enumerate(terms)
        for term in alternatives
        for lexemes in _in_full(term.phrase, tokens)
        for first in by_lexeme.get(lexemes[0], ())
        if (last := _last(first, lexemes, term.phrase.distances, by_place))
    )


def _in_full(phrase: Phrase, tokens: Iterable[Token]) -> Iterable[tuple[str, ...]]:
    """Return the phrase's lexemes, once for each word of the text that its end may stand for."""
    if not phrase.is_prefix:
        return (phrase.lexemes,)
    *before, end = phrase.lexemes
    endings = {token.lexeme for token in tokens if _is(token, end, is_beginning=True)}
    return ((*before, ending) for ending in endings)


def _last(
    token: Token,
    lexemes: Sequence[str],
    distances: Sequence[int],
    by_place: Mapping[tuple[int, str], Token],
) -> Token | None:
    """Return the last token of the phrase that starts with this one."""
    for lexeme, distance in zip(lexemes[1:], distances[1:], strict=True):
        following = by_place.get((token.position + distance, lexeme))
        if following is None:
            return None
        token = following
    return token


def _is(token: Token, lexeme: str, *, is_beginning: bool) -> bool:
    """Say whether a token is of this lexeme, or its word begins so."""
    if is_beginning and not is_cjk(lexeme):
        return token.word.startswith(lexeme) or token.lexeme.startswith(lexeme)
    return token.lexeme.startswith(lexeme) if is_beginning else token.lexeme == lexeme
