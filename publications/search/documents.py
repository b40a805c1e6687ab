"""A publication as the index holds it: made from its texts, without the database."""

import hashlib
import math
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publications.search.facets import Facet, lexeme, pack
from publications.search.tokens import normalize, terms

# BM25: how soon more of the same word stops counting, and how much a long text is held back.
K1 = 1.6
B = 0.75
# Each occurrence counts so often, by where it stands (BM25F).
TITLE, NAME, LEAD, TEXT = 3, 2, 2, 1

# tsvector's own bounds: positions beyond the last fall together, further ones are not kept.
LAST_POSITION = 16383
MOST_POSITIONS = 255
# What ranks stays in one database page; terms beyond this are the rarest of a very long text.
MOST_TERMS = 1400
MOST_FACETS = 500
# A tsvector holds 1 MB: so many bytes for the lexemes of the work itself, so many for its files.
ROOM = 300_000
ROOM_FOR_FILES = 600_000
BESIDE_A_LEXEME = 8
MOST_FREQUENT = 255
# Words of a text further apart than this are in different fields.
GAP = 10
# The impact of a term in a work, in steps of a quarter of a doubling.
LEVELS = 32
STEPS = 4
MIDDLE = 12

# What all works have, and the key under which their lengths are added up.
ALL = "all:1"
LENGTH = "length:sum"
SAMPLES = 20


@dataclass(frozen=True, slots=True)
class FileText:
    """The terms of a publication's files, as `AttachmentText` holds them."""

    length: int
    terms: Sequence[int]
    lexemes: Sequence[str]
    attachment_id: int


@dataclass(frozen=True, slots=True)
class Source:
    """What of a publication is searched."""

    pk: int
    public_from: datetime | None
    day: int
    title: str
    names: Sequence[str]
    leads: Sequence[str]
    text: str
    facets: Sequence[tuple[Facet, int]]
    month: int
    files: Sequence[FileText] = ()
    # When there is more text for readers than `text`.
    whole_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A row of `SearchDocument`, and what its words add to the dictionary."""

    pk: int
    title: str
    public_from: datetime | None
    whole_from: datetime | None
    day: int
    title_key: int
    length: int
    facets: bytes
    terms: list[int]
    # Without the vectors of the files, which the database appends.
    vector: str
    files: tuple[int, ...]
    lexemes: frozenset[str]
    words: dict[str, str]


def term_base(term: str) -> int:
    """Return a term's place in `SearchDocument.terms`: 23 bits of hash above 8 of frequency.

    Two terms may share a place; that changes a rank a little, never what matches.
    """
    return (zlib.crc32(term.encode()) & 0x7FFFFF) << 8


def title_key(title: str) -> int:
    """Return a 64-bit number that is equal for titles spelled alike."""
    digest = hashlib.blake2b(normalize(title).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def vector_literal(positions: Mapping[str, Sequence[int]], weight: str) -> str:
    """Write lexemes with positions of one weight as a tsvector literal."""
    return " ".join(
        f"'{term}':" + ",".join(f"{place}{weight}" for place in places[:MOST_POSITIONS])
        for term, places in positions.items()
    )


def average_weight(length: float, average: float) -> float:
    """Return how much a text of `length` is held back beside an average one (1)."""
    return 1 - B + B * length / average


def level(frequency: int, length: int, average: float) -> int:
    """Return the impact of a term in a work as a step from 0 to `LEVELS` - 1."""
    steps = STEPS * math.log2(frequency / average_weight(length, average))
    return min(LEVELS - 1, max(0, MIDDLE + math.floor(steps)))


def level_lexeme(term: str, step: int) -> str:
    """Return the lexeme that says: this work has `term` with the impact `step`."""
    return f"{term}|{step}"


def is_level(lexeme: str) -> bool:
    """Say whether a lexeme is the impact of a term."""
    return "|" in lexeme


def sample_lexemes(pk: int) -> list[str]:
    """Return the random samples that a work is in: number n holds one work in 2 ** n."""
    mixed = zlib.crc32(str(pk).encode())
    zeros = (mixed & -mixed).bit_length() - 1 if mixed else SAMPLES
    return [f"sample:{n}" for n in range(1, min(zeros, SAMPLES) + 1)]


def build(source: Source) -> Document:
    """Make the document of a publication."""
    places: dict[str, list[str]] = defaultdict(list)
    frequencies: dict[str, int] = defaultdict(int)
    words: dict[str, str] = {}
    position = length = 0
    room = ROOM
    for text, weight, label in _fields(source):
        last = 0
        for term, word, last in terms(text):
            if term not in places:
                room -= len(term.encode()) + BESIDE_A_LEXEME
                if room < 0:
                    continue
            found = places[term]
            place = position + last
            if place <= LAST_POSITION and len(found) < MOST_POSITIONS:
                found.append(f"{place}{label}")
            frequencies[term] += weight
            length += weight
            words[word] = term
        position += last + GAP
    by_base = {term_base(term): count for term, count in frequencies.items()}
    for file in source.files:
        length += file.length
        for entry in file.terms:
            by_base[entry & ~0xFF] = by_base.get(entry & ~0xFF, 0) + (entry & 0xFF)
    marks = _marks(source)
    entries = [
        *(f"'{term}'" + (f":{','.join(at)}" if at else "") for term, at in places.items()),
        *(f"'{mark}'" for mark in marks),
    ]
    return Document(
        pk=source.pk,
        title=source.title,
        public_from=source.public_from,
        whole_from=source.whole_from,
        day=source.day,
        title_key=title_key(source.title),
        length=length,
        facets=pack(source.facets[:MOST_FACETS]),
        terms=pack_terms(by_base),
        vector=" ".join(entries),
        files=tuple(file.attachment_id for file in source.files),
        lexemes=frozenset(frequencies).union(marks, *(file.lexemes for file in source.files)),
        words=words,
    )


def with_levels(document: Document, frequent: Iterable[str], average: float) -> Document:
    """Add to a document the levels of those of its terms that are `frequent` in the library."""
    marks = [
        level_lexeme(term, level(count, document.length, average))
        for term in document.lexemes.intersection(frequent)
        if (count := frequency(document.terms, term))
    ]
    return replace(
        document,
        vector=" ".join([document.vector, *(f"'{mark}'" for mark in marks)]),
        lexemes=document.lexemes.union(marks),
    )


def frequency(terms: Sequence[int], term: str) -> int:
    """Return how often `term` occurs, weighted, in the `terms` of a document."""
    base = term_base(term)
    place = bisect_right(terms, base | 0xFF)
    return max(0, terms[place - 1] - base) if place else 0


def pack_terms(by_base: Mapping[int, int]) -> list[int]:
    """Write weighted frequencies by `term_base` as the sorted numbers of `terms`."""
    entries = by_base.items()
    if len(by_base) > MOST_TERMS:
        entries = sorted(entries, key=lambda entry: -entry[1])[:MOST_TERMS]  # type: ignore[assignment]
    return sorted(base + min(MOST_FREQUENT, count) for base, count in entries)


def _fields(source: Source) -> Iterable[tuple[str, int, str]]:
    yield source.title, TITLE, "A"
    yield from ((name, NAME, "B") for name in source.names)
    yield from ((lead, LEAD, "C") for lead in source.leads)
    yield source.text, TEXT, "D"


def _marks(source: Source) -> list[str]:
    """Return the lexemes that are no words: facets, month, sample, and one that all works have."""
    return [
        ALL,
        *(lexeme(facet, value) for facet, value in source.facets),
        f"month:{source.month}",
        *sample_lexemes(source.pk),
    ]
