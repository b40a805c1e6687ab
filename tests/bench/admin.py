"""What the desk costs with a large library: queries and time on CPU, web and database together.

Run with `make bench-admin` (SIZE=100000): it fills a scratch database with generated works,
opens the pages that staff open all day, prints a table with the targets, and drops the database.
"""

import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import thread_time
from typing import Any

import django
from django.db.models import F
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from tests.bench.search_library import publish, vocabulary, works
from tests.bench.search_measuring import Backend, a_table, console, parallel_workers, told, verdict

SIZE = 100_000
ROUNDS = 9
MOST_QUERIES, MOST_CPU = 25, 120.0
# So many works are generated; the rest are copies of other dates.
MADE = 4_000
# Columns that differ between a work and its copy; all others are the same.
SHIFTED = {
    "publication": {
        "id": "id + %(shift)s",
        "slug": "slug || '-' || %(shift)s",
        "published_at": "published_at - %(shift)s * interval '7 minutes'",
        "updated_at": "updated_at + %(shift)s * interval '1 second'",
    },
    "contribution": {"publication_id": "publication_id + %(shift)s"},
    "tagging": {"content_object_id": "content_object_id + %(shift)s"},
    "attachment": {"publication_id": "publication_id + %(shift)s"},
}
HISTORY = """
INSERT INTO publications_revision
    (model, object_id, number, act, snapshot, comment, made_by_id, made_by_name, made_at)
SELECT 'publication', id, 1, 'imported',
    jsonb_build_object(
        'fields', jsonb_build_object('title', title, 'body', body), 'parts', '{}'::jsonb
    ),
    '', %s, 'bench', updated_at
FROM publications_publication
"""
# Enough for the list of the desk; searching has a benchmark of its own.
INDEX = """
INSERT INTO publications_searchdocument
    (publication_id, public_from, day, title_key, length, facets, terms, vector)
SELECT id, published_at, 0, 0, 0, '', '{}',
    to_tsvector('simple', title || ' ' || standfirst || ' ' || body)
FROM publications_publication
"""
# Whatever counts all rows of the table reads every one of them.
FULL_COUNT = 'SELECT COUNT(*) AS "__count" FROM "publications_publication"'


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: queries, milliseconds of web and database, helpers of the database."""

    status: int
    queries: int
    web: float
    database: float
    counts_all: bool
    size: int
    workers: int

    @property
    def cpu(self) -> float:
        """Return what both use."""
        return self.web + self.database


def measure(client: Any, backend: Backend, address: str) -> Cost:
    """Open a page some times; the middle of what it cost."""
    from django.db import connection

    client.get(address, secure=True)
    web, database = [], []
    workers = parallel_workers()
    for _round in range(ROUNDS):
        start = thread_time()
        spent, _response = backend.spent(lambda: client.get(address, secure=True))
        web.append((thread_time() - start) * 1000)
        database.append(spent)
    workers = parallel_workers() - workers
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, secure=True)
    return Cost(
        status=response.status_code,
        queries=len(captured),
        web=statistics.median(web),
        database=statistics.median(database),
        counts_all=any(each["sql"].strip() == FULL_COUNT for each in captured.captured_queries),
        size=len(response.content),
        workers=workers,
    )


def pages(user: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield the pages of the desk: what it is, where, and whether a target is promised for it."""
    from publications.models import Author, Contribution, Kind, Outlet, Publication, Tag

    work = Contribution.objects.filter(position=12).first().publication
    plain = Publication.objects.filter(owner=None).first()
    kind, outlet = Kind.objects.order_by("position")[0], Outlet.objects.order_by("pk")[0]
    base = "/admin/publications"
    words = vocabulary()
    yield "start page", "/admin/", True
    yield "change list", f"{base}/publication/", True
    yield "change list, page 50", f"{base}/publication/?p=50", True
    yield "change list, last page", f"{base}/publication/?p=200", True
    yield "change form, 12 authors, 8 tags", f"{base}/publication/{work.pk}/change/", True
    yield "change form, plain", f"{base}/publication/{plain.pk}/change/", True
    yield "add form", f"{base}/publication/add/", True
    yield "list, by date", f"{base}/publication/?o=-4", True
    yield "list, by headline", f"{base}/publication/?o=1", True
    yield "list, of a kind", f"{base}/publication/?kind__id__exact={kind.pk}", True
    yield "list, of an outlet", f"{base}/publication/?outlet__id__exact={outlet.pk}", True
    yield "list, in review", f"{base}/publication/?status=in_review", True
    yield "list, published", f"{base}/publication/?status=published", True
    yield "list, of a year", f"{base}/publication/?year=2010", True
    yield "list, with a file", f"{base}/publication/?attachment=yes", True
    yield "list, without a file", f"{base}/publication/?attachment=no", True
    yield "list, in Korean", f"{base}/publication/?language__exact=ko", True
    yield "list, a frequent word", f"{base}/publication/?q={words[0]}", False
    yield "list, a beginning", f"{base}/publication/?q={words[0][:2]}", False
    yield "list, a rare word", f"{base}/publication/?q={words[40_000]}", False
    yield "list, two words", f"{base}/publication/?q={words[3]}+{words[900]}", False
    yield "reviews", f"{base}/publication/reviews/?whose=all", False
    yield "authors", f"{base}/author/", False
    yield "tags", f"{base}/tag/", False
    yield "outlets", f"{base}/outlet/", False
    yield "merges", f"{base}/merge/", False
    yield "trash", f"{base}/trash/", False
    author, tag = Author.objects.order_by("pk")[:2], Tag.objects.order_by("pk")[:2]
    for name, (kept, gone) in (("author", author), ("tag", tag)):
        ids = f"ids={kept.pk}&ids={gone.pk}&keep={kept.pk}"
        yield f"merge of an {name}, looked at", f"{base}/{name}/merge/?{ids}", False
    complete = "/admin/autocomplete/?app_label=publications"
    yield (
        "autocomplete, publication",
        f"{complete}&model_name=spotlight&field_name=publication&term={words[0]}",
        False,
    )
    yield (
        "autocomplete, author",
        f"{complete}&model_name=contribution&field_name=author&term=an",
        False,
    )


