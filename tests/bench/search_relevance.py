"""Whether the right works come first: judged queries, asked as readers ask them."""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.search_collections import Asked, Collection, load, slug_of
from tests.bench.search_measuring import Reader, a_table, console, told, verdict
from tests.bench.search_rivals import Bm25s
from tests.bench.search_typos import DRAWS, with_typos

DEPTH = 10
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "search"
Ask = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """How well queries were answered, as means over them."""

    ndcg: float
    map: float
    mrr: float
    queries: int
    # Those that found nothing.
    empty: Sequence[str]


@dataclass(frozen=True, slots=True)
class Result:
    """One set of queries over one collection."""

    collection: str
    asked: str
    site: Score
    bm25s: Score

    @property
    def ratio(self) -> float:
        return self.site.ndcg / self.bm25s.ndcg if self.bm25s.ndcg else 1.0


def run(folders: Sequence[Path], *, only_typos: bool) -> None:
    """Ask every query of every collection and print how well it was answered."""
    results: list[Result] = []
    for folder in folders:
        collection = Collection.read(folder)
        with told(f"{collection.name}: importing {len(collection.documents):,} documents"):
            load(collection)
        with told("  asking"):
            results += _judged(collection, only_typos=only_typos)
    _print(results)


def _judged(collection: Collection, *, only_typos: bool) -> list[Result]:
    reader = Reader()
    rival = Bm25s([document.whole for document in collection.documents])
    short = collection.short()
    sets = [short, with_typos(short)]
    if not only_typos:
        sets = [collection.long, short, collection.titles(), with_typos(short)]

    def ask_site(text: str) -> list[str]:
        return [address.rstrip("/").rpartition("/")[2] for address in reader.results(text)]

    def ask_rival(text: str) -> list[str]:
        return [slug_of(collection.documents[at].id) for at in rival.best(text, DEPTH)]

    return [
        Result(collection.name, asked.name, score(asked, ask_site), score(asked, ask_rival))
        for asked in sets
    ]


def score(asked: Asked, ask: Ask) -> Score:
    """Ask every query and judge the first ten results."""
    figures = []
    empty = []
    for number, text in asked.queries.items():
        found = ask(text)
        relevant = {slug_of(each): value for each, value in asked.answers[number].items()}
        figures.append((ndcg(found, relevant), precision(found, relevant), first(found, relevant)))
        if not found:
            empty.append(text)
    means = [statistics.fmean(column) for column in zip(*figures, strict=True)]
    return Score(*means, queries=len(figures), empty=empty)


def ndcg(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return the normalized discounted cumulative gain of the first ten."""

    def gain(values: Iterable[float]) -> float:
        return sum(value / math.log2(place + 2) for place, value in enumerate(values))

    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    return gain(max(0, relevant.get(each, 0)) for each in found[:DEPTH]) / gain(best)


def precision(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return the average precision within the first ten."""
    hits, total = 0, 0.0
    for place, each in enumerate(found[:DEPTH], start=1):
        if relevant.get(each, 0) > 0:
            hits += 1
            total += hits / place
    return total / min(DEPTH, sum(value > 0 for value in relevant.values()))


def first(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return one divided by the place of the first right answer within the first ten."""
    places = (at for at, each in enumerate(found[:DEPTH], 1) if relevant.get(each, 0) > 0)
    return 1 / next(places, math.inf)


def _print(results: Sequence[Result]) -> None:
    table = a_table(
        "Relevance through /search/, first ten results",
        "queries", "collection", "number", "nDCG@10", "MAP@10", "MRR@10", "no result", "bm25s nDCG",
        "ratio",
    )  # fmt: skip
    by_set: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_set[result.asked].append(result)
    for asked, group in by_set.items():
        for each in group:
            table.add_row(
                asked, each.collection, f"{each.site.queries}", f"{each.site.ndcg:.3f}",
                f"{each.site.map:.3f}", f"{each.site.mrr:.3f}",
                f"{len(each.site.empty) / each.site.queries:.1%}", f"{each.bm25s.ndcg:.3f}",
                f"{each.ratio:.3f}",
            )  # fmt: skip
        table.add_section()
    console.print(table)
    _print_targets(by_set)


def _print_targets(by_set: Mapping[str, Sequence[Result]]) -> None:
    table = a_table("Relevance, against its targets", "what", "figure", "target", "met")

    def add(what: str, value: float, **bound: float) -> None:
        table.add_row(what, f"{value:.3f}", *verdict(value, **bound))

    if long := by_set.get("long"):
        lowest = min(long, key=lambda each: each.ratio)
        add(f"long queries, ratio to bm25s, lowest ({lowest.collection})", lowest.ratio, least=0.97)
        add("long queries, ratio, mean", statistics.fmean(r.ratio for r in long), least=1.0)
        short_ratio = statistics.fmean(r.ratio for r in by_set["short"])
        add("short queries, ratio, mean", short_ratio, least=0.98)
        for each in by_set["title words"]:
            add(f"title words, nDCG@10 ({each.collection})", each.site.ndcg, least=0.94)
    clean = {each.collection: each.site.ndcg for each in by_set["short"]}
    kept = [each.site.ndcg / clean[each.collection] for each in by_set["short, typo in each word"]]
    for each, share in zip(by_set["short"], kept, strict=True):
        add(f"typo in every word, share of clean nDCG@10 ({each.collection})", share)
    add("typo in every word, share, mean of collections", statistics.fmean(kept), least=0.97)
    mistyped = _over_all_queries(by_set["short, typo in each word"])
    clean_gain = DRAWS * _over_all_queries(by_set["short"])
    add("the same over all queries", mistyped / clean_gain, least=0.97)
    every = [each.site for group in by_set.values() for each in group]
    empty = sum(len(each.empty) for each in every) / sum(each.queries for each in every)
    add("queries with no result, all together", empty, most=0.01)
    console.print(table)
    for asked, group in by_set.items():
        for each in group:
            for text in each.site.empty:
                console.print(f"No result ({each.collection}, {asked}): {text[:200]}", markup=False)


def _over_all_queries(results: Sequence[Result]) -> float:
    """Return the sum of nDCG@10: large collections count for more."""
    return sum(each.site.ndcg * each.site.queries for each in results)


def beside_the_checkout() -> list[Path]:
    """Return the folders of the collections that lie beside the checkout."""
    folders = [FOLDER / name for name in ("cranfield", "cisi", "lisa", "adi")]
    found = [folder for folder in folders if folder.exists()]
    if not found:
        console.print("No relevance collections beside the checkout: give one with FOLDER=.")
    return found
