"""The words of files: of each page, so that a hit can say where it is, and of the whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched, groupby
from operator import attrgetter

from django.db import connection, transaction

from publications.models import AttachmentPage, AttachmentText, PageText
from publications.search.documents import (
    LAST_POSITION,
    MOST_POSITIONS,
    pack_terms,
    term_base,
    vector_literal,
)
from publications.search.tokens import Token, tokenize

PAGES = 50
# A tsvector holds 1 MB, and that of a work takes in all its files. Lexemes count with what is
# stored beside them; those that first occur after the room is used up are left out.
ROOM = 400_000
BESIDE_A_LEXEME = 8

WRITE_PAGES = """
INSERT INTO publications_pagetext (page_id, vector)
SELECT page, vector::tsvector FROM unnest(%s::bigint[], %s::text[]) AS each (page, vector)
"""
WRITE_FILE = """
INSERT INTO publications_attachmenttext (attachment_id, length, terms, vector)
VALUES (%s, %s, %s, %s::tsvector)
"""


# Whether these are the words of pages, and of a file, as they are stored.
SAME_PAGES = """
SELECT NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::text[]) AS fresh (page, vector)
    LEFT JOIN publications_pagetext AS stored ON stored.page_id = fresh.page
    WHERE stored.vector IS DISTINCT FROM fresh.vector::tsvector
)
"""
SAME_FILE = """
SELECT EXISTS (
    SELECT FROM publications_attachmenttext
    WHERE attachment_id = %s AND length = %s AND terms = %s AND vector = %s::tsvector
)
"""


class Words:
    """Lexemes with their positions and how often they occur, gathered from one text or several."""

    def __init__(self) -> None:
        self.places: dict[str, list[int]] = {}
        self.counts: dict[str, int] = defaultdict(int)
        self.length = 0
        self._last = 0
        self._room = ROOM

    def add(self, tokens: Iterable[Token]) -> None:
        """Take in a text that follows what was added before."""
        before = self._last
        for token in tokens:
            self._last = before + token.position
            self._place(token.lexeme)

    def vector(self) -> str:
        """Write them as a tsvector literal."""
        return vector_literal(self.places, "D")

    def terms(self) -> list[int]:
        """Return how often each occurs, as `SearchDocument.terms` has it."""
        by_base: dict[int, int] = defaultdict(int)
        for lexeme, count in self.counts.items():
            by_base[term_base(lexeme)] += count
        return pack_terms(by_base)

    def _place(self, lexeme: str) -> None:
        places = self.places.get(lexeme)
        if places is None:
            self._room -= len(lexeme.encode()) + BESIDE_A_LEXEME
            if self._room < 0:
                return
            places = self.places[lexeme] = []
        self.length += 1
        self.counts[lexeme] += 1
        place = min(self._last, LAST_POSITION)
        if len(places) < MOST_POSITIONS and (not places or places[-1] != place):
            places.append(place)


@transaction.atomic
def index_files(attachment_ids: Iterable[int]) -> None:
    """Write the words of these files, and of each of their pages, from the pages' text.

    The documents of their publications have to be written after this.
    """
    ids = list(attachment_ids)
    AttachmentText.objects.filter(attachment__in=ids).delete()
    PageText.objects.filter(page__attachment__in=ids).delete()
    pages = AttachmentPage.objects.filter(attachment__in=ids).order_by("attachment", "number")
    for pk, own in groupby(pages.iterator(PAGES), attrgetter("attachment_id")):
        _write_file(pk, _write_pages(own))


def differing_files(attachment_ids: Iterable[int]) -> list[int]:
    """Return those of the files whose words are not what `index_files` would write."""
    pages = AttachmentPage.objects.filter(attachment__in=list(attachment_ids))
    ordered = pages.order_by("attachment", "number").iterator(PAGES)
    return [
        pk for pk, own in groupby(ordered, attrgetter("attachment_id")) if not _is_same(pk, own)
    ]


def _write_pages(pages: Iterator[AttachmentPage]) -> Words:
    """Write the words of each page of a file; return those of all."""
    whole = Words()
    for ids, vectors in _read_pages(pages, whole):
        with connection.cursor() as cursor:
            cursor.execute(WRITE_PAGES, [ids, vectors])
    return whole


def _write_file(pk: int, words: Words) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE_FILE, [pk, *_facts(words)])


def _is_same(pk: int, pages: Iterator[AttachmentPage]) -> bool:
    whole = Words()
    with connection.cursor() as cursor:
        for ids, vectors in _read_pages(pages, whole):
            cursor.execute(SAME_PAGES, [ids, vectors])
            if not cursor.fetchone()[0]:
                return False
        cursor.execute(SAME_FILE, [pk, *_facts(whole)])
        return bool(cursor.fetchone()[0])


def _read_pages(
    pages: Iterator[AttachmentPage], whole: Words
) -> Iterator[tuple[list[int], list[str]]]:
    """Yield ids and vectors of the pages, some at a time; add the words of all to `whole`."""
    for batch in batched(pages, PAGES):
        vectors = []
        for page in batch:
            tokens = list(tokenize(page.text))
            words = Words()
            words.add(tokens)
            whole.add(tokens)
            vectors.append(words.vector())
        yield [page.pk for page in batch], vectors


def _facts(words: Words) -> tuple[int, list[int], str]:
    return words.length, words.terms(), words.vector()
