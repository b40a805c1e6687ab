"""A realistic mix of searches, made from a generated library and the same in every run."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tests.bench.search_library import FUNCTION_WORDS, Work

SEED = 1
EACH = 45
STOP = set(FUNCTION_WORDS)


@dataclass(frozen=True, slots=True)
class Question:
    """One search: for the site as parameters, for the rivals by its parts."""

    category: str
    words: Sequence[str]
    is_phrase: bool = False
    is_prefix: bool = False
    is_newest: bool = False
    # Facets by the numbers that the generator knows them by, and as the site's address has them.
    filters: Mapping[str, int] = field(default_factory=dict)
    chosen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the search page."""
        text = " ".join(self.words)
        if self.is_phrase:
            text = f'"{text}"'
        if self.is_prefix:
            text += "*"
        return {"q": text, **({"sort": "newest"} if self.is_newest else {}), **self.chosen}


@dataclass
class Samples:
    """What a library says about itself, to ask for things that it has."""

    # In how many works a word is.
    frequency: Counter[str]
    # Some works in English, from all over the library.
    works: Sequence[Work]

    @classmethod
    def take(cls, library: Iterable[Work], size: int) -> "Samples":
        """Look at a library once."""
        chosen = set(random.Random(SEED).sample(range(size), min(size, 12 * EACH)))
        frequency: Counter[str] = Counter()
        works = []
        for work in library:
            frequency.update({*work.title, *work.text} - STOP)
            if work.number in chosen and not work.is_korean:
                works.append(work)
        return cls(frequency, works)


def questions(samples: Samples, size: int, kinds: Sequence[str]) -> list[Question]:
    """Return `EACH` questions of each category; `kinds` are the slugs of the site."""
    chance = random.Random(SEED)
    works = chance.sample(samples.works, len(samples.works))
    source = cycle(works)
    ranked = [word for word, _ in samples.frequency.most_common() if word.isascii()]
    rare = [word for word in ranked if 2 <= samples.frequency[word] <= 2 + size // 2500]
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "very common word": lambda: {"words": [chance.choice(ranked[:40])]},
        "medium word": lambda: {"words": [chance.choice(ranked[300:3000])]},
        "rare word": lambda: {"words": [chance.choice(rare or ranked[-100:])]},
        "two words": lambda: {"words": _pick(chance, next(source).title, 2)},
        "three words": lambda: {"words": _pick(chance, next(source).title, 3)},
        "phrase": lambda: {"words": _run(chance, next(source).text), "is_phrase": True},
        "prefix": lambda: {"words": [chance.choice(ranked[:3000])[:4]], "is_prefix": True},
        "words with filters": lambda: _filtered(chance, next(source), kinds),
        "newest first": lambda: {"words": [chance.choice(ranked[:1000])], "is_newest": True},
    }
    return [Question(name, **make()) for name, make in parts.items() for _ in range(EACH)]


def _pick(chance: random.Random, words: Sequence[str], count: int) -> list[str]:
    """Choose some words of a headline, in its order."""
    return [words[at] for at in sorted(chance.sample(range(len(words)), count))]


def _run(chance: random.Random, words: Sequence[str]) -> list[str]:
    """Choose two to four words that stand together, the first and the last telling ones."""
    for _ in range(1000):
        start, length = chance.randrange(len(words) - 4), chance.randint(2, 4)
        run = list(words[start : start + length])
        # A run across the end of a sentence is a phrase as well: points count for nothing.
        if not STOP & {run[0], run[-1]}:
            return run
    raise RuntimeError("A text of function words only.")


def _filtered(chance: random.Random, work: Work, kinds: Sequence[str]) -> dict[str, Any]:
    """Ask for a word of a work and for some of its facets."""
    year = work.published.year
    both = {
        "kind": (work.kind, kinds[work.kind]),
        "year": (year, str(year)),
        "author": (work.authors[0], f"author-{work.authors[0]}"),
    }
    names = chance.sample(sorted(both), chance.randint(1, 2))
    return {
        "words": _pick(chance, work.title, chance.randint(1, 2)),
        "filters": {name: both[name][0] for name in names},
        "chosen": {name: both[name][1] for name in names},
    }
