"""Keeping the search documents equal to the publications they describe."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kei_site.common.html import to_text
from publications.models import Rights, SuggestionSource, TagGroup
from publications.reading import opening
from publications.search.documents import (
    ALL,
    LENGTH,
    ROOM_FOR_FILES,
    Document,
    FileText,
    Source,
    build,
    is_level,
    with_levels,
)
from publications.search.facets import Facet, language_value
from publications.search.spelling import deletions
from publications.search.suggestion_labels import write_labels
from publications.states import Status

BATCH = 100
# A term is frequent from here on; its works are then also filed by its impact in them.
FREQUENT = 2000
# Smaller libraries are searched in full: no term in them is frequent.
LARGE = 8000
MOST_CHARACTERS = 500_000
# Whoever holds it folds changes; the rest leave theirs for the next one.
FOLDING = 7_361_001
NOTHING: frozenset[str] = frozenset()
# Lexemes and length of a document, as the counts know them.
Stored = tuple[frozenset[str], int]

LOCK = "SELECT FROM publications_publication WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# OFFSET 0: right after an import, the planner knows nothing of these tables and would begin with
# all authors and all tags for each work.
READ = """
SELECT
    work.id, work.title, work.standfirst, left(work.body, %(most)s),
    work.rights = %(full)s, work.full_text_from::timestamp AT TIME ZONE %(zone)s,
    work.language, work.kind_id,
    CASE WHEN work.status = %(published)s THEN work.published_at END,
    extract(epoch FROM coalesce(work.published_at, work.created_at))::bigint / 86400,
    to_char(coalesce(work.published_at, work.created_at) AT TIME ZONE %(zone)s, 'YYYYMM')::int,
    work.outlet_id, outlet.name, work.series_id, series.title, image.caption,
    ARRAY(
        SELECT json_build_array(author.id, author.display_name, author.native_name)
        FROM (
            SELECT author_id, position FROM publications_contribution
            WHERE publication_id = work.id OFFSET 0
        ) AS contribution
        JOIN publications_author AS author ON author.id = contribution.author_id
        ORDER BY contribution.position
    ),
    ARRAY(
        SELECT json_build_array(tag.id, tag.name, tag."group")
        FROM (
            SELECT id, tag_id FROM publications_tagging
            WHERE content_object_id = work.id OFFSET 0
        ) AS tagging
        JOIN publications_tag AS tag ON tag.id = tagging.tag_id ORDER BY tagging.id
    ),
    EXISTS (
        SELECT FROM publications_attachment
        WHERE publication_id = work.id AND lower(file) LIKE '%%.pdf'
    )
FROM publications_publication AS work
LEFT JOIN publications_outlet AS outlet ON outlet.id = work.outlet_id
LEFT JOIN publications_series AS series ON series.id = work.series_id
LEFT JOIN publications_image AS image ON image.id = work.lead_image_id
WHERE work.id = ANY(%(ids)s) ORDER BY work.id
"""
FILES = """
SELECT publication_id, length, terms, tsvector_to_array(vector), attachment_id
FROM (
    SELECT attachment.publication_id, text.*, sum(pg_column_size(text.vector)) OVER (
        PARTITION BY attachment.publication_id ORDER BY attachment.position, attachment.id
    ) AS room
    FROM publications_attachmenttext AS text
    JOIN publications_attachment AS attachment ON attachment.id = text.attachment_id
    WHERE attachment.publication_id = ANY(%s)
) AS file WHERE room <= %s
"""
STORED = """
SELECT publication_id, public_from, length, tsvector_to_array(vector)
FROM publications_searchdocument WHERE publication_id = ANY(%s) FOR UPDATE
"""
WRITE = """
INSERT INTO publications_searchdocument
    (publication_id, public_from, whole_from, day, title_key, length, facets, terms, vector)
VALUES (
    %(pk)s, %(public_from)s, %(whole_from)s, %(day)s, %(title_key)s, %(length)s, %(facets)s,
    %(terms)s::int[], %(vector)s::tsvector || coalesce((
        SELECT tsvector_agg(file.vector)
        FROM unnest(%(files)s::bigint[]) AS attachment_id
        JOIN publications_attachmenttext AS file USING (attachment_id)
    ), ''::tsvector)
)
ON CONFLICT (publication_id) DO UPDATE SET
    public_from = excluded.public_from, whole_from = excluded.whole_from, day = excluded.day,
    title_key = excluded.title_key, length = excluded.length, facets = excluded.facets,
    terms = excluded.terms, vector = excluded.vector