def fill(size: int, user: Any) -> None:
    """Write generated works; some wait, some have owners, all have a history."""
    from django.db import connection
    from django.utils import timezone

    from publications.actions.recording import record_many
    from publications.models import Act, Publication

    made = min(size, MADE)
    with told(f"Writing {made:,} works"):
        publish(works(made))
    with told(f"Copying them until there are {size:,}"), connection.cursor() as cursor:
        copy_until(cursor, made, size)
    now = timezone.now()
    works_ = Publication.objects.annotate(part=F("pk") % 90)
    with told("Putting some in review, drafts and schedules"):
        for part, status in ((1, "draft"), (31, "in_review"), (61, "approved")):
            works_.filter(part=part).update(status=status)
        works_.filter(part=50, pk__lt=30_000).update(published_at=now + timedelta(days=2))
        works_.filter(part__lt=9).update(
            owner=user, review_by=timezone.localdate() - timedelta(days=3)
        )
        works_.filter(part__in=(11, 12, 13)).update(published_at=now - timedelta(days=40))
    with told("Giving one work a long byline"):
        lengthen_a_byline()
    with told("Writing the history of an import and of a person"), connection.cursor() as cursor:
        cursor.execute(HISTORY, [user.pk])
        Publication.objects.update(revision=1)
        record_many(list(Publication.objects.all()[:300]), by=user, act=Act.SAVED)
    with told("Indexing the words"), connection.cursor() as cursor:
        # Row by row the index takes ten times as long.
        cursor.execute("DROP INDEX search_document_vector")
        cursor.execute(INDEX)
        cursor.execute(
            "CREATE INDEX search_document_vector ON publications_searchdocument"
            " USING gin (vector) WITH (fastupdate = off)"
        )
    with told("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copy_until(cursor: Any, made: int, size: int) -> None:
    """Copy the generated works, their bylines, tags and files until there are `size`."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    for shift in range(made, size, made):
        for name, shifted in SHIFTED.items():
            model = apps.get_model("publications", name)
            columns = {
                field.column: field.column
                for field in model._meta.concrete_fields
                if not field.primary_key and not field.generated
            } | shifted
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
                f" SELECT {', '.join(columns.values())} FROM {model._meta.db_table}"
                f" WHERE {next(iter(shifted))} <= %(most)s",
                {"shift": shift, "most": min(made, size - shift)},
            )
    work = apps.get_model("publications", "publication")
    for statement in connection.ops.sequence_reset_sql(no_style(), [work]):
        cursor.execute(statement)


def lengthen_a_byline() -> None:
    """Give the eleventh work twelve authors and eight tags."""
    from publications.models import Author, Contribution, Publication, Tag, Tagging

    work = Publication.objects.order_by("pk")[10]
    work.contributions.all().delete()
    work.taggings.all().delete()
    people, tags = Author.objects.order_by("pk")[:12], Tag.objects.order_by("pk")[:8]
    Contribution.objects.bulk_create(
        Contribution(publication=work, author=author, position=place)
        for place, author in enumerate(people, start=1)
    )
    Tagging.objects.bulk_create(Tagging(content_object=work, tag=tag) for tag in tags)


def main(size: int) -> None:
    """Fill a scratch database, measure, print, and drop the database."""
    django.setup()
    from django.test import Client

    from publications.models import User

    # Not `setup_test_environment`: it records every template and with that doubles the time.
    scratch = setup_databases(verbosity=0, interactive=False)
    try:
        user = User.objects.create_superuser("bench", password="a long passphrase")
        fill(size, user)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        backend = Backend()
        table = a_table(
            f"The desk with {size:,} publications: milliseconds on CPU, median of {ROUNDS}",
            "page", "queries", "web", "database", "both", "target", "met", "counts all", "kB",
        )  # fmt: skip
        health = measure(client, backend, "/health")
        row = ("a constant page", health)
        print_row(table, *row, promised=False)
        for name, address, promised in pages(user):
            print_row(table, name, measure(client, backend, address), promised=promised)
        console.print(table)
        console.print(
            f"Target: at most {MOST_QUERIES} queries, no count of the whole table, "
            f"{MOST_CPU:g} ms on CPU.",
            style="dim",
        )
    finally:
        teardown_databases(scratch, verbosity=0)


def print_row(table: Any, name: str, cost: Cost, *, promised: bool) -> None:
    """Add a page to the table; with its targets where they are promised."""
    target, met = verdict(cost.cpu, most=MOST_CPU) if promised else ("", "")
    if promised and (cost.queries > MOST_QUERIES or cost.counts_all):
        met = "[red]NO[/red]"
    note = "" if cost.status == 200 else f" ({cost.status})"
    table.add_row(
        name + note, str(cost.queries), f"{cost.web:.1f}",
        f"{cost.database:.1f}" + (" +" if cost.workers else ""), f"{cost.cpu:.1f}",
        target, met, "YES" if cost.counts_all else "no", f"{cost.size / 1000:.0f}",
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
