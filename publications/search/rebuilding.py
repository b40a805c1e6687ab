"""Building the whole index anew beside its use, and comparing it with a fresh build."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from publications.models import Attachment, Publication, Status, SuggestionSource
from publications.search.documents import ALL, LENGTH, Document, is_level, with_levels
from publications.search.file_text import differing_files, index_files
from publications.search.indexing import (
    BATCH,
    FOLDING,
    FREQUENT,
    LARGE,
    add_spellings,
    fold,
    hold,
    index,
    is_word,
    read_documents,
    title_label,
    write_documents,
)
from publications.search.suggestion_labels import (
    differing_labels,
    differing_things,
    orphans,
    rebuild_thing_labels,
    remove_orphans,
)

# Tells which terms are frequent before all works are read.
SAMPLE = 2000
Advance = Callable[[int], None]

MISSING = """
SELECT work.id FROM publications_publication AS work
WHERE NOT EXISTS (
    SELECT FROM publications_searchdocument WHERE publication_id = work.id
) ORDER BY work.id
"""
STORED = """
SELECT
    publication_id, public_from, whole_from, day, title_key, length, facets, terms,
    tsvector_to_array(vector)
FROM publications_searchdocument WHERE publication_id = ANY(%s)
"""


GLANCED = 3
GLANCE = """
SELECT
    (SELECT count(*) FROM publications_publication WHERE status = %(published)s),
    coalesce((SELECT documents FROM publications_searchcount WHERE lexeme = %(all)s), 0),
    EXISTS (SELECT FROM publications_searchchange)
"""
# By id from a random place on, so that a large library costs no more than a small one. What is due
# is written anew before the next page.
FEW_AT_RANDOM = """
SELECT id FROM publications_publication AS work
WHERE id >= (SELECT (random() * max(id))::bigint FROM publications_publication) AND NOT EXISTS (
    SELECT FROM publications_searchdocument
    WHERE publication_id = work.id AND whole_from <= %(now)s
)
ORDER BY id LIMIT %(few)s
"""


@dataclass(slots=True)
class Tally:
    """What the works read so far hold."""

    counts: Counter[str] = field(default_factory=Counter)
    words: dict[str, str] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Count a document, if it is published."""
        if document.public_from is not None:
            self.counts.update(document.lexemes)
            self.counts[LENGTH] += document.length
            self.words.update(document.words)


