"""The search page, which is also the archive: without words it lists the newest."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kei_site.common.pagination import page_number, paginate
from publications.models import Publication
from publications.search.engine import Query, find, parse
from publications.search.snippets import fragment
from publications.views.pages import numbered, render_page

LATEST = 5
RELEVANCE, NEWEST = "relevance", "newest"


def search(request: HttpRequest) -> HttpResponse:
    """Show the works that match the words, each with the passage that does."""
    query = parse(request.GET.get("q", ""))
    words = query.words
    sort = NEWEST if request.GET.get("sort") == NEWEST else RELEVANCE
    newest = Publication.objects.published().newest_first()
    works = find(query, newest=sort == NEWEST) if words else newest
    page = paginate(
        works,
        page_number(request.GET.get("page", "")),
        total=works.count(),
        url=numbered(request),
        load=lambda rows: rows.with_cards().defer(None),
    )
    for work in page.items:
        work.fragment = fragment(work.body, words)
    return render_page(
        request,
        "publications/search.html",
        {
            "query": query.text,
            "words": words,
            "page": page,
            "problem": _problem(query),
            "sort": sort,
            "sort_urls": {each: _sort_url(query, each) for each in (RELEVANCE, NEWEST)},
            "latest": list(newest.with_cards()[:LATEST]) if not page.total else [],
        },
    )


def _problem(query: Query) -> str:
    """Say in a sentence what of the words could not be used."""
    if query.was_cut:
        return _("Your search was long, so only its beginning was used: “%(text)s”.") % {
            "text": query.text
        }
    if query.text and not query.words:
        return _("There is no word to look for in “%(text)s”, so here is everything.") % {
            "text": query.text
        }
    return ""


def _sort_url(query: Query, sort: str) -> str:
    kept = {"q": query.text} | ({"sort": NEWEST} if sort == NEWEST else {})
    return f"{reverse('publications:search')}?{urlencode(kept)}"
