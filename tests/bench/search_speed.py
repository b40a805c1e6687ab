"""What searching costs in a library of a given size, beside tantivy and bm25s."""

import gc
import random
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from time import perf_counter

from tests.bench.search_library import AUTHORS, Work, publish, works
from tests.bench.search_measuring import (
    Backend,
    Reader,
    a_table,
    console,
    parallel_workers,
    percentile,
    spread,
    told,
    verdict,
)
from tests.bench.search_questions import Question, Samples, questions
from tests.bench.search_rebuilding import empty, rebuild
from tests.bench.search_rivals import Bm25s, Indexed, Tantivy

SEED = 1
WARM_UP = 40
SLOWEST = 8
SAVED = 100
TYPED = 200
# Targets by size: CPU of the database for a page; seconds of a rebuild.
PAGE = {6_433: 8.0, 100_000: 15.0, 1_000_000: 25.0}
WHOLE = {6_433: 40.0}
SUGGEST = {100_000: 3.0}
SAVE = 30.0
REBUILD = {6_433: 60.0, 100_000: 900.0}
MEMORY = 500.0


def fill(size: int) -> None:
    """Fill the scratch database with generated works, and print what building the index took."""
    with told(f"{size:,} generated works: writing"):
        empty()
        publish(works(size))
    with told("  manage.py search_index --rebuild"):
        seconds, cpu, memory = rebuild()
    table = a_table(f"Building the index of {size:,} works", "what", "figure", "target", "met")
    table.add_row("seconds", f"{seconds:.0f}", *verdict(seconds, most=REBUILD.get(size)))
    table.add_row("of which CPU of Python", f"{cpu:.0f}", "", "")
    table.add_row("peak memory, MB", f"{memory:.0f}", *verdict(memory, most=MEMORY))
    console.print(table)


def run(size: int) -> None:
    """Ask a realistic mix of queries and print what each kind of them costs."""
    from publications.models import Kind

    kinds = list(Kind.objects.order_by("position").values_list("slug", flat=True))
    asked = questions(Samples.take(works(size), size), size, kinds)
    site = _Site()
    with told(f"  asking the site {len(asked)} questions"):
        for question in random.Random(SEED).sample(asked, WARM_UP):
            site.ask(question)
        # As the workers of the site do, see `kei_site/gunicorn.conf.py`.
        gc.collect()
        gc.freeze()
        before = parallel_workers()
        measured = [site.ask(question) for question in asked]
        helpers = parallel_workers() - before
        constant = [site.constant() for _ in asked]
    # Before the others: they hold the whole library in memory, which may not be there.
    _print_targets(size, measured, helpers, constant)
    with told("  asking tantivy"):
        tantivy = Tantivy(map(_indexed, works(size)))
        plain = [tantivy.milliseconds(question, facets=False) for question in asked]
        faceted = [tantivy.milliseconds(question, facets=True) for question in asked]
    with told("  asking bm25s"):
        bm25s = Bm25s([f"{work.headline} {' '.join(work.sentences)}" for work in works(size)])
        scored = [bm25s.milliseconds(question) for question in asked]
    figures = [
        [*ours, *theirs] for ours, *theirs in zip(measured, plain, faceted, scored, strict=True)
    ]
    _print(size, asked, figures)


class _Site:
    """The site's search, asked as the page asks it and as a reader does."""

    def __init__(self) -> None:
        self._backend = Backend()
        self._reader = Reader()

    def ask(self, question: Question) -> tuple[float, float, float, float]:
        """Return CPU of the search's own queries, of all the page's, of Python, and the clock."""
        from django.http import QueryDict
        from django.utils import timezone

        from publications.search.finding import find
        from publications.search.params import SearchParams

        query = QueryDict(mutable=True)
        query.update(question.parameters)
        params = SearchParams.from_query(query)
        own, _ = self._backend.spent(partial(find, params, limit=20, now=timezone.now()))
        page, answer = self._backend.spent(
            partial(self._reader.get, "/search/", question.parameters)
        )
        if answer.status != 200:
            raise RuntimeError(f"/search/ answered {answer.status} to {question.parameters}")
        return own, page, answer.cpu, answer.milliseconds

    def constant(self) -> float:
        """Return the milliseconds of a page that never changes: how busy the machine is."""
        return self._reader.get("/health").milliseconds


def _indexed(work: Work) -> Indexed:
    return Indexed(
        title=work.headline, text=" ".join(work.sentences), kind=work.kind,
        year=work.published.year, author=work.authors[0], day=work.published.toordinal(),
    )  # fmt: skip