"""
NOTE = """
INSERT INTO publications_searchchange (publication_id, added, removed, length, words)
VALUES (%s, %s, %s, %s, %s::jsonb)
"""
# Sorted, so that two folders could never wait for each other crosswise.
FOLD = """
WITH taken AS (DELETE FROM publications_searchchange RETURNING *),
counted AS (
    INSERT INTO publications_searchcount AS stored (lexeme, documents)
    SELECT lexeme, sum(works) FROM (
        SELECT unnest(added) AS lexeme, 1 AS works FROM taken
        UNION ALL SELECT unnest(removed), -1 FROM taken
        UNION ALL SELECT %(length)s, length FROM taken
    ) AS each GROUP BY lexeme HAVING sum(works) <> 0 ORDER BY lexeme
    ON CONFLICT (lexeme) DO UPDATE SET documents = stored.documents + excluded.documents
)
INSERT INTO publications_searchword (word, lexeme)
SELECT DISTINCT ON (key) key, value FROM taken, jsonb_each_text(words) ORDER BY key
ON CONFLICT (word) DO NOTHING RETURNING word
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What writing one document changed for the counts."""

    pk: int
    added: frozenset[str]
    removed: frozenset[str]
    length: int
    words: Mapping[str, str]


@transaction.atomic
def index(publication_ids: Iterable[int]) -> None:
    """Write the search documents of these publications from what the database holds now."""
    for ids in batched(publication_ids, BATCH):
        hold(ids)
        documents = with_library(read_documents(ids))
        stored = _stored(ids)
        write_documents(documents)
        note(_changes(documents, stored))
    fold()


def hold(ids: Sequence[int]) -> None:
    """Lock these publications until the transaction ends: nobody writes an older state later."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(ids)])


def forget(publication_ids: Sequence[int]) -> None:
    """Take publications that are about to be deleted out of counts and suggestions."""
    stored = _stored(publication_ids)
    note([Change(pk, NOTHING, lexemes, -length, {}) for pk, (lexemes, length) in stored.items()])
    write_labels(SuggestionSource.TITLE, [(pk, "", 0) for pk in publication_ids])
    fold()


def read_documents(ids: Sequence[int]) -> list[Document]:
    """Make the documents of these publications from what the database holds now."""
    with connection.cursor() as cursor:
        cursor.execute(FILES, [list(ids), ROOM_FOR_FILES])
        files: dict[int, list[FileText]] = defaultdict(list)
        for pk, *file in cursor.fetchall():
            files[pk].append(FileText(*file))
        cursor.execute(
            READ,
            {
                "ids": list(ids),
                "zone": settings.TIME_ZONE,
                "most": MOST_CHARACTERS,
                "full": Rights.FULL.value,
                "published": Status.PUBLISHED.value,
            },
        )
        now = timezone.now()
        return [build(_source(row, files.get(row[0], ()), now)) for row in cursor.fetchall()]


def with_library(documents: list[Document]) -> list[Document]:
    """Add what depends on the library: the levels of terms that are frequent in it."""
    lexemes = set[str]().union(*(document.lexemes for document in documents))
    works, length = size()
    if works < LARGE:
        return documents
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme FROM publications_searchcount"
            " WHERE lexeme = ANY(%s) AND documents >= %s",
            [[each for each in lexemes if is_word(each)], FREQUENT],
        )
        frequent = {lexeme for (lexeme,) in cursor.fetchall()}
    return [with_levels(document, frequent, length / works) for document in documents]


def size() -> tuple[int, int]:
    """Return how many published works there are and how long all of them are together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme, documents FROM publications_searchcount WHERE lexeme IN (%s, %s)",
            [ALL, LENGTH],
        )
        counts = dict(cursor.fetchall())
    return max(counts.get(ALL, 0), 0), max(counts.get(LENGTH, 0), 1)


def write_documents(documents: Sequence[Document]) -> None:
    """Write documents and the labels of their titles."""
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, [_row(document) for document in documents])
    write_labels(SuggestionSource.TITLE, map(title_label, documents))


def title_label(document: Document) -> tuple[int, str, int]:
    """Return what `write_labels` takes: id, headline and date; none of what is not published."""
    if document.public_from is None:
        return document.pk, "", 0
    return document.pk, document.title, int(document.public_from.timestamp())


def note(changes: Iterable[Change]) -> None:
    """Leave changes for `fold` to take in."""
    with connection.cursor() as cursor:
        cursor.executemany(
            NOTE,
            [
                (each.pk, list(each.added), list(each.removed), each.length, json.dumps(each.words))
                for each in changes
                if each.added or each.removed or each.length or each.words
            ],
        )


def fold() -> bool:
    """Take all changes into counts and words; False when another transaction is doing so.

    What is left behind then is taken in by the next write, or by `search_index`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(FOLD, {"length": LENGTH})
        add_spellings(word for (word,) in cursor.fetchall())
    return True