def add_missing(advance: Advance = lambda _: None) -> int:
    """Index publications that have no document yet; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING)
        ids = [pk for (pk,) in cursor.fetchall()]
    rebuild_thing_labels()
    for some in batched(ids, BATCH):
        with transaction.atomic():
            _index_files(some)
            index(some)
        advance(len(some))
    fold()
    return len(ids)


def rebuild(advance: Advance = lambda _: None) -> int:
    """Write every document, count and word anew; return the number of publications.

    Searching goes on meanwhile: each batch replaces its documents in one transaction. Changes
    made during the rebuild wait until the counts are replaced, and are taken in then.
    """
    tally = Tally()
    works = 0
    with _alone():
        frequent, average = _frequent()
        rebuild_thing_labels()
        remove_orphans()
        for ids in _batches():
            works += len(ids)
            _rebuild_batch(ids, frequent, average, tally)
            advance(len(ids))
        _replace_counts(tally)
    fold()
    return works


def _rebuild_batch(ids: Sequence[int], frequent: set[str], average: float, tally: Tally) -> None:
    with transaction.atomic():
        hold(ids)
        _index_files(ids)
        documents = read_documents(ids)
        if frequent:
            documents = [with_levels(each, frequent, average) for each in documents]
        write_documents(documents)
        # What they changed before is counted with the document itself.
        _execute(
            "DELETE FROM publications_searchchange WHERE publication_id BETWEEN %s AND %s",
            [ids[0], ids[-1]],
        )
    for document in documents:
        tally.add(document)


def _index_files(ids: Sequence[int]) -> None:
    index_files(Attachment.objects.filter(publication__in=ids).values_list("pk", flat=True))


def _frequent() -> tuple[set[str], float]:
    """Tell from a sample which terms are frequent, and how long a work is."""
    ids = list(Publication.objects.published().order_by().values_list("pk", flat=True))
    if len(ids) < LARGE:
        return set(), 1.0
    tally = Tally()
    sample = random.Random(1).sample(ids, min(SAMPLE, len(ids)))  # noqa: S311
    for some in batched(sample, BATCH):
        for document in read_documents(some):
            tally.add(document)
    enough = FREQUENT * len(sample) / len(ids)
    frequent = {
        lexeme for lexeme, works in tally.counts.items() if works >= enough and is_word(lexeme)
    }
    return frequent, tally.counts[LENGTH] / len(sample)


def _batches() -> Iterator[list[int]]:
    """Yield the ids of all publications in order, also of those written meanwhile."""
    last = 0
    ids = Publication.objects.order_by("pk").values_list("pk", flat=True)
    while some := list(ids.filter(pk__gt=last)[:BATCH]):
        last = some[-1]
        yield some


@transaction.atomic
def _replace_counts(tally: Tally) -> None:
    _execute("DELETE FROM publications_searchcount")
    _copy("publications_searchcount (lexeme, documents)", sorted(tally.counts.items()))
    _execute("CREATE TEMPORARY TABLE known_word (word text, lexeme text) ON COMMIT DROP")
    _copy("known_word (word, lexeme)", sorted(tally.words.items()))
    for table in ("searchword", "searchspelling"):
        _execute(
            f"DELETE FROM publications_{table} WHERE word NOT IN (SELECT word FROM known_word)"  # noqa: S608
        )
    new = _execute(
        "INSERT INTO publications_searchword (word, lexeme) SELECT * FROM known_word"
        " ON CONFLICT (word) DO UPDATE SET lexeme = excluded.lexeme RETURNING word"
    )
    for some in batched(new, 10_000):
        add_spellings(word for (word,) in some)


@dataclass(slots=True)
class Drift:
    """How the index differs from a fresh build; empty when it does not."""

    # Publications whose document is missing or says something else.
    documents: list[int] = field(default_factory=list)
    counts: int = 0
    words: int = 0
    suggestions: int = 0
    waiting: int = 0

    def __bool__(self) -> bool:
        parts = self.documents, self.counts, self.words, self.suggestions, self.waiting
        return any(parts)


def check(advance: Advance = lambda _: None) -> Drift:
    """Compare all that searching reads with a fresh build; nothing is written."""
    drift = Drift()
    tally = Tally()
    for ids in _batches():
        # Twice, for what was being written at the first look.
        drift.documents += _unlike(_unlike(ids, tally))
        advance(len(ids))
    counts = dict(_execute("SELECT lexeme, documents FROM publications_searchcount"))
    keys = (key for key in counts.keys() | tally.counts.keys() if not is_level(key))
    drift.counts = sum(counts.get(key, 0) != tally.counts[key] for key in keys)
    words = {word for (word,) in _execute("SELECT word FROM publications_searchword")}
    drift.words = len(tally.words.keys() - words)
    drift.suggestions = differing_things() + orphans()
    ((drift.waiting,),) = _execute("SELECT count(*) FROM publications_searchchange")
    return drift


def looks_whole() -> bool:
    """Compare the number of works and a few documents, chosen at random, with a fresh build."""
    ((published, indexed, waiting),) = _execute(
        GLANCE, {"all": ALL, "published": Status.PUBLISHED.value}
    )
    if not waiting and published != indexed:
        return False
    some = [pk for (pk,) in _execute(FEW_AT_RANDOM, {"few": GLANCED, "now": timezone.now()})]
    return not differing(differing(some))


def _unlike(ids: Sequence[int], tally: Tally | None = None) -> list[int]:
    """Return those of the publications whose document, or a file of theirs, differs."""
    files = Attachment.objects.filter(publication__in=ids).values_list("pk", flat=True)
    owners = Attachment.objects.filter(pk__in=differing_files(files))
    return sorted({*differing(ids, tally), *owners.values_list("publication", flat=True)})


def differing(ids: Sequence[int], tally: Tally | None = None) -> list[int]:
    """Return those of the publications whose document or suggestion a fresh build would change."""
    fresh = read_documents(ids) if ids else []
    stored = {row[0]: row[1:] for row in _execute(STORED, [list(ids)])}
    for document in fresh:
        if tally:
            tally.add(document)
    labels = {*differing_labels(SuggestionSource.TITLE, map(title_label, fresh))}
    return [
        each.pk
        for each in fresh
        if each.pk in labels or _facts(stored.get(each.pk)) != _facts_of(each)
    ]


def _facts_of(document: Document) -> tuple[Any, ...]:
    return (
        document.public_from,
        document.whole_from,
        document.day,
        document.title_key,
        document.length,
        document.facets,
        document.terms,
        document.lexemes,
    )


def _facts(row: Sequence[Any] | None) -> tuple[Any, ...] | None:
    """Arrange a stored row for comparison; levels depend on the library of their day."""
    if row is None:
        return None
    *facts, packed, terms, lexemes = row
    return (*facts, bytes(packed), terms, frozenset(x for x in lexemes if not is_level(x)))


def _execute(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def _copy(target: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep everybody from folding changes into the counts until these are replaced."""
    _execute("SELECT pg_advisory_lock(%s)", [FOLDING])
    try:
        yield
    finally:
        _execute("SELECT pg_advisory_unlock(%s)", [FOLDING])
