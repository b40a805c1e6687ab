"""The libraries that the site's search is measured against, over the same documents."""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import Any

import bm25s
import Stemmer
import tantivy

from tests.bench.search_questions import Question

logging.getLogger("bm25s").setLevel(logging.WARNING)


class Bm25s:
    """Exact BM25 over words alone: no phrases, filters or facets."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._size = len(texts)
        self._index = bm25s.BM25()
        self._index.index(
            bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False),
            show_progress=False,
        )

    def best(self, query: str, count: int) -> list[int]:
        """Return the numbers of the best documents that have a word of the query."""
        tokens = bm25s.tokenize(
            [query], stopwords="en", stemmer=self._stemmer, show_progress=False, return_ids=False
        )
        numbers, scores = self._index.retrieve(
            tokens, k=min(count, self._size), show_progress=False
        )
        return [int(n) for n, score in zip(numbers[0], scores[0], strict=True) if score > 0]

    def milliseconds(self, question: Question) -> float:
        """Return the time on CPU for the first 20 documents with a question's words."""
        start = thread_time()
        self.best(" ".join(question.words), 20)
        return (thread_time() - start) * 1000


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document as tantivy gets it."""

    title: str
    text: str
    kind: int
    year: int
    author: int
    day: int


class Tantivy:
    """A search engine of its own: English stems, headlines twice, three facets."""

    FACETS = ("kind", "year", "author")

    def __init__(self, documents: Iterable[Indexed]) -> None:
        schema = tantivy.SchemaBuilder()
        for name in ("title", "text"):
            schema.add_text_field(name, tokenizer_name="en_stem")
        for name in (*self.FACETS, "day"):
            schema.add_integer_field(name, indexed=True, fast=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema)
        # One thread: the other core belongs to the database.
        writer = self._index.writer(heap_size=300_000_000, num_threads=1)
        for each in documents:
            writer.add_document(
                tantivy.Document(
                    title=each.title, text=each.text, kind=each.kind, year=each.year,
                    author=each.author, day=each.day,
                )
            )  # fmt: skip
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def milliseconds(self, question: Question, *, facets: bool) -> float:
        """Return the time on CPU for the first 20 documents, the total and, if asked, facets."""
        start = thread_time()
        query = self._query(question)
        order = {"order_by_field": "day"} if question.is_newest else {}
        self._searcher.search(query, 20, count=True, **order)
        if facets:
            self._searcher.aggregate(
                query, {name: {"terms": {"field": name, "size": 20}} for name in self.FACETS}
            )
        return (thread_time() - start) * 1000

    def _query(self, question: Question) -> Any:
        words = " ".join(question.words)
        fields, boosts = ["title", "text"], {"title": 2.0}
        if question.is_prefix:
            start = re.escape(question.words[0])
            parts = [
                (tantivy.Occur.Should, tantivy.Query.regex_query(self._schema, name, f"{start}.*"))
                for name in fields
            ]
            return tantivy.Query.boolean_query(parts)
        text = f'"{words}"' if question.is_phrase else words
        query = self._index.parse_query(text, fields, field_boosts=boosts)
        if not question.filters:
            return query
        kept = [
            (tantivy.Occur.Must, tantivy.Query.term_query(self._schema, name, value))
            for name, value in question.filters.items()
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *kept])
