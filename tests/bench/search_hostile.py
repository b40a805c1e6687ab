"""Random and hostile searches: none may break the site or hold it up."""

import gc
import json
import logging
import multiprocessing
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, quote_plus

from django.urls import resolve
from rich.markup import escape

from tests.bench.search_measuring import Answer, Reader, a_table, console, verdict

SEED = 1
PROCESSES = 2
SLOW = 500.0
KEPT = 10
ASKED_AGAIN = 500
EVERY = 2500
SECURITY = Path(__file__).resolve().parents[3] / "shared" / "data" / "security"
PAGES = (
    *["/search/"] * 12, "/search/results.json", "/search/suggest/", "/search/results.atom",
    "/search/results.ris", "/search/results.bib",
)  # fmt: skip
PIECES = (
    '"', "“", "”", "'", "(", ")", "((((", "-", "--", "- -", "+", "*", "**", "?", ":", "::", "..",
    "|", "||", "&", "&&", "!", "!!", "<->", "<2>", "\\", "\\\\", "/", "%", "%s", "%(q)s", "{}",
    "$1", ";", "\x00", "\t", "\n", "\r\n", "OR", "or", "AND", "NOT", "NEAR", "OR OR", "-OR", '-"',
    '"-', "author:", "outlet:", "tag:", "kind:", "year:", "lang:", "filetype:", 'author:"',
    "year:2019..", "year:..2019", "year:2024..2019", "year:99999", "year:0", "filetype:pdf",
    "lang:xx", "kind:op-eds", "-author:kim", "all:1", "kind:1", "sample:3", "'':1A", ":*", "a:*",
    "U.S.", "AT&T", "R&D", "F-35", "COVID-19", "O'Brien", "a-b-c-d-e-f-g-h", "-----a", "a" * 300,
    "1" * 100, "1.1.1.1", "a.b.c.d.", "북한", "한", "ㅎ", "ᄒ", "한국은", "北韓", "ß", "İ", "ﬁ",
    "\u200b", "\u202e", "\ufeff", "é", "e\u0301", "e" + "\u0301" * 50, "👩\u200d👧",
    "the", "of", "and",
)  # fmt: skip
VALUES = (
    "", " ", "0", "1", "-1", "2", "00001", "1e9", "9" * 6, "9" * 19, "9" * 400, "१", "1.5", "0x10",
    "NaN", "None", "null", "true", "[]", "{}", "'", '"', "\x00", "a\x00b", "..", "2019..2024",
    "2024..2019", "2019..", "..2019", "0000..9999", "99999..1", "relevance", "newest", "oldest",
    "NEWEST", "op-eds", "reports", "en", "ko", "xx", "author-1", "outlet-1", "tag-1", "series-1",
    "../../etc/passwd", "%00", "<script>", "💥", "한국", "x" * 5000,
)  # fmt: skip
NAMES = (
    "q", "page", "sort", "kind", "year", "author", "topic", "region", "outlet", "series", "lang",
    "pdf", "exact", "explain", "format", "from", "to", "", "q[]", "unknown",
)  # fmt: skip