def add_spellings(words: Iterable[str]) -> None:
    """Write the keys under which words are found when they are misspelled."""
    pairs = [(key, word) for word in words for key in deletions(word)]
    with connection.cursor() as cursor:
        # No word has a space in it, and the driver takes long for lists.
        cursor.execute(
            "INSERT INTO publications_searchspelling (key, word)"
            " SELECT * FROM unnest(string_to_array(%s, ' '), string_to_array(%s, ' '))"
            " ON CONFLICT DO NOTHING",
            [" ".join(key for key, _ in pairs), " ".join(word for _, word in pairs)],
        )


def is_word(lexeme: str) -> bool:
    """Say whether a lexeme is a word of a text; the others are marks such as kind:3."""
    return ":" not in lexeme and not is_level(lexeme)


def _stored(ids: Sequence[int]) -> dict[int, Stored]:
    """Return, and hold, lexemes and length of the documents as the counts know them."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, [list(ids)])
        return {
            pk: (frozenset(lexemes), length) if public_from else (NOTHING, 0)
            for pk, public_from, length, lexemes in cursor.fetchall()
        }


def _changes(documents: Iterable[Document], stored: Mapping[int, Stored]) -> list[Change]:
    """Return what writing the documents changes for the counts."""
    return _with_new_words(
        [_change(document, stored.get(document.pk, (NOTHING, 0))) for document in documents]
    )


def _change(document: Document, before: Stored) -> Change:
    lexemes, length = before
    is_published = document.public_from is not None
    after = document.lexemes if is_published else NOTHING
    return Change(
        document.pk,
        added=after - lexemes,
        removed=lexemes - after,
        length=(document.length if is_published else 0) - length,
        words=document.words if is_published else {},
    )


def _with_new_words(changes: list[Change]) -> list[Change]:
    """Keep of the words only those that the dictionary does not know."""
    words = {word for change in changes for word in change.words}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM publications_searchword WHERE word = ANY(%s)", [list(words)]
        )
        words -= {word for (word,) in cursor.fetchall()}
    return [
        replace(change, words={word: change.words[word] for word in words & change.words.keys()})
        for change in changes
    ]


def _row(document: Document) -> dict[str, Any]:
    return {
        "pk": document.pk,
        "public_from": document.public_from,
        "whole_from": document.whole_from,
        "day": document.day,
        "title_key": document.title_key,
        "length": document.length,
        "facets": document.facets,
        # As text: the driver goes through a list number by number, a tenth of a rebuild.
        "terms": f"{{{','.join(map(str, document.terms))}}}",
        "vector": document.vector,
        "files": list(document.files),
    }


def _source(row: Sequence[Any], files: Sequence[FileText], now: datetime) -> Source:
    """Arrange a row of `READ`, with as much of the text as readers see now."""
    (pk, title, standfirst, body, is_whole, whole_from, language, kind, public_from, day, month,
     outlet, outlet_name, series, series_title, caption, authors, tags, has_pdf) = row  # fmt: skip
    if is_whole or (whole_from and whole_from <= now):
        whole_from = None
    else:
        body = opening(body)
    facets = [
        (Facet.KIND, kind),
        (Facet.YEAR, month // 100),
        (Facet.LANGUAGE, language_value(language)),
        *((Facet.AUTHOR, author) for author in dict.fromkeys(author for author, *_ in authors)),
        *((_tag_facet(group), tag) for tag, _, group in tags),
    ]
    facets += [(Facet.OUTLET, outlet)] if outlet else []
    facets += [(Facet.SERIES, series)] if series else []
    facets += [(Facet.PDF, 1)] if has_pdf else []
    return Source(
        pk=pk,
        public_from=public_from,
        whole_from=whole_from,
        day=day,
        month=month,
        title=title,
        names=[
            *(name for _, *names in authors for name in names if name),
            *(name for _, name, _ in tags),
        ],
        leads=[each for each in (standfirst, outlet_name, series_title) if each],
        text=f"{to_text(body)} {caption or ''}",
        facets=facets,
        files=files,
    )


def _tag_facet(group: str) -> Facet:
    return Facet.REGION if group == TagGroup.REGION else Facet.TOPIC
