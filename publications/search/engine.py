"""Finding publications by words."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from publications.models import Publication, PublicationQuerySet

CONFIGURATION = "publications"
MAX_CHARACTERS = 200
MAX_WORDS = 24
# For D, C, B, A. Text counts for half of a headline: PostgreSQL's own weights crush it.
WEIGHTS = [0.5, 0.6, 0.8, 1.0]
BY_LENGTH = 1
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
SIGNS = re.compile(r"[\w&]")


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader typed, cut to size."""

    text: str
    was_cut: bool

    @property
    def words(self) -> list[str]:
        """The words to look for: those not excluded with a minus, without operators."""
        found = (word.strip('"(),.;:!?“”') for word in self.text.split())
        return [
            word for word in found if SIGNS.search(word) and word[0] != "-" and word.lower() != "or"
        ]


def parse(typed: str) -> Query:
    """Understand what was typed. Never fails: what cannot be searched is left out."""
    clean = " ".join(CONTROL.sub(" ", typed).replace("“", '"').replace("”", '"').split())
    text = " ".join(clean[:MAX_CHARACTERS].split()[:MAX_WORDS])
    return Query(text, was_cut=len(text) < len(clean))


def find(query: Query, *, newest: bool = False) -> PublicationQuerySet:
    """Return published works that match all words, phrases and exclusions, best first."""
    words = SearchQuery(query.text, config=CONFIGURATION, search_type="websearch")
    works: PublicationQuerySet = Publication.objects.published()
    works = works.filter(search_document__vector=words)
    if newest:
        return works.newest_first()
    rank = SearchRank(F("search_document__vector"), words, weights=WEIGHTS, normalization=BY_LENGTH)
    best_first: PublicationQuerySet = works.annotate(rank=rank)
    return best_first.order_by("-rank", "-published_at", "-pk")
