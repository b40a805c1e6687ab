"""Sentence patterns, the words that fill them, and Korean particles."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
HANGUL_FIRST, HANGUL_LAST, FINALS = 0xAC00, 0xD7A3, 28
PARTICLES = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "과": ("과", "와")}
# Slots in which a work keeps to its theme; in all others each draw is a new one.
THEMATIC = {"thing": 3, "actors": 2}
STAYS_ON_THEME = 0.65


def read_toml(*parts: str) -> dict[str, Any]:
    """Return one of the data files beside this module."""
    return tomllib.loads(HERE.joinpath(*parts).read_text(encoding="utf-8"))


def with_particle(word: str, particle: str) -> str:
    """Attach the form of a Korean particle that follows the word's last sound."""
    last = ord(word[-1])
    closed = HANGUL_FIRST <= last <= HANGUL_LAST and (last - HANGUL_FIRST) % FINALS != 0
    after_consonant, after_vowel = PARTICLES.get(particle, (particle, particle))
    return word + (after_consonant if closed else after_vowel)


def capitalized(text: str) -> str:
    """Raise the first letter and leave the others alone."""
    return text[:1].upper() + text[1:]


class Word(str):
    """A word in a slot; the format spec is the particle that follows it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return with_particle(str(self), spec) if spec else str(self)


class Number:
    """The slot `{n:3-9}`: a number from a range."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def __format__(self, spec: str) -> str:
        low, high = spec.split("-")
        return str(self.rng.randint(int(low), int(high)))


class Bag:
    """Draw entries in shuffled order; none comes again before all have come."""

    def __init__(self, entries: Sequence[str], rng: Random) -> None:
        self.entries = [_dated(entry) for entry in entries]
        self.rng = rng
        self.left: list[tuple[int, str]] = []

    def has_fresh(self, year: int, used: set[str]) -> bool:
        """Tell whether an entry is left that fits the year and is not in `used`."""
        return any(since <= year and text not in used for since, text in self.entries)

    def draw(self, year: int, used: set[str]) -> str:
        """Return an entry that fits the year and, while there is one, is not in `used`."""
        for refill in (False, True):
            if refill:
                self.left = self.rng.sample(self.entries, len(self.entries))
            for place in range(len(self.left) - 1, -1, -1):
                since, text = self.left[place]
                if since <= year and text not in used:
                    del self.left[place]
                    used.add(text)
                    return text
        return self.rng.choice([text for since, text in self.entries if since <= year])


class Voice(dict[str, object]):
    """Fill patterns with the words of one subject; the mapping that `format_map` reads."""

    def __init__(self, words: Mapping[str, Sequence[str]], rng: Random) -> None:
        super().__init__(n=Number(rng))
        self.rng = rng
        self.bags = {slot: Bag(entries, rng) for slot, entries in words.items()}
        self.year = 0
        self.used: set[str] = set()
        self.themes: dict[str, list[str]] = {}
        self.said: dict[str, int] = {}

    def begin(self, year: int) -> None:
        """Start a work: choose its themes and forget what the last one said."""
        self.year = year
        self.used = set()
        self.themes = {
            slot: [self.bags[slot].draw(year, self.used) for _ in range(size)]
            for slot, size in THEMATIC.items()
        }

    def say(self, pattern: str, *, strictly: bool = False) -> str:
        """Fill a pattern; `strictly` keeps to the first theme, as a headline must."""
        self.said = dict.fromkeys(THEMATIC, 0)
        if not strictly and self.rng.random() > STAYS_ON_THEME:
            self.said["thing"] = 1
        return pattern.format_map(self)

    def has_fresh(self, slot: str) -> bool:
        """Tell whether this work has not yet used all the words of a slot."""
        return self.bags[slot].has_fresh(self.year, self.used)

    def __missing__(self, slot: str) -> Word:
        key = slot.lower()
        text = self._theme(key) if key in THEMATIC else self.bags[key].draw(self.year, self.used)
        if "{" in text:
            text = text.format_map(self)
        return Word(text if slot == key else capitalized(text))

    def _theme(self, slot: str) -> str:
        themes = self.themes[slot]
        nth = self.said[slot]
        self.said[slot] = nth + 1
        return themes[nth % len(themes)]


def _dated(entry: str) -> tuple[int, str]:
    """Read `2018|text`, words that nobody would have used before that year."""
    since, bar, text = entry.partition("|")
    return (int(since), text) if bar else (0, entry)
