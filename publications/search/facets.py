"""Facets as the index holds them: a lexeme to filter by, a 32-bit code to count."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

VALUE_BITS = 27


class Facet(StrEnum):
    """By what results can be narrowed; also the names in addresses and in `field:value`."""

    KIND = "kind"
    YEAR = "year"
    AUTHOR = "author"
    TOPIC = "topic"
    REGION = "region"
    OUTLET = "outlet"
    SERIES = "series"
    LANGUAGE = "lang"
    PDF = "pdf"


# For each facet the values to keep, any of them: ids of rows, years, `language_value`s, 1.
Filters = Mapping[Facet, frozenset[int]]
Counts = Mapping[Facet, Counter[int]]

ORDER = list(Facet)


def language_value(code: str) -> int:
    """Return a two-letter language code as a number."""
    return (ord(code[0]) << 8) + ord(code[1])


def language_code(value: int) -> str:
    """Return the two-letter code that `language_value` made a number of."""
    return chr(value >> 8) + chr(value & 255)


def lexeme(facet: Facet, value: int) -> str:
    """Return what the search vector of each work with this value holds."""
    return f"{facet.value}:{value}"


def pack(values: Iterable[tuple[Facet, int]]) -> bytes:
    """Write facet values as codes of four bytes."""
    return array(
        "i", (ORDER.index(facet) << VALUE_BITS | value for facet, value in values)
    ).tobytes()


def count(packed: bytes | memoryview) -> dict[Facet, Counter[int]]:
    """Count each value in the codes of any number of works, one after the other."""
    counts: dict[Facet, Counter[int]] = {facet: Counter() for facet in Facet}
    for code, works in Counter(memoryview(packed).cast("i")).items():
        counts[ORDER[code >> VALUE_BITS]][code & (1 << VALUE_BITS) - 1] = works
    return counts
