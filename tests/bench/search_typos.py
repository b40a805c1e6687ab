"""Slips of the fingers, the same in every run."""

import random
import string
from collections.abc import Mapping
from dataclasses import replace

from tests.bench.search_collections import SEED, Asked

SHORTEST = 4


def with_typos(asked: Asked) -> Asked:
    """Put one slip into every word of four letters and more."""
    chance = random.Random(SEED)
    queries: Mapping[str, str] = {
        number: " ".join(slip(word, chance) for word in text.split())
        for number, text in asked.queries.items()
    }
    return replace(asked, name=f"{asked.name}, typo in each word", queries=queries)


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
