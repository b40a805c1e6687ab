"""Writing down the words by which things are suggested while somebody types."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Model

from publications.models import (
    Author,
    Kind,
    Outlet,
    Publication,
    Series,
    SuggestionSource,
    Tag,
)
from publications.search.tokens import tokenize

BATCH = 1000
LONGEST = 100
# Written without spaces: what is looked for may stand inside.
UNSPACED = re.compile(r"[가-힣\u3400-\u9fff]+")
# What staff name themselves, and the fields its names stand in.
NAMED: dict[type[Any], tuple[SuggestionSource, tuple[str, ...]]] = {
    Author: (SuggestionSource.AUTHOR, ("display_name", "native_name")),
    Tag: (SuggestionSource.TAG, ("name",)),
    Outlet: (SuggestionSource.OUTLET, ("name",)),
    Series: (SuggestionSource.SERIES, ("title",)),
    Kind: (SuggestionSource.KIND, ("name", "plural")),
}
REMOVE = "DELETE FROM publications_searchlabel WHERE source = %s AND object_id = ANY(%s)"
READ = """
SELECT object_id, word, weight FROM publications_searchlabel
WHERE source = %s AND object_id = ANY(%s)
"""
ORPHANS = """
FROM publications_searchlabel WHERE source = %s
    AND NOT EXISTS (SELECT FROM {table} AS thing WHERE thing.id = object_id)
"""
# Lists as text: no word has a space in it, and the driver takes long for lists.
ADD = """
INSERT INTO publications_searchlabel (source, word, weight, object_id)
SELECT %s, * FROM unnest(
    string_to_array(%s, ' '),
    string_to_array(%s, ' ')::bigint[],
    string_to_array(%s, ' ')::bigint[]
)
"""


def write_labels(source: SuggestionSource, rows: Iterable[tuple[int, str, int]]) -> None:
    """Replace the words of these objects: id, text and weight of each; no text, no words.

    Call it once the object's own row is written: whoever else writes it then waits.
    """
    texts = list(rows)
    words = [(word, weight, pk) for pk, text, weight in texts for word in label_words(text)]
    with connection.cursor() as cursor:
        cursor.execute(REMOVE, [source, [pk for pk, _, _ in texts]])
        if words:
            columns = (" ".join(map(str, column)) for column in zip(*words, strict=True))
            cursor.execute(ADD, [source, *columns])


def write_thing_labels(thing: Model) -> None:
    """Bring the words of an author, tag, outlet, series or kind up to date; others have none."""
    if type(thing) in NAMED:
        write_labels_of(type(thing), [thing.pk])


def write_labels_of(model: type[Any], ids: Iterable[int]) -> None:
    """Bring the words of these rows up to date; rows that are gone lose theirs."""
    source, fields = NAMED[model]
    for some in batched(ids, BATCH):
        rows = model.objects.filter(pk__in=some).values_list("pk", *fields)
        texts = {pk: " ".join(names) for pk, *names in rows}
        write_labels(source, [(pk, texts.get(pk, ""), 0) for pk in some])


def rebuild_thing_labels() -> None:
    """Bring the words of everything but publications up to date."""
    for model in NAMED:
        write_labels_of(model, model.objects.values_list("pk", flat=True).iterator())


def differing_labels(source: SuggestionSource, rows: Iterable[tuple[int, str, int]]) -> list[int]:
    """Return the ids of those whose words are not what `write_labels` would write."""
    texts = list(rows)
    stored: dict[int, set[tuple[str, int]]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(READ, [source, [pk for pk, _, _ in texts]])
        for pk, word, weight in cursor.fetchall():
            stored[pk].add((word, weight))
    return [
        pk
        for pk, text, weight in texts
        if stored[pk] != {(word, weight) for word in label_words(text)}
    ]


def differing_things() -> int:
    """Return how many authors, tags, outlets, series and kinds have other words than theirs."""
    number = 0
    for model, (source, fields) in NAMED.items():
        rows = model.objects.order_by("pk").values_list("pk", *fields).iterator()
        texts = ((pk, " ".join(names), 0) for pk, *names in rows)
        number += sum(len(differing_labels(source, some)) for some in batched(texts, BATCH))
    return number


def orphans() -> int:
    """Return how many words suggest what is no more."""
    return sum(_of_orphans("SELECT count(*)", *each) for each in _tables())


def remove_orphans() -> None:
    """Take away the words that suggest what is no more."""
    for each in _tables():
        _of_orphans("DELETE", *each)


def _tables() -> Iterator[tuple[SuggestionSource, str]]:
    yield SuggestionSource.TITLE, Publication._meta.db_table  # noqa: SLF001
    yield from ((source, model._meta.db_table) for model, (source, _fields) in NAMED.items())  # noqa: SLF001


def _of_orphans(what: str, source: SuggestionSource, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"{what} {ORPHANS.format(table=table)}", [source])
        return int(cursor.fetchone()[0]) if cursor.description else cursor.rowcount


def label_words(text: str) -> set[str]:
    """Return the words that find `text`, each once; Hangul and Han also from within."""
    return {part[:LONGEST] for token in tokenize(text) for part in _from_within(token.word)}


def _from_within(word: str) -> Iterator[str]:
    """Yield the word and, of one written without spaces, every ending of two syllables or more."""
    yield word
    if UNSPACED.fullmatch(word):
        yield from (word[start:] for start in range(1, len(word) - 1))
