"""The search page, which is also the archive: without words it lists the newest."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kei_site.common.pagination import Page, page_links
from publications.citations import site_facts
from publications.search.best_bets import best_bets
from publications.search.engine import Found, Sort
from publications.search.explaining import explain
from publications.search.facets import Facet
from publications.search.finding import Finding, find
from publications.search.params import SearchParams
from publications.site import read_site
from publications.views.counting import count_search
from publications.views.dead_ends import way_out
from publications.views.narrowing import address, narrow
from publications.views.pages import render_page
from publications.views.result_cards import result_cards

SORTS = {
    Sort.RELEVANCE: gettext_lazy("relevance"),
    Sort.NEWEST: gettext_lazy("newest"),
    Sort.OLDEST: gettext_lazy("oldest"),
}
# Characters of what was asked for, in the heading.
MOST_WORDS = 120
FORMATS = {
    "JSON": "search_json",
    "RIS": "search_ris",
    "BibTeX": "search_bib",
}


class SortLink(NamedTuple):
    """An order of the results and its address."""

    label: str
    url: str
    is_current: bool


class FormatLink(NamedTuple):
    """A form in which programs read the results, and its address."""

    label: str
    url: str


def search(request: HttpRequest) -> HttpResponse:
    """Show what matches, each work with the passage that does, and how to narrow it."""
    params = SearchParams.from_query(request.GET)
    now = timezone.now()
    finding = find(params, limit=settings.PAGE_SIZE, now=now)
    found = finding.found
    page = _page(params, found)
    narrowing = narrow(params, finding)
    picked = best_bets(finding.query, now=now) if params.page == 1 and not params.active else []
    nothing = None if found.total else way_out(params, finding, narrowing, now)
    nearest = nothing.ids if nothing else []
    site = read_site()
    cards = result_cards(
        finding.query,
        {*picked, *found.ids, *nearest},
        site_facts(site.name),
        have_files=bool(found.facets[Facet.PDF]),
        now=now,
    )
    is_explained = _may_ask_why(request)
    explanations = explain(finding.query, found.ids, now=now) if is_explained else {}
    for pk in explanations.keys() & cards.keys():
        cards[pk].explanation = explanations[pk]
    if params.page == 1 and not params.active:
        count_search(request, params.q, found.total)
    full = max(0, found.full - (params.page - 1) * settings.PAGE_SIZE)
    return render_page(
        request,
        "publications/search.html",
        {
            "query": params.q,
            # The box keeps them for the next words, as its script does.
            "kept_filters": replace(params, q="", page=1, exact=False).pairs(),
            "words": _words(params, finding),
            "corrected": finding.correction,
            "exact_url": address(params.as_typed()),
            "problems": _problems(finding),
            "found": found,
            "picked": _in_order(picked, cards),
            "full": _in_order(found.ids[:full], cards),
            "partial": _in_order(found.ids[full:], cards),
            "page": page,
            "narrowing": narrowing,
            "sorts": _sorts(params, finding),
            "formats": _formats(params),
            "results_feed": _format_url("search_atom", params.with_sort(Sort.NEWEST)),
            "nothing": nothing,
            "nearest": _in_order(nearest, cards),
            "canonical": f"{settings.SITE_URL}{request.path}?{params.to_query()}".rstrip("?"),
        },
        cacheable=not is_explained,
        site=site,
    )


def _may_ask_why(request: HttpRequest) -> bool:
    """Say whether staff ask how results are ranked; the session of nobody else is looked at."""
    return request.GET.get("explain") == "1" and bool(
        request.user.is_staff and request.user.has_perm("publications.view_publication")
    )


def _in_order(ids: Iterable[int], cards: Mapping[int, Any]) -> list[Any]:
    return [cards[pk] for pk in ids if pk in cards]


def _words(params: SearchParams, finding: Finding) -> str:
    """Return what was looked for, in words; nothing for a list of everything."""
    query = finding.query
    is_asked = query.groups or query.excluded or query.fields
    return Truncator(finding.correction or params.q).chars(MOST_WORDS) if is_asked else ""


def _problems(finding: Finding) -> list[str]:
    """Say in sentences what could not be used, and what names nothing."""
    unknown = [_unknown(field, text) for field, text in finding.unknown]
    return [finding.query.problem, *unknown] if finding.query.problem else unknown


def _unknown(field: str, text: str) -> str:
    sentences = {
        "kind": _("There is no kind of publication called “%(text)s”."),
        "author": _("No author is called “%(text)s”."),
        "topic": _("There is no topic called “%(text)s”."),
        "region": _("There is no region called “%(text)s”."),
        "tag": _("There is no topic or region called “%(text)s”."),
        "outlet": _("No outlet is called “%(text)s”."),
        "series": _("There is no series called “%(text)s”."),
        "lang": _("We know of no language called “%(text)s”."),
        "year": _("“%(text)s” is not a year."),
        "filetype": _("Only files of the type “pdf” can be looked for, not “%(text)s”."),
    }
    return sentences[field] % {"text": text}


def _page(params: SearchParams, found: Found) -> Page:
    """Number the pages of what was found; a page beyond the last is missing."""
    number, pages = params.page, max(1, -(-found.reachable // settings.PAGE_SIZE))
    if number > pages:
        raise Http404(
            ngettext("This list has %(pages)d page.", "This list has %(pages)d pages.", pages)
            % {"pages": pages}
        )

    def url(number: int) -> str:
        return address(params.with_page(number))

    return Page(
        items=found.ids,
        number=number,
        pages=pages,
        total=found.total,
        numbers=page_links(number, pages, url),
        previous_url=url(number - 1) if number > 1 else None,
        next_url=url(number + 1) if number < pages else None,
    )


def _sorts(params: SearchParams, finding: Finding) -> list[SortLink]:
    """List the orders; without words nothing is relevant, and the newest come first."""
    orders = list(SORTS) if finding.query.groups else [Sort.NEWEST, Sort.OLDEST]
    current = params.sort if params.sort in orders else orders[0]
    return [
        SortLink(str(SORTS[sort]), address(params.with_sort(sort)), sort == current)
        for sort in orders
    ]


def _formats(params: SearchParams) -> list[FormatLink]:
    return [FormatLink(label, _format_url(name, params)) for label, name in FORMATS.items()]


def _format_url(name: str, params: SearchParams) -> str:
    query = params.with_page(1).to_query()
    return reverse(f"publications:{name}") + (f"?{query}" if query else "")
