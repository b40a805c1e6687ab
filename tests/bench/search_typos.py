"""Slips of the fingers, the same in every run."""

import random
import string
from collections.abc import Mapping

from tests.bench.search_collections import SEED, Asked

SHORTEST = 4
# Each query is mistyped so many times: with one time, small collections are a matter of luck.
DRAWS = 8


def with_typos(asked: Asked) -> Asked:
    """Put one slip into every word of four letters and more, several times over."""
    queries: dict[str, str] = {}
    answers: dict[str, Mapping[str, float]] = {}
    for draw in range(DRAWS):
        chance = random.Random(SEED + draw)
        for number, text in asked.queries.items():
            queries[f"{number}/{draw}"] = " ".join(slip(word, chance) for word in text.split())
            answers[f"{number}/{draw}"] = asked.answers[number]
    return Asked(f"{asked.name}, typo in each word", queries, answers)


def slip(word: str, chance: random.Random) -> str:
    """Leave a letter out, add one, change one, or swap two."""
    if len(word) < SHORTEST:
        return word
    at = chance.randrange(len(word))
    letter = chance.choice(string.ascii_lowercase)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + letter + word[at:]
        case 2:
            return word[:at] + letter + word[at + 1 :]
        case _:
            at = min(at, len(word) - 2)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
