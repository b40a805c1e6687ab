"""The works among results, each with what shows why it was found."""

from collections.abc import Collection
from typing import Any

from django.utils.html import escape

from publications.citations import SiteFacts, card_record, coins
from publications.models import Publication
from publications.search.page_hits import page_hits
from publications.search.query import Query
from publications.search.snippets import highlight, passage
from publications.templatetags.publications_text import lang_runs


def result_cards(
    query: Query, ids: Collection[int], site: SiteFacts, *, have_files: bool
) -> dict[int, Any]:
    """Load the works that are shown."""
    works = Publication.objects.with_cards()
    if query.groups:
        # The text, too: the best passage is looked for in it.
        works = works.defer(None)
    cards: dict[int, Any] = works.in_bulk(ids)
    hits = page_hits(query, list(ids)) if query.groups and have_files else {}
    for pk, work in cards.items():
        work.headline = _marked(work.title, query)
        found = passage(work, query) if query.groups else ""
        work.words = found or _marked(work.standfirst, query)
        work.hits = hits.get(pk, ())
        work.coins = coins(card_record(work, site))
    return cards


def _marked(text: str, query: Query) -> str:
    """Mark what was found or, in a text of two languages, the other language."""
    by_language = lang_runs(text)
    return highlight(text, query) if by_language == escape(text) else by_language
