"""Whether the number beside each facet value is what choosing it shows."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import html

from tests.bench.search_measuring import Reader, a_table, console, told, verdict

SEED = 1
COMBINATIONS = 1000
SHOWN = 10
WORD = re.compile(r"\w{3,}")
YEAR_BAR = re.compile(r"(\d{4}): ([\d,]+)")
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Value:
    """A facet value as the page shows it; the years of the drawing have no address of their own."""

    facet: str
    slug: str
    works: int
    url: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A number that a click does not bear out."""

    page: str
    value: Value
    shown: int


def run() -> None:
    """Check random values of random pages and print how many numbers were right."""
    chance = random.Random(SEED)
    reader = Reader()
    words = library_words(chance)
    fresh = in_use = 0
    mismatches: list[Mismatch] = []
    with told(f"  {COMBINATIONS:,} random combinations of words and filters"):
        for page, values in _pages(reader, chance, words):
            value = chance.choice(values)
            used = value.facet in dict(_pairs(page))
            address = _alone(page, value) if used or not value.url else value.url
            shown = total(reader, address)
            if shown != value.works:
                mismatches.append(Mismatch(page, value, shown))
            fresh, in_use = fresh + (not used), in_use + used
            if fresh + in_use == COMBINATIONS:
                break
    right = COMBINATIONS - len(mismatches)
    table = a_table("Facet counts", "what", "figure", "target", "met")
    table.add_row(
        "values of a facet not in use: as many results after the click", f"{fresh}", "", ""
    )
    table.add_row(
        "values of a facet in use: as many results with this value alone", f"{in_use}", "", ""
    )
    table.add_row("numbers that are right", f"{right:,}", *verdict(right, least=COMBINATIONS))
    console.print(table)
    for each in mismatches[:SHOWN]:
        console.print(f"{each.page}: {each.value.facet} {each.value.slug} says {each.value.works}, "
                      f"shows {each.shown}")  # fmt: skip


def library_words(chance: random.Random) -> list[str]:
    """Return words of random works, as often as texts have them."""
    from publications.models import Publication

    keys = list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    chosen = chance.sample(keys, min(len(keys), 400))
    texts = Publication.objects.filter(pk__in=chosen).order_by("pk").values_list("title", "body")
    return [
        word
        for title, body in texts
        for word in (*WORD.findall(title), *WORD.findall(re.sub(r"<[^>]+>", " ", body))[:40])
    ]


def _pages(
    reader: Reader, chance: random.Random, words: Sequence[str]
) -> Iterator[tuple[str, list[Value]]]:
    """Yield pages, reached by typing words and following links of facets, and their values."""
    while True:
        typed = " ".join(chance.choices(words, k=chance.randrange(3)))
        address = "/search/" + (f"?{urlencode({'q': typed})}" if typed else "")
        values = facet_values(reader, address)
        for _ in range(chance.randrange(4)):
            links = [value.url for value in values if value.url]
            if not links:
                break
            address = chance.choice(links)
            values = facet_values(reader, address)
        if values:
            yield address, values


def facet_values(reader: Reader, address: str) -> list[Value]:
    """Read the values, and the years of the drawing, from a page."""
    answer = reader.get(address)
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    page = html.fromstring(answer.body)
    values = [_value(each, address) for each in page.xpath("//a[@data-key]")]
    bars = map(YEAR_BAR.fullmatch, page.xpath("//*[local-name()='rect']/*/text()"))
    return values + [Value("year", bar[1], _number(bar[2]), "") for bar in bars if bar]


def _value(link: Any, address: str) -> Value:
    facet, _, slug = link.get("data-key").partition(":")
    return Value(facet, slug, _number(link.findtext("b")), urljoin(address, link.get("href")))


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _pairs(address: str) -> Pairs:
    return parse_qsl(urlsplit(address).query)


def _alone(address: str, value: Value) -> str:
    """Return an address in which this value is the only one of its facet."""
    others = [pair for pair in _pairs(address) if pair[0] != value.facet]
    return f"/search/?{urlencode([*others, (value.facet, value.slug)])}"


def total(reader: Reader, address: str) -> int:
    """Return how many results the page of this address has; its machine form says it plainly."""
    program = address.replace("/search/", "/search/results.json", 1)
    page, file = reader.get(address), reader.get(program)
    if (page.status, file.status) != (200, 200):
        raise RuntimeError(f"{address} answered {page.status} and {file.status}")
    return int(json.loads(file.body)["total"])
