"""Words that readers mistyped: what they could have meant, from what published works say."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice, pairwise
from typing import NamedTuple

from publications.search import dictionary
from publications.search.dictionary import lexemes_of
from publications.search.guessing import (
    Counts,
    apart,
    best_forms,
    forms_near,
    near_and_far,
    ways_apart,
)
from publications.search.keyboards import hangul_of, keys_of
from publications.search.query import Query
from publications.search.statistics import read_statistics
from publications.search.tokens import UNIT, Token, is_cjk, normalize, read

# Shorter words are not stored; longer ones would take too many keys.
SHORTEST = 3
LONGEST = 40
# So many words are corrected; so many guesses for each are tried until readers may see one.
MOST_WORDS = 24
MOST_GUESSES = 4

_QUOTE = '"“”„‟＂'
_START = rf"(?<![^\s(|{_QUOTE}])"
# What nobody corrects: quotes, what is excluded, values of fields, beginnings of words.
FIXED = re.compile(
    rf"""
    (?:{_START}[-−－]?(?:\w++:)?)?[{_QUOTE}][^{_QUOTE}]*[{_QUOTE}]?
    | {_START}(?:[-−－]|\w++:)[^\s|{_QUOTE}]*
    | {_START}[^\s|{_QUOTE}]*\*
    """,
    re.VERBOSE,
)


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
    The last word may be unfinished: semicond is the beginning of words, semicond*.
    Only synonyms and words of works that readers may see now take the place of others.
    """
    words = list(_plain_words(query.text))
    known = dictionary.known(_lexemes(query, words))
    occurring = _occurring(query, known)
    unknown = [
        word for word in words if word.text not in occurring and not known.issuperset(word.lexemes)
    ]
    if not unknown:
        return ""
    unfinished = _unfinished(unknown[-1], query.text, now)
    guesses = list(_guesses(words, unknown[:MOST_WORDS], query.text, known, unfinished))
    visible = dictionary.visible(
        {word for tried in guesses for guess in tried for word in guess.words}, now
    )
    chosen = (
        next((guess for guess in tried if visible.issuperset(guess.words)), None)
        for tried in guesses
    )
    return _replaced(query.text, filter(None, chosen))


def _unfinished(last: Word, typed: str, now: datetime) -> Mapping[Word, int]:
    """Return the last word if it is the beginning of others, and how frequent these are."""
    is_last = last.end == len(typed) and last.text.isascii() and not last.text.isdecimal()
    works = dictionary.begun(last.text, now) if is_last and len(last.text) > 1 else 0
    return {last: works} if works else {}


def _plain_words(typed: str) -> Iterator[Word]:
    """Yield the words that may be corrected."""
    text = FIXED.sub(lambda fixed: " " * len(fixed[0]), typed)
    for unit in UNIT.finditer(text):
        for _, run in groupby(read(unit[0]).split, _one_word):
            tokens = list(run)
            start, end = unit.start() + tokens[0].start, unit.start() + tokens[-1].end
            lexemes = tuple(token.lexeme for token in tokens if token.lexeme)
            yield Word(tokens[0].word, start, end, lexemes, _on_other_keyboard(text[start:end]))


def _one_word(token: Token) -> tuple[str, int]:
    """Tell words apart; the pairs of letters of a Hangul run are one."""
    return token.word, 0 if is_cjk(token.word) else token.position


def _on_other_keyboard(typed: str) -> str:
    if typed.isascii():
        return hangul_of(typed)
    keys = keys_of(typed)
    return keys if keys.isascii() else ""


def _lexemes(query: Query, words: Iterable[Word]) -> set[str]:
    """Return all that says whether a word occurs, here or as written on the other keyboard."""
    phrases = (phrase.lexemes for group in query.groups for phrase in group.alternatives)
    return {
        lexeme
        for lexemes in (
            *phrases,
            *(word.lexemes for word in words),
            *(lexemes_of(word.other) for word in words),
        )
        for lexeme in lexemes
    }


def _occurring(query: Query, known: set[str]) -> set[str]:
    """Return the words of groups of which one alternative occurs."""
    return {
        word
        for group in query.groups
        if any(known.issuperset(phrase.lexemes) for phrase in group.alternatives)
        for word in normalize(group.text).split()
    }


def _guesses(
    words: Iterable[Word],
    unknown: Sequence[Word],
    typed: str,
    known: set[str],
    unfinished: Mapping[Word, int],
) -> Iterator[list[Guess]]:
    """Yield for each unknown word what it could be, the likeliest first."""
    joins = {
        one.text + two.text: (one, two)
        for one, two in pairwise(words)
        if (one in unknown or two in unknown) and typed[one.end : two.start] in {" ", "-"}
    }
    parts = {part for word in unknown for parts in ways_apart(word.text) for part in parts}
    keys = [(word.text, key) for word in unknown for key in deletions(word.text)]
    similar, counts = dictionary.look_up(keys, {*parts, *joins})
    slips = {word: near_and_far(word.text, similar.get(word.text, {})) for word in unknown}
    forms = _other_forms(word for word, (near, _far) in slips.items() if not near)
    for word in unknown:
        joined = [
            Guess(one.start, two.end, (join,))
            for join, (one, two) in joins.items()
            if word in {one, two} and join in counts
        ]
        near, far = slips[word]
        ways = islice(_ways(word, near or forms[word], far, known, counts), MOST_GUESSES)
        guesses = [*joined, *(Guess(word.start, word.end, way) for way in ways)]
        if word in unfinished:
            # A slip is likelier where what was meant then is as frequent.
            is_likely = not near or unfinished[word] > similar[word.text][near[0]]
            guess = Guess(word.start, word.end, (f"{word.text}*",))
            guesses.insert(0 if is_likely else len(joined) + len(near), guess)
        yield guesses


def _other_forms(unknown: Iterable[Word]) -> dict[Word, list[str]]:
    """Return for each word what could be meant, though the library has other forms of it only."""
    forms = {word: forms_near(word.text) for word in unknown}
    if not any(forms.values()):
        return {word: [] for word in forms}
    statistics = read_statistics({stem for stems in forms.values() for stem in stems.values()})
    return {
        word: best_forms(
            word.text,
            {form: statistics.of(stem) for form, stem in stems.items() if statistics.of(stem)},
        )
        for word, stems in forms.items()
    }


def _ways(
    word: Word, near: Iterable[str], far: Iterable[str], known: set[str], counts: Counts
) -> Iterator[tuple[str, ...]]:
    """Yield the words that may take the place of one."""
    yield from ((each,) for each in near)
    if word.other and known.issuperset(lexemes_of(word.other)):
        yield (word.other,)
    yield from apart(word.text, counts)
    yield from ((each,) for each in far)


def _replaced(typed: str, guesses: Iterable[Guess]) -> str:
    """Return what was typed with the guesses in their places; empty without any."""
    pieces: list[str] = []
    end = 0
    for guess in guesses:
        if guess.start >= end:
            pieces += [typed[end : guess.start], " ".join(guess.words)]
            end = guess.end
    return "".join([*pieces, typed[end:]]) if pieces else ""
