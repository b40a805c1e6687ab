"""Relevance collections: documents, what was asked, and what people judged to answer it."""

import html
import io
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

from tests.bench.search_rebuilding import empty, rebuild

SEED = 1
WORD = re.compile(r"[^\W_]+")
TITLES = 200


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """What a library without fields would index."""
        return f"{self.title} {self.text}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Queries by their ids, and for each the documents that answer it, with how well."""

    name: str
    queries: Mapping[str, str]
    answers: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Collection:
    """A folder with docs.jsonl, queries.jsonl and qrels.tsv."""

    name: str
    documents: list[Document]
    long: Asked
    # Which documents have a word, by its stem.
    frequency: Mapping[str, int] = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Collection":
        every = [Document(**_only(row)) for row in _rows(folder / "docs.jsonl")]
        documents = [each for each in every if words(each.whole)]
        answers: dict[str, dict[str, float]] = defaultdict(dict)
        for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
            query, document, relevance = line.split("\t")
            answers[query][document] = float(relevance)
        queries = {
            row["id"]: row["text"]
            for row in _rows(folder / "queries.jsonl")
            if any(value > 0 for value in answers[row["id"]].values())
        }
        frequency = Counter(
            stem for document in documents for stem in {stemmed(w) for w in words(document.whole)}
        )
        return cls(folder.name, documents, Asked("long", queries, answers), frequency)

    def short(self) -> Asked:
        """The three rarest words of each query: what people type."""
        queries = {}
        for number, text in self.long.queries.items():
            known = [w for w in dict.fromkeys(content_words(text)) if self.frequency[stemmed(w)]]
            rarest = sorted(known, key=lambda word: self.frequency[stemmed(word)])[:3]
            queries[number] = " ".join(rarest)
        return Asked("short", queries, self.long.answers)

    def titles(self) -> Asked:
        """Three to five words of a headline, one right answer."""
        chance = random.Random(SEED)
        known = Counter(" ".join(words(each.title)) for each in self.documents)
        telling = {
            each.id: distinct
            for each in self.documents
            if known[" ".join(words(each.title))] == 1
            and len(distinct := list(dict.fromkeys(content_words(each.title)))) >= 3
        }
        queries = {}
        for number in chance.sample(sorted(telling), min(TITLES, len(telling))):
            count = min(chance.randint(3, 5), len(telling[number]))
            chosen = sorted(chance.sample(range(len(telling[number])), count))
            queries[number] = " ".join(telling[number][at] for at in chosen)
        return Asked("title words", queries, {number: {number: 1.0} for number in queries})


def load(collection: Collection) -> None:
    """Import the documents as publications of one day, and build the index anew."""
    from django.core.management import call_command

    empty()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for document in collection.documents:
            row = {
                "id": document.id,
                "title": document.title.strip() or document.text[:80],
                "slug": slug_of(document.id),
                "date": "2020-01-01",
                "lang": "en",
                # Without any text it would be a draft.
                "body_html": f"<p>{html.escape(document.text.strip() or '–')}</p>",
            }
            file.write(json.dumps(row) + "\n")
        file.flush()
        call_command("import_publications", file.name, source="bench", stdout=io.StringIO())
    rebuild()


def slug_of(number: str) -> str:
    return f"document-{number}"


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def content_words(text: str) -> list[str]:
    """Return the words that say something."""
    return [word for word in words(text) if word not in STOPWORDS_EN_PLUS and len(word) > 1]


@cache
def stemmed(word: str) -> str:
    return Stemmer.Stemmer("english").stemWord(word)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _only(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("id", "title", "text")}
