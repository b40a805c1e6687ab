"""The passage of a text that shows why it was found, with the words that were found marked.

What is marked is decided by the index's own tokens. To read whole texts as tokens takes too
long for a page of results, so places are looked for by how the words of a term begin, and only
the passage that is shown is read.
"""

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice, zip_longest
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from kei_site.common.html import to_text
from publications.models import Publication
from publications.reading import opening
from publications.search.query import Group, Phrase, Query
from publications.search.tokens import UNIT, Token, is_cjk, read, tokenize

LENGTH = 240
# How much of it stands before the first word found.
LEAD = 60
MOST_OF_BODY = 100_000
MOST_GROUPS = 24
MOST_PLACES = 60
# So many passages are read as tokens; nearly always the first is the best.
MOST_READ = 6
# The next word of a phrase starts within so many characters.
NEXT_WORD = 40
# Passages start and end between words, unless a word is longer than this.
LONGEST_WORD = 40
QUERIES_KEPT = 64

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


def passage(work: Publication, query: Query) -> SafeString:
    """Return the best passage of a work's text, as far as the rights let it stand here."""
    return fragment(work.body if work.shows_full_text else opening(work.body), query)


def highlight(text: str, query: Query) -> SafeString:
    """Escape plain `text` and mark what `query` finds in it."""
    return _marked(text, _matches(text, _terms(query.groups)))


def fragment(body: str, query: Query) -> SafeString:
    """Return the 240 or so characters of sanitized `body` that have most of what is asked for.

    Nothing for a body that has none of it.
    """
    terms = _terms(query.groups)
    text = unicodedata.normalize("NFC", to_text(_beginning(body)))
    places = _places(Text(text), terms)
    numbers = Counter(place.group for place in places)
    # What is rare in this text tells more.
    worth = {group: 1000 + 1000 // number for group, number in numbers.items()}
    best, most = SafeString(""), 0
    for promised, found in islice(_promising(places, worth), MOST_READ):
        if promised <= most:
            break
        start, end = _cut(text, found)
        matches = _matches(text[start:end], terms)
        total = sum(worth.get(group, 0) for group in {match.group for match in matches})
        if total > most:
            marked = _marked(text[start:end], matches)
            before, after = "… " if start else "", " …" if end < len(text) else ""
            best, most = mark_safe(f"{before}{marked}{after}"), total  # noqa: S308 - escaped
    return best


def _beginning(body: str) -> str:
    """Return as much of a long body as is looked through, not cut inside a tag."""
    return body if len(body) <= MOST_OF_BODY else body[:MOST_OF_BODY].rpartition("<")[0]


@lru_cache(QUERIES_KEPT)
def _terms(groups: tuple[Group, ...]) -> tuple[tuple[Term, ...], ...]:
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
def _places(text: Text, terms: Iterable[Sequence[Term]]) -> list[Place]:
    """Return where the text seems to have something of each group, in order."""
    places: list[Place] = []
    for group, alternatives in enumerate(terms):
        spans = [
            span
            for term in alternatives
            for span in islice(_spans(text, term, term.beginnings[0]), MOST_PLACES)
        ] or [
            span
            for term in alternatives
            for beginning in _spelled_apart(text, term.beginnings[0])
            for span in islice(_spans(text, term, beginning), MOST_PLACES)
        ]
        places += (Place(start, end, group) for start, end in spans)
    return sorted(places)


def _spans(text: Text, term: Term, beginning: str) -> Iterator[tuple[int, int]]:
    """Yield where a word with this beginning has the first lexeme, and the others may follow."""
    start = text.folded.find(beginning)
    while start >= 0:
        if _has_lexeme(text.text, start, term):
            end = _end(text.folded, start, term.beginnings)
            if end:
                yield start, end
        start = text.folded.find(beginning, start + 1)


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
    unit = UNIT.match(text, start)
    is_beginning = term.phrase.is_prefix and len(term.beginnings) == 1
    return unit is not None and any(
        _is(token, term.phrase.lexemes[0], is_beginning=is_beginning)
        for token in read(unit[0]).tokens
    )


def _end(folded: str, start: int, beginnings: Sequence[str]) -> int:
    """Return where the last of words that follow each other may end; 0 if one does not follow."""
    for beginning in beginnings[1:]:
        start = folded.find(beginning, start + 1, start + NEXT_WORD + len(beginning))
        if start < 0:
            return 0
    return start + len(beginnings[-1])


def _without_accent(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", letter[0])[0]


# --- Which passage -----------------------------------------------------------
def _promising(places: Sequence[Place], worth: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield what passages seem to be worth and where in the text they are, the best first.

    Of equals, the one in which words are nearest to each other, and then the first.
    """
    passages = []
    for number, first in enumerate(places):
        ends: dict[int, int] = {}
        for place in places[number : number + MOST_PLACES]:
            if place.start > first.start + LENGTH - LEAD - LONGEST_WORD or len(ends) == len(worth):
                break
            ends.setdefault(place.group, place.end)
        total = sum(worth[group] for group in ends)
        passages.append((-total, max(ends.values()) - first.start, first.start))
    return ((-total, start) for total, _width, start in sorted(passages))


def _cut(text: str, found: int) -> tuple[int, int]:
    """Return start and end of the passage around a place, between words."""
    start = max(0, min(found - LEAD, len(text) - LENGTH))
    if start:
        start = text.find(" ", start - 1, min(start + LONGEST_WORD, found)) + 1 or start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", end - LONGEST_WORD, end + 1)
        end = space if space > 0 else end
    return start, end


# --- What exactly ------------------------------------------------------------
def _matches(text: str, terms: Iterable[Sequence[Term]]) -> list[Place]:
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


def _marked(text: str, matches: Iterable[Place]) -> SafeString:
    """Escape `text` and mark the matches in it."""
    pieces: list[str] = []
    done = 0
    for start, end in _joined(matches):
        pieces += [html.escape(text[done:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*pieces, html.escape(text[done:])]))  # noqa: S308 - escaped


def _joined(matches: Iterable[Place]) -> list[tuple[int, int]]:
    """Join matches that overlap or touch."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in matches:
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
