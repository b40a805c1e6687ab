"""The works among results, each with what shows why it was found."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from html import escape
from typing import Any

from publications.citations import SiteFacts, card_record, coins
from publications.models import Contribution, Publication
from publications.search.page_hits import page_hits
from publications.search.query import Query
from publications.search.snippets import highlight, passage
from publications.templatetags.publications_text import lang_runs


def result_cards(
    query: Query, ids: Collection[int], site: SiteFacts, *, have_files: bool, now: datetime
) -> dict[int, Any]:
    """Load the works that are shown, without what was withdrawn since it was found."""
    works = Publication.objects.published(now).with_cards()
    if query.groups:
        # The text, too: the best passage is looked for in it.
        works = works.defer(None)
    cards: dict[int, Any] = works.prefetch_related(None).in_bulk(ids)
    bylines = _bylines(cards)
    hits = page_hits(query, list(cards)) if query.groups and have_files else {}
    for pk, work in cards.items():
        work.byline = bylines[pk]
        work.headline = marked(work.title, query)
        work.marked = partial(marked, query=query) if query.groups else None
        found = passage(work, query) if query.groups else ""
        work.words = found or marked(work.standfirst, query)
        work.hits = hits.get(pk, ())
        work.coins = coins(card_record(work, site))
    return cards


def _bylines(ids: Collection[int]) -> Mapping[int, list[Contribution]]:
    """Load the bylines of all; the general way to prefetch takes three times as long."""
    bylines: dict[int, list[Contribution]] = defaultdict(list)
    rows = Contribution.objects.filter(publication_id__in=ids).select_related("author")
    for each in rows.order_by("publication_id", "position"):
        bylines[each.publication_id].append(each)
    return bylines


def marked(text: str, query: Query) -> str:
    """Escape a text and mark what was found or, in one of two languages, the other language."""
    by_language = lang_runs(text)
    return highlight(text, query) if by_language == escape(text) else by_language
