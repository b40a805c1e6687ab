"""What each page costs: queries, database time, and the whole answer beside a constant one.

Run with `make bench-pages`: it fills a database of its own, through the documented import, from
a file of JSON lines (`FILE=`), or else with sample content.
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import django
from django.test.utils import setup_databases, teardown_databases

ROUNDS = 15


class Meter:
    """Count queries and the seconds they take."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*query)
        finally:
            self.seconds.append(perf_counter() - start)


def measure(client: Any, address: str) -> tuple[int, float, float, int]:
    """Return queries, median database milliseconds, median milliseconds in all, and status."""
    from django.db import connection

    database, whole = [], []
    for _ in range(ROUNDS):
        meter = Meter()
        start = perf_counter()
        with connection.execute_wrapper(meter):
            response = client.get(address, secure=True)
        whole.append((perf_counter() - start) * 1000)
        database.append(sum(meter.seconds) * 1000)
    return (
        len(meter.seconds), statistics.median(database), statistics.median(whole),
        response.status_code,
    )  # fmt: skip


def addresses() -> list[str]:
    """The pages a reader of this library meets, the crowded ones of each kind."""
    from django.db.models import Count

    from publications.models import Author, Outlet, Publication, Tag

    def busiest(model: Any, related: str) -> list[str]:
        thing = model.objects.annotate(n=Count(related)).order_by("-n").first()
        return [thing.get_absolute_url()] if thing else []

    works = Publication.objects.published().newest_first()
    kind = works[0].kind.get_absolute_url()
    return [
        "/", works[0].get_absolute_url(), "/publications/", "/publications/?page=100",
        f"/publications/?page={-(-works.count() // 20)}", kind, f"{kind}?page=100",
        *busiest(Author, "contributions"), *busiest(Outlet, "publications"),
        *busiest(Tag, "taggings"), "/authors/", "/outlets/", "/tags/", "/series/", "/archive/",
        "/search/", "/search/?q=policy", "/search/?q=government+services",
        "/search/?q=%22health+care%22", "/search/?q=zeppelin", "/feeds/publications.atom",
        "/sitemap.xml", "/newsletter/",
    ]  # fmt: skip


def main(file: str) -> None:
    """Fill a scratch database, measure, print, and drop the database."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    # Not `setup_test_environment`: it records every template and with that doubles the time.
    scratch = setup_databases(verbosity=0, interactive=False)
    try:
        if file:
            call_command("import_publications", file, verbosity=0)
        else:
            call_command("load_sample", count=6433, files=0, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        client = Client(SERVER_NAME="localhost")
        reference = measure(client, "/health")[2]
        print(f"{'page':44} queries  database ms  whole ms  × /health")
        for address in addresses():
            queries, database, whole, status = measure(client, address)
            note = "" if status == 200 else f"  ({status})"
            print(
                f"{address[:44]:44} {queries:7}  {database:11.1f}  {whole:8.1f}  "
                f"{whole / reference:8.1f}{note}"
            )
    finally:
        teardown_databases(scratch, verbosity=0)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else "")
