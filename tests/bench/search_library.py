"""A generated library of any size: the same works in every run, in words that nobody uses.

Half of the running words are English function words; the others follow Zipf's law over 60,000
invented words, so that some are in most works and many in only a few. One work in twelve is in
Korean syllables.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import batched
from typing import Any

import numpy as np

SEED = 1
BATCH = 500
VOCABULARY, KOREAN_VOCABULARY = 60_000, 6_000
YEARS = range(2000, 2025)
KINDS, AUTHORS, OUTLETS, SERIES = 12, 800, 40, 10
# Tags by their numbers: topics, then regions.
TOPICS, REGIONS = 260, 40
FUNCTION_WORDS = [
    "the", "of", "to", "and", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by",
    "on", "not", "he", "his", "but", "at", "are", "this", "have", "from", "or", "had", "an", "they",
    "which", "one", "you", "were", "all", "her", "she", "there", "their", "we", "him", "been",
]  # fmt: skip
PARTICLES = ["", "", "은", "는", "이", "가", "을", "를", "의", "에", "에서", "으로", "와", "도"]


@dataclass(frozen=True, slots=True)
class Work:
    """A generated publication; who and what belongs to it by numbers from 0."""

    number: int
    title: Sequence[str]
    standfirst: str
    text: Sequence[str]
    kind: int
    published: datetime
    authors: Sequence[int]
    tags: Sequence[int]
    outlet: int | None
    series: int | None
    is_korean: bool
    has_pdf: bool

    @property
    def headline(self) -> str:
        """The words of the title as a headline."""
        return " ".join(self.title).capitalize()

    @property
    def sentences(self) -> list[str]:
        """The text in sentences of 18 words."""
        return [" ".join(words).capitalize() + "." for words in batched(self.text, 18)]

    @property
    def body(self) -> str:
        """The text as markup: paragraphs of four sentences."""
        return "".join(f"<p>{' '.join(part)}</p>" for part in batched(self.sentences, 4))


def works(size: int) -> Iterator[Work]:
    """Make the works of a library; the words of each follow from its batch alone."""
    for start in range(0, size, BATCH):
        yield from _batch(start, min(BATCH, size - start), 120 if size > 500_000 else 350)


def _batch(start: int, count: int, length: int) -> Iterator[Work]:
    chance = np.random.default_rng([SEED, start])
    lengths = np.clip(chance.lognormal(np.log(length), 0.6, count), 40, 4000).astype(int)
    plain = random.Random(SEED * 1_000_003 + start)
    for at, words in enumerate(lengths):
        is_korean = plain.random() < 1 / 12
        draw = _korean if is_korean else _english
        title = [str(word) for word in draw(chance, 5 + plain.randrange(6), 0.0)]
        published = datetime(plain.choice(YEARS), 1, 1, tzinfo=UTC) + timedelta(
            seconds=plain.randrange(365 * 86_400)
        )
        yield Work(
            number=start + at,
            title=title,
            standfirst=" ".join(draw(chance, 22, 0.45)).capitalize() + ".",
            text=draw(chance, int(words), 0.45),
            kind=_skewed(plain, KINDS),
            published=published,
            authors=sorted({_skewed(plain, AUTHORS) for _ in range(plain.choice((1, 1, 1, 2, 3)))}),
            tags=sorted(
                {_skewed(plain, TOPICS) for _ in range(plain.randrange(5))}
                | {TOPICS + _skewed(plain, REGIONS) for _ in range(plain.randrange(3))}
            ),
            outlet=_skewed(plain, OUTLETS) if plain.random() < 0.5 else None,
            series=_skewed(plain, SERIES) if plain.random() < 0.2 else None,
            is_korean=is_korean,
            has_pdf=plain.random() < 0.15,
        )


def _english(chance: Any, count: int, function_words: float) -> list[str]:
    words = vocabulary()[np.searchsorted(_shares(VOCABULARY), chance.random(count))]
    small = chance.random(count) < function_words
    words[small] = _function_words()[chance.integers(0, len(FUNCTION_WORDS), int(small.sum()))]
    return words.tolist()  # type: ignore[no-any-return]


def _korean(chance: Any, count: int, function_words: float) -> list[str]:
    # A Korean text of the same length has fewer, longer words.
    count = count if not function_words else count * 2 // 3
    words = _korean_words()[np.searchsorted(_shares(KOREAN_VOCABULARY), chance.random(count))]
    endings = np.array(PARTICLES)[chance.integers(0, len(PARTICLES), count)]
    return [word + ending for word, ending in zip(words, endings, strict=True)]


@cache
def vocabulary() -> Any:
    """The invented words, the most frequent first; these are short."""
    chance = random.Random(SEED)
    onsets = (*"bcdfghjklmnprstvwz", "br", "ch", "dr", "fl", "gr", "kl", "pl", "sh", "st", "tr")
    vowels = ("a", "e", "i", "o", "u", "ai", "ea", "oo")
    codas = ("", "", "", "n", "r", "l", "m", "nd", "st", "ck", "p", "t")
    known: dict[str, None] = {}
    while len(known) < VOCABULARY:
        syllables = 2 if len(known) < 2_000 else chance.choice((2, 3, 3, 4))
        word = "".join(
            chance.choice(onsets) + chance.choice(vowels) + chance.choice(codas)
            for _ in range(syllables)
        )
        if len(word) > 3:
            known[word] = None
    return np.array(list(known), dtype=object)


@cache
def _korean_words() -> Any:
    chance = random.Random(SEED)
    # Plain initials, vowels and finals: nearly all syllables of a real text.
    every = itertools.product(
        (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18), (0, 1, 4, 5, 8, 13, 18, 20),
        (0, 1, 4, 8, 16, 21),
    )  # fmt: skip
    syllables = chance.sample([chr(0xAC00 + (a * 21 + b) * 28 + c) for a, b, c in every], 400)
    known: dict[str, None] = {}
    while len(known) < KOREAN_VOCABULARY:
        known["".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 4))))] = None
    return np.array(list(known), dtype=object)


@cache
def _function_words() -> Any:
    return np.array(FUNCTION_WORDS, dtype=object)


@cache
def _shares(count: int) -> Any:
    """How much of a text the words up to each rank are: Zipf's law, its first ranks flattened."""
    weights = 1 / (np.arange(count) + 11.0)
    return np.cumsum(weights) / weights.sum()


