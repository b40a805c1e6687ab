"""What a word that occurs nowhere could have been: the likeliest first, without the database."""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, takewhile
from math import sqrt

from publications.search.keyboards import keys_of
from publications.search.stopwords import STOP_WORDS
from publications.search.tokens import is_cjk

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

# In how many works each word occurs.
Counts = Mapping[str, int]


def near_and_far(typed: str, found: Counts) -> tuple[list[str], list[str]]:
    """Return the words of `found` that are one slip away from what was typed, and two.

    All of `found` share a key of `spelling.deletions` with it: none is further away.
    """
    near: dict[str, float] = {}
    far: dict[str, float] = {}
    letters = keys_of(typed)
    for word, documents in found.items():
        if is_cjk(word) == is_cjk(typed) and _digits(word) == _digits(typed):
            likelihood = _slip(letters, keys_of(word))
            starts_alike = word[0] == typed[0]
            score = sqrt(documents) * (STARTS_ALIKE if starts_alike else 1)
            if likelihood and (starts_alike or likelihood > WRONG or len(letters) > TELLS_LITTLE):
                near[word] = likelihood * score
            elif len(letters) >= TWO_SLIPS:
                far[word] = score
    return _best_first(near), _best_first(far)


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


def _shared(one: str, other: str) -> int:
    """Return how many letters two texts have in common at their beginnings."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _digits(word: str) -> str:
    return "".join(filter(str.isdecimal, word))


def _best_first(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda word: (-scores[word], word))
