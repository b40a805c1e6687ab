"""What a word that occurs nowhere could have been: the likeliest first, without the database."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from math import sqrt
from string import ascii_lowercase

from publications.search.keyboards import keys_of
from publications.search.stopwords import STOP_WORDS
from publications.search.tokens import is_cjk, stem

# A word as short as this is one wrong letter away from too many others.
TELLS_LITTLE = 3
# A word of so many letters may have two slips.
TWO_SLIPS = 8
# Words are taken apart up to this length, into parts of at least so many letters.
MOST_LETTERS = 24
SHORTEST_PART = 2
# How likely a slip is beside one letter too many, and a word that starts alike beside another:
# these restore the most words of three collections of abstracts.
SWAPPED, MISSING, EXTRA, WRONG = 20.0, 8.0, 1.0, 0.4
STARTS_ALIKE = 2.0
# What the stemmer takes off; after any other ending only what looks like a word is left.
ENDINGS = re.compile(
    r"""
    # Its last letter twice: controlling.
    (?: (?<=(.))\1 )?
    (?: able|ably|al|ally|ance|ate[ds]?|ating|ations?|ators?|e[ds]?|ement|ence|ers?|ful|ible|icals?
      | ics?|ied|ies|ilit(?:y|ies)|ings?|ions?|ism|ists?|it(?:y|ies)|ives?|ize[ds]?|izing|ization
      | less|ly|ments?|ness|ous|s|y )?
    """,
    re.VERBOSE,
)

# In how many works each word occurs.
Counts = Mapping[str, int]


def near_and_far(typed: str, found: Counts) -> tuple[list[str], list[str]]:
    """Return the words of `found` that are one slip away from what was typed, and two.

    All of `found` share a key of `spelling.deletions` with it: none is further away.
    """
    near: dict[str, float] = {}
    far: dict[str, float] = {}
    letters = keys_of(typed)
    for word in found:
        if is_cjk(word) == is_cjk(typed) and _digits(word) == _digits(typed):
            likelihood = _slip(letters, keys_of(word))
            score = _weight(typed, word, found)
            is_alike = word[0] == typed[0] or likelihood > WRONG or len(letters) > TELLS_LITTLE
            if likelihood and is_alike:
                near[word] = likelihood * score
            elif len(letters) >= TWO_SLIPS:
                far[word] = score
    return _best_first(near), _best_first(far)


def forms_near(typed: str) -> dict[str, str]:
    """Return English words one slip away that could be a form of another word, with its stem."""
    if not typed.isascii() or not typed.isalpha() or not TELLS_LITTLE < len(typed) <= MOST_LETTERS:
        return {}
    stems = {word: stem(word) for word in {*_slips(typed)} - STOP_WORDS}
    return {word: stems[word] for word in stems if _is_form_of(word, stems[word])}


def best_forms(typed: str, found: Counts) -> list[str]:
    """Put forms that do not occur themselves in order, the likeliest first.

    `found` says in how many works the other forms of each occur.
    """
    scores = {word: _slip(typed, word) * _weight(typed, word, found) for word in found}
    return _best_first(scores)


def _is_form_of(word: str, lexeme: str) -> bool:
    return ENDINGS.fullmatch(word, _shared(word, lexeme)) is not None


def _slips(typed: str) -> Iterator[str]:
    """Yield all that is one slip away."""
    for at in range(len(typed) + 1):
        start, end = typed[:at], typed[at:]
        yield from (start + letter + end for letter in ascii_lowercase)
        if end:
            yield start + end[1:]
            yield from (start + letter + end[1:] for letter in ascii_lowercase)
            yield start + end[1::-1] + end[2:]


def ways_apart(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to take a word apart into two words, then those into three."""
    if len(word) > MOST_LETTERS or word.isdecimal():
        return
    for cuts in (1, 2):
        for places in combinations(range(SHORTEST_PART, len(word) - SHORTEST_PART + 1), cuts):
            ends = (0, *places, len(word))
            parts = tuple(word[start:end] for start, end in pairwise(ends))
            if all(len(part) >= SHORTEST_PART for part in parts):
                yield parts


def apart(word: str, found: Counts) -> list[tuple[str, ...]]:
    """Return the ways to take a word apart of which every part occurs; two words before three."""
    rarest = {parts: _rarest(parts, found) for parts in ways_apart(word)}
    occurring = [parts for parts, documents in rarest.items() if documents]
    return sorted(occurring, key=lambda parts: (len(parts), -rarest[parts]))


def _rarest(parts: tuple[str, ...], found: Counts) -> int:
    """Return in how many works the rarest part occurs; what stands between may be a stop word."""
    first, *between, last = parts
    return min(
        found.get(part, 0)
        for part in (first, last, *(part for part in between if part not in STOP_WORDS))
    )


def _slip(typed: str, meant: str) -> float:
    """Return how likely one slip makes `typed` of `meant`; 0 if it takes two."""
    start = _shared(typed, meant)
    typed, meant = typed[start:], meant[start:]
    end = _shared(typed[::-1], meant[::-1])
    typed, meant = typed[: len(typed) - end], meant[: len(meant) - end]
    match len(typed), len(meant):
        case 0, 1:
            return MISSING
        case 1, 0:
            return EXTRA
        case 1, 1:
            return WRONG
        case 2, 2 if typed == meant[::-1]:
            return SWAPPED
    # Hangul that differs only by the shift key.
    return 0 if typed or meant else SWAPPED


def _weight(typed: str, word: str, found: Counts) -> float:
    """Return how likely a word is meant before anything is said about the slip."""
    return sqrt(found[word]) * (STARTS_ALIKE if word[0] == typed[0] else 1)


def _shared(one: str, other: str) -> int:
    """Return how many letters two texts have in common at their beginnings."""
    for place, (letter, its) in enumerate(zip(one, other, strict=False)):
        if letter != its:
            return place
    return min(len(one), len(other))


def _digits(word: str) -> str:
    return "".join(filter(str.isdecimal, word))


def _best_first(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda word: (-scores[word], word))