def _skewed(chance: random.Random, count: int) -> int:
    """Choose a number below `count`, the first ones often and the last ones seldom."""
    return int(count * chance.random() ** 2)


def publish(library: Iterable[Work]) -> None:
    """Write generated works as publications; the index is built afterwards."""
    from publications.models import (
        Attachment,
        Author,
        Contribution,
        Kind,
        Outlet,
        Publication,
        Series,
        Tag,
        Tagging,
        TagGroup,
    )
    from publications.states import Status

    def named(model: Any, name: str, count: int) -> list[Any]:
        label = {Author: "display_name", Series: "title"}.get(model, "name")
        words = vocabulary()[1000:]
        names = [f"{words[7 * n]} {words[7 * n + 3]}".title() for n in range(count)]
        rows = [model(**{label: names[n], "slug": f"{name}-{n}"}) for n in range(count)]
        return model.objects.bulk_create(rows)  # type: ignore[no-any-return]

    kinds = list(Kind.objects.order_by("position"))
    authors = named(Author, "author", AUTHORS)
    outlets = named(Outlet, "outlet", OUTLETS)
    series = named(Series, "series", SERIES)
    tags = named(Tag, "tag", TOPICS + REGIONS)
    Tag.objects.filter(pk__in=[tag.pk for tag in tags[TOPICS:]]).update(group=TagGroup.REGION)
    for part in batched(library, 1000):
        rows = Publication.objects.bulk_create(
            Publication(
                kind=kinds[work.kind % len(kinds)],
                title=work.headline,
                slug=f"work-{work.number}",
                standfirst=work.standfirst,
                body=work.body,
                language="ko" if work.is_korean else "en",
                status=Status.PUBLISHED,
                published_at=work.published,
                outlet=None if work.outlet is None else outlets[work.outlet],
                series=None if work.series is None else series[work.series],
            )
            for work in part
        )
        pairs = list(zip(rows, part, strict=True))
        Contribution.objects.bulk_create(
            Contribution(publication=row, author=authors[number], position=place)
            for row, work in pairs
            for place, number in enumerate(work.authors, start=1)
        )
        Tagging.objects.bulk_create(
            Tagging(content_object=row, tag=tags[number])
            for row, work in pairs
            for number in work.tags
        )
        Attachment.objects.bulk_create(
            Attachment(publication=row, file=f"attachments/{row.slug}.pdf", size=1000)
            for row, work in pairs
            if work.has_pdf
        )