def _print(size: int, asked: Sequence[Question], figures: Sequence[Sequence[float]]) -> None:
    table = a_table(
        f"One page of results from {size:,} works, milliseconds: median / p95 (maximum)",
        "questions", "search, CPU", "page, CPU of database", "page, CPU of Python",
        "whole response", "tantivy, CPU", "tantivy, 3 facets", "bm25s, CPU",
    )  # fmt: skip
    groups: dict[str, list[Sequence[float]]] = defaultdict(list)
    for question, row in zip(asked, figures, strict=True):
        groups[question.category].append(row)
    for category, rows in groups.items():
        table.add_row(category, *(spread(column) for column in zip(*rows, strict=True)))
    table.add_section()
    columns = list(zip(*figures, strict=True))
    table.add_row("all", *map(spread, columns))
    high = [percentile(column, 0.95) for column in columns]
    table.add_row("search p95 ÷ theirs", *[""] * 4, *(f"{high[0] / each:.1f}" for each in high[4:]))
    console.print(table)
    console.print(
        "tantivy and bm25s search headline and text; bm25s has no phrases, prefixes, filters,"
        " orders or facets and gets the words alone.",
        style="dim",
    )
    slowest = sorted(zip(asked, figures, strict=True), key=lambda pair: -pair[1][0])[:SLOWEST]
    table = a_table("The slowest", "question", "search, CPU", "whole response")
    for question, row in slowest:
        table.add_row(f"{question.parameters}", f"{row[0]:.1f}", f"{row[3]:.1f}")
    console.print(table)


def _print_targets(
    size: int, figures: Sequence[Sequence[float]], helpers: int, constant: Sequence[float]
) -> None:
    own, _, _, whole = (percentile(column, 0.95) for column in zip(*figures, strict=True))
    table = a_table(f"{size:,} works, against the targets", "what", "figure", "target", "met")
    table.add_row("search, CPU p95, ms", f"{own:.1f}", *verdict(own, most=PAGE.get(size)))
    if size == 1_000_000:
        most = max(row[0] for row in figures)
        table.add_row("search, CPU maximum, ms", f"{most:.1f}", *verdict(most, most=60.0))
    table.add_row("whole response, p95, ms", f"{whole:.1f}", *verdict(whole, most=WHOLE.get(size)))
    table.add_row("/health beside it, p95, ms", f"{percentile(constant, 0.95):.1f}", "", "")
    table.add_row("parallel helpers started", f"{helpers}", *verdict(helpers, most=0))
    console.print(table)


def run_suggest(size: int) -> None:
    """Measure suggestions while somebody types, and saving one publication."""
    from publications.models import Publication
    from publications.search.indexing import index

    backend, reader = Backend(), Reader()
    typed = _typed(size)
    with told(f"  suggestions for {len(typed)} beginnings"):
        cpu, wall = [], []
        for text in typed:
            spent, answer = backend.spent(partial(reader.get, "/search/suggest/", {"q": text}))
            cpu.append(spent)
            if answer.status != 200:
                raise RuntimeError(f"Suggestions answered {answer.status} to {text}")
            wall.append(answer.milliseconds)
    chosen = random.Random(SEED).sample(range(size), min(size, SAVED))
    with told(f"  saving {len(chosen)} publications"):
        saves = []
        for number in chosen:
            work = Publication.objects.get(slug=f"work-{number}")
            work.title = f"{work.title} revised anew{number}"
            work.save()
            start = perf_counter()
            index([work.pk])
            saves.append((perf_counter() - start) * 1000)
    table = a_table(
        f"Suggesting and saving in {size:,} works, milliseconds",
        "what", "median / p95 (maximum)", "target for p95", "met",
    )  # fmt: skip
    most = SUGGEST.get(size)
    table.add_row(
        "suggest, CPU of database", spread(cpu), *verdict(percentile(cpu, 0.95), most=most)
    )
    table.add_row("suggest, whole response", spread(wall), "", "")
    table.add_row(
        "index one publication", spread(saves), *verdict(percentile(saves, 0.95), most=SAVE)
    )
    console.print(table)
    slowest = sorted(zip(cpu, typed, strict=True), reverse=True)[:3]
    console.print("Slowest: " + ", ".join(f"“{text}” {ms:.1f} ms" for ms, text in slowest))


def _typed(size: int) -> list[str]:
    """Return beginnings of headlines and of authors' names, one to ten letters, some in Hangul."""
    from publications.models import Author

    chance = random.Random(SEED)
    numbers = set(chance.sample(range(size), min(size, TYPED * 3 // 4)))
    texts = [work.headline for work in works(size) if work.number in numbers]
    names = list(Author.objects.order_by("pk").values_list("display_name", flat=True))
    texts += chance.choices(names[:AUTHORS], k=TYPED - len(texts))
    return [text[: chance.randint(1, 10)].rstrip() for text in texts]
