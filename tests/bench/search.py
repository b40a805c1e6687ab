"""What the site's search finds and what it costs: `make bench-search`.

Fills a scratch database, asks through the site's own addresses, prints tables, and drops the
database. docs/testing.md describes the parts.
"""

import argparse
from pathlib import Path

import django
from django.test.utils import setup_databases, teardown_databases

RELEVANCE, TYPOS, SPEED, SUGGEST = "relevance", "typos", "speed", "suggest"
FACETS, HOSTILE = "facets", "hostile"
PARTS = (RELEVANCE, TYPOS, SPEED, SUGGEST, FACETS, HOSTILE)
SMALL = 6_433


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the search finds and what it costs.")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=[], help="parts to run")
    parser.add_argument("--folder", nargs="*", type=Path, default=[], help="relevance collections")
    parser.add_argument("--sizes", nargs="*", type=int, default=[SMALL, 100_000])
    parser.add_argument("--count", type=int, default=100_000, help="hostile searches")
    return parser.parse_args()


def main(chosen: argparse.Namespace) -> None:
    """Fill a scratch database, measure, print, and drop the database."""
    django.setup()
    # Not `setup_test_environment`: it records every template and with that doubles the time.
    scratch = setup_databases(verbosity=0, interactive=False)
    try:
        run(set(chosen.only or PARTS), chosen)
    finally:
        teardown_databases(scratch, verbosity=0)


def run(parts: set[str], chosen: argparse.Namespace) -> None:
    from tests.bench import search_facets, search_hostile, search_relevance, search_speed

    if parts & {RELEVANCE, TYPOS}:
        search_relevance.run(
            chosen.folder or search_relevance.beside_the_checkout(),
            only_typos=RELEVANCE not in parts,
        )
    # What searches a small library comes after its speed, so that none is made twice.
    small = parts & {FACETS, HOSTILE}
    timed = parts & {SPEED, SUGGEST}
    for size in dict.fromkeys([*([SMALL] if small else []), *(chosen.sizes if timed else [])]):
        search_speed.fill(size)
        if SPEED in parts and size in chosen.sizes:
            search_speed.run(size)
        if FACETS in parts and size == SMALL:
            search_facets.run()
        if HOSTILE in parts and size == SMALL:
            search_hostile.run(chosen.count)
        if SUGGEST in parts and size in chosen.sizes:
            search_speed.run_suggest(size)


if __name__ == "__main__":
    main(options())
