"""What two sequences share, and where they part; the time it takes is bounded."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# Pairs of tokens that may be held side by side: in one gap, and in one text.
MOST_PAIRS = 250_000
MOST_PAIRS_IN_ALL = 4_000_000
MOST_LEVELS = 16


class Stretch(NamedTuple):
    """How much of one sequence stands beside how much of another, and whether they are equal."""

    i: int
    j: int
    k: int
    n: int
    equal: bool = False


class Budget:
    """How many pairs may still be compared: spent once for a whole text."""

    def __init__(self, pairs: int) -> None:
        self.left = pairs

    def allows(self, pairs: int) -> bool:
        """Take so many pairs from what is left; say whether there were as many."""
        if pairs > min(self.left, MOST_PAIRS):
            return False
        self.left -= pairs
        return True


def stretches(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Stretch]:
    """Return what two sequences share and where they part, in order.

    What occurs once in both holds the two together; only the short gaps between are
    compared thoroughly, as that takes the square of their length.
    """
    found: list[Stretch] = []
    _align(old, new, Stretch(0, len(old), 0, len(new)), budget, found, MOST_LEVELS)
    return [each for each in found if each.i < each.j or each.k < each.n]


def _align(
    old: Sequence[str],
    new: Sequence[str],
    within: Stretch,
    budget: Budget,
    found: list[Stretch],
    levels: int,
) -> None:
    """Add what is known of one stretch, its equal ends first."""
    i, j, k, n, _ = within
    while i < j and k < n and old[i] == new[k]:
        i, k = i + 1, k + 1
    found.append(Stretch(within.i, i, within.k, k, equal=True))
    while i < j and k < n and old[j - 1] == new[n - 1]:
        j, n = j - 1, n - 1
    middle = Stretch(i, j, k, n)
    if anchors := _anchors(old, new, middle) if levels else []:
        for a, b in anchors:
            _align(old, new, Stretch(i, a, k, b), budget, found, levels - 1)
            i, k = a, b
        _align(old, new, Stretch(i, j, k, n), budget, found, levels - 1)
    else:
        found.extend(_thoroughly(old, new, middle, budget))
    found.append(Stretch(j, within.j, n, within.n, equal=True))


def _anchors(old: Sequence[str], new: Sequence[str], within: Stretch) -> list[tuple[int, int]]:
    """Return where the longest row of tokens stands that occur once in both, in the same order."""
    i, j, k, n, _ = within
    if i == j or k == n:
        return []
    here, there = Counter(old[i:j]), Counter(new[k:n])
    place = {token: at for at, token in enumerate(new[k:n], start=k) if there[token] == 1}
    pairs = [
        (at, place[token])
        for at, token in enumerate(old[i:j], start=i)
        if here[token] == 1 and token in place
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest rising row of the second places; the first ones rise already."""
    ends: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, (_a, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before.append(holders[length - 1] if length else -1)
        ends[length : length + 1] = [b]
        holders[length : length + 1] = [at]
    row: list[tuple[int, int]] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]


def _thoroughly(
    old: Sequence[str], new: Sequence[str], within: Stretch, budget: Budget
) -> Iterator[Stretch]:
    i, j, k, n, _ = within
    if not budget.allows((j - i) * (n - k)):
        yield within
        return
    matcher = SequenceMatcher(None, old[i:j], new[k:n], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        yield Stretch(i + a, i + b, k + c, k + d, equal=tag == "equal")