@dataclass
class Tally:
    """What came of many searches."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    # Milliseconds and address of what took too long.
    slow: list[tuple[float, str]] = field(default_factory=list)
    slowest: float = 0

    def add(self, answer: Answer, address: str) -> None:
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, answer.milliseconds)
        if answer.status >= 500:
            self.broken.append(address)
        if answer.milliseconds > SLOW:
            self.slow.append((answer.milliseconds, address))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.statuses + other.statuses,
            self.broken + other.broken,
            self.slow + other.slow,
            max(self.slowest, other.slowest),
        )


def run(count: int) -> None:
    """Ask `count` times in two processes and print what broke or was slow."""
    from django.db import connections

    connections.close_all()
    console.print(f"{count:,} random and hostile searches in {PROCESSES} processes …")
    start = perf_counter()
    shares = [(SEED + number, count // PROCESSES) for number in range(PROCESSES)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        tallies = pool.starmap(attack, shares)
    _print(sum(tallies, Tally()), perf_counter() - start)


def attack(seed: int, count: int) -> Tally:
    """Ask `count` times."""
    logging.disable(logging.CRITICAL)
    chance = random.Random(seed)
    words = library_words()
    naughty = naughty_strings()
    reader = Reader()
    # As the workers of the site do, see `kei_site/gunicorn.conf.py`.
    resolve("/")
    gc.collect()
    gc.freeze()
    tally = Tally()
    for number in range(1, count + 1):
        page = chance.choice(PAGES)
        address = f"{page}?{parameters(chance, words, naughty)}"
        tally.add(reader.get(address), address)
        if number % EVERY == 0:
            console.print(f"  {seed}: {number:,}, slowest {tally.slowest:.0f} ms", style="dim")
    return tally


def parameters(chance: random.Random, words: Sequence[str], naughty: Sequence[str]) -> str:
    """Make up what stands behind the question mark."""
    pairs = [("q", typed(chance, words, naughty))] if chance.random() < 0.95 else []
    while chance.random() < 0.4:
        name = chance.choice(NAMES)
        value = chance.choice(VALUES) if chance.random() < 0.8 else chance.choice(naughty)
        pairs += [(name, value)] * (chance.choice((1, 1, 1, 2, 300)) if len(pairs) < 5 else 1)
    chance.shuffle(pairs)
    text = "&".join(f"{quote(name)}={_written(value)}" for name, value in pairs)
    if chance.random() < 0.03:
        # Bytes that are no UTF-8, escapes cut short, stray separators.
        text += chance.choice(("%ff%fe", "%", "%e", "&&;;==", "%ed%a0%80", "&q", "&=&", "%C3%28"))
    return text


def typed(chance: random.Random, words: Sequence[str], naughty: Sequence[str]) -> str:
    """Make up what a reader, a robot or an attacker types."""

    def some(most: int) -> list[str]:
        return chance.choices(words, k=chance.randint(1, most))

    match chance.randrange(9):
        case 0:
            return chance.choice(naughty)
        case 1:
            return "".join(map(chr, (_code_point(chance) for _ in range(chance.randint(1, 60)))))
        case 2:
            glue = chance.choice(("", " "))
            return glue.join(chance.choices([*PIECES, *some(20)], k=chance.randint(1, 30)))
        case 3:
            return chance.choice((" ", "-", "", " OR ", '" "')).join(some(400))
        case 4:
            depth = chance.randint(1, 200)
            return '"' * depth + chance.choice(words) + chance.choice(('"', ")", "”")) * depth
        case 5:
            return f'"{" ".join(some(40))}"' + chance.choice(("", " -", "*", ' "'))
        case 6:
            return " ".join(chance.choice(("-", "", "author:", "tag:")) + word for word in some(12))
        case 7:
            return chance.choice(words)[: chance.randint(1, 3)] + chance.choice(("*", "", "%", "_"))
        case _:
            return " ".join(some(5))


def _code_point(chance: random.Random) -> int:
    """Choose a character: of any plane, or where scripts and punctuation are dense."""
    start, stop = chance.choice(
        ((0, 0x80), (0x80, 0x3000), (0x300, 0x370), (0x1100, 0x1200), (0x2000, 0x2070),
         (0x3000, 0xD7B0), (0xAC00, 0xD7A4), (0xE000, 0x10000), (0x10000, 0x110000))
    )  # fmt: skip
    return chance.randrange(start, stop)


def _written(value: str) -> str:
    return quote_plus(value.encode("utf-8", "surrogatepass"))


def library_words() -> list[str]:
    """Return words that the library has."""
    from publications.models import SearchWord

    return list(SearchWord.objects.order_by("word").values_list("word", flat=True)[::37])


def naughty_strings() -> list[str]:
    """Return strings that have broken programs, as far as they lie beside the checkout."""
    strings = [*PIECES, *VALUES]
    if (blns := SECURITY / "fuzz" / "blns.json").exists():
        strings += json.loads(blns.read_text())
    for folder in ("fuzz", "sqli", "xss"):
        for path in sorted((SECURITY / folder).glob("*.txt")):
            strings += path.read_text(errors="replace").splitlines()
    return strings


def _print(tally: Tally, seconds: float) -> None:
    """Print the figures; what took too long is asked again while nothing else runs."""
    reader = Reader()
    slow = sorted(tally.slow, reverse=True)[:ASKED_AGAIN]
    again = [
        (min(reader.get(address).milliseconds for _ in range(3)), first, address)
        for first, address in slow
    ]
    still = sum(milliseconds > SLOW for milliseconds, *_ in again)
    table = a_table(
        f"{tally.statuses.total():,} hostile searches, {seconds:.0f} s",
        "what", "figure", "target", "met",
    )  # fmt: skip
    statuses = ", ".join(
        f"{status}: {number:,}" for status, number in sorted(tally.statuses.items())
    )
    table.add_row("answers by status", statuses, "", "")
    broken, over = len(tally.broken), len(tally.slow)
    table.add_row("answers of 500 and above", f"{broken}", *verdict(broken, most=0))
    table.add_row("slowest answer, ms", f"{tally.slowest:.0f}", *verdict(tally.slowest, most=SLOW))
    table.add_row(f"answers over {SLOW:.0f} ms", f"{over}", *verdict(over, most=0))
    table.add_row(f"over {SLOW:.0f} ms alone, too", f"{still}", *verdict(still, most=0))
    console.print(table)
    if again:
        table = a_table("The slowest", "address", "ms", "alone, best of 3")
        for alone, first, address in sorted(again, reverse=True)[:KEPT]:
            table.add_row(_short(address), f"{first:.0f}", f"{alone:.0f}")
        console.print(table)
    for address in tally.broken[:KEPT]:
        console.print(f"[red]500[/red] {_short(address)}")


def _short(address: str) -> str:
    return escape(address if len(address) <= 90 else f"{address[:87]}… ({len(address):,})")
