"""What the parts of `make bench-search` measure and print with."""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from lxml import html
from rich.console import Console
from rich.table import Table

# Tables are read in logs as often as on a screen.
# What is found, without what staff have picked and what an empty list offers instead.
RESULTS = "//*[@class='search__results']/article//*[contains(@class, 'card__title')]/a/@href"
console = Console(highlight=False, width=None if os.isatty(1) else 150)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered to a reader's address."""

    status: int
    milliseconds: float
    # Of this process; the database is another.
    cpu: float
    body: Any


class Reader:
    """Somebody who searches, through the site's own address and all its middleware."""

    def __init__(self) -> None:
        from django.test import Client

        # With the name of a browser: the searches of programs are not counted for the staff.
        self._client = Client(
            raise_request_exception=False,
            SERVER_NAME="localhost",
            HTTP_USER_AGENT="Mozilla/5.0",
        )

    def get(self, path: str, parameters: Any = None) -> Answer:
        """Ask for a page; `parameters` as the test client takes them."""
        start, cpu = perf_counter(), thread_time()
        response = self._client.get(path, parameters or {}, secure=True)
        return Answer(
            response.status_code,
            (perf_counter() - start) * 1000,
            (thread_time() - cpu) * 1000,
            response.content,
        )

    def results(self, words: str) -> list[str]:
        """Return the addresses of the works on the first page of results, in their order."""
        answer = self.get("/search/", {"q": words})
        if answer.status != 200:
            raise RuntimeError(f"/search/ answered {answer.status} to {words}")
        return html.fromstring(answer.body).xpath(RESULTS)  # type: ignore[no-any-return]


class Backend:
    """The time on CPU of the database process behind this connection (Linux, on this machine)."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._process = Path("/proc") / str(cursor.fetchone()[0])
        if not self._process.exists():
            raise SystemExit("Speed needs Linux and a database server on this machine.")

    def milliseconds(self) -> float:
        """Return what it has used so far."""
        # The kernel adds up when the process goes to sleep, a moment after it has answered.
        while (self._process / "stat").read_text().rpartition(")")[2].split()[0] == "R":
            pass
        return int((self._process / "schedstat").read_text().split()[0]) / 1e6

    def spent[T](self, work: Callable[[], T]) -> tuple[float, T]:
        """Return the milliseconds that `work` makes the database work, and what it returns."""
        before = self.milliseconds()
        result = work()
        return self.milliseconds() - before, result


def parallel_workers() -> int:
    """How many helpers the server has started for queries: their time is not the backend's."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT parallel_workers_launched FROM pg_stat_database"
            " WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    return sorted(values)[max(0, -int(-len(values) * share // 1) - 1)]


def spread(values: Sequence[float]) -> str:
    """Return median, 95th percentile and maximum as text."""
    middle, high = statistics.median(values), percentile(values, 0.95)
    return f"{middle:.1f} / {high:.1f} ({max(values):.1f})"


def a_table(title: str, *columns: str) -> Table:
    """Make a table whose first column is text and whose others are figures."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def verdict(value: float, *, least: float | None = None, most: float | None = None) -> list[str]:
    """Return the target and whether it was met, as two cells."""
    if least is not None:
        return [f"≥ {least:,g}", "yes" if value >= least else "[red]NO[/red]"]
    if most is not None:
        return [f"≤ {most:,g}", "yes" if value <= most else "[red]NO[/red]"]
    return ["", ""]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    start = perf_counter()
    console.print(f"{what} …")
    yield
    console.print(f"  {perf_counter() - start:.1f} s", style="dim")
