"""The results of a search for programs: Atom, JSON, RIS and BibTeX, in the order of the page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kei_site.common.html import to_text
from publications.citations import (
    CitationRecord,
    SiteFacts,
    bibtex,
    citation_record,
    read_site_facts,
    ris,
)
from publications.feeds.items import feed_item, xml_text
from publications.feeds.results import ResultsAtom
from publications.models import Publication
from publications.prose import pictures_in
from publications.search.finding import Finding, find
from publications.search.params import SearchParams
from publications.search.snippets import passage
from publications.views.pages import FOR_READERS


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results, with all that any format says about them."""

    params: SearchParams
    finding: Finding
    site: SiteFacts
    works: Sequence[tuple[Publication, CitationRecord]]

    def url(self, name: str) -> str:
        """Return the whole address of these results in the form of this name."""
        return self._url(name, self.params.page)

    def next_url(self, name: str) -> str:
        """Return the address of the page after this one; empty for the last."""
        shown = self.params.page * settings.PAGE_SIZE
        is_last = shown >= self.finding.found.reachable
        return "" if is_last else self._url(name, self.params.page + 1)

    def previous_url(self, name: str) -> str:
        """Return the address of the page before this one; empty for the first."""
        return "" if self.params.page == 1 else self._url(name, self.params.page - 1)

    def _url(self, name: str, page: int) -> str:
        query = self.params.with_page(page).to_query()
        path = reverse(f"publications:{name}")
        return self.site.absolute(f"{path}?{query}" if query else path)


def atom_feed(request: HttpRequest) -> HttpResponse:
    """Send the results as a feed: a saved search that reports what is new."""
    results = _results(request)
    name, site = "search_atom", results.site
    words = results.finding.correction or results.params.q
    title = _("%(site)s: search for “%(words)s”") if words else _("%(site)s: all publications")
    feed = ResultsAtom(
        title=xml_text(title % {"site": site.name, "words": words}),
        link=results.url("search"),
        description="",
        language=settings.LANGUAGE_CODE,
        feed_url=results.url(name),
        author_name=xml_text(site.name),
        author_link=site.absolute("/"),
        total=results.finding.found.total,
        start=(results.params.page - 1) * settings.PAGE_SIZE + 1,
        size=settings.PAGE_SIZE,
        next_url=results.next_url(name),
        previous_url=results.previous_url(name),
    )
    pictures = pictures_in(work.body for work, _record in results.works)
    for work, record in results.works:
        feed.add_item(**feed_item(work, record, pictures))
    return _sent(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type))


def json_file(request: HttpRequest) -> HttpResponse:
    """Send the results as JSON."""
    results = _results(request)
    name, found = "search_json", results.finding.found
    links = {
        "self": results.url(name),
        "page": results.url("search"),
        "next": results.next_url(name),
        "previous": results.previous_url(name),
    }
    answer = {
        "query": results.params.q,
        "correction": results.finding.correction,
        "total": found.total,
        "full": found.full,
        "is_estimate": found.is_estimate,
        "links": {relation: url for relation, url in links.items() if url},
        "items": [_item(work, record, results.finding) for work, record in results.works],
    }
    return _sent(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))


def ris_file(request: HttpRequest) -> HttpResponse:
    """Send the results as RIS."""
    text = "".join(ris(record) for _work, record in _results(request).works)
    return _download(text, "application/x-research-info-systems", "ris")


def bibtex_file(request: HttpRequest) -> HttpResponse:
    """Send the results as BibTeX."""
    entries = _told_apart(bibtex(record) for _work, record in _results(request).works)
    return _download("\n".join(entries), "application/x-bibtex", "bib")


def _results(request: HttpRequest) -> Results:
    """Find what the page of the same address shows."""
    params = SearchParams.from_query(request.GET)
    now = timezone.now()
    finding = find(params, limit=settings.PAGE_SIZE, now=now)
    ids = finding.found.ids
    if not ids and params.page > 1:
        raise Http404(_("The results have fewer pages."))
    works: dict[int, Any] = Publication.objects.published(now).with_detail().in_bulk(ids)
    site = read_site_facts()
    found = [works[pk] for pk in ids if pk in works]
    return Results(params, finding, site, [(work, citation_record(work, site)) for work in found])


def _item(work: Publication, record: CitationRecord, finding: Finding) -> dict[str, Any]:
    return {
        "title": record.title,
        "url": record.url,
        "date": record.published.isoformat() if record.published else "",
        "kind": record.kind,
        "authors": [name.display for name in record.creators],
        "outlet": record.outlet,
        "language": record.language,
        "fragment": to_text(passage(work, finding.query)) or record.description,
    }


def _told_apart(entries: Iterable[str]) -> Iterator[str]:
    """Give entries whose keys are equal keys of their own: kim2024rethink, kim2024rethink-2."""
    times: Counter[str] = Counter()
    for entry in entries:
        key = entry[entry.index("{") + 1 : entry.index(",")]
        times[key] += 1
        own = f"{key}-{times[key]}" if times[key] > 1 else key
        yield entry.replace(key, own, 1)


def _download(text: str, content_type: str, extension: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="search-results.{extension}"'
    return _sent(response)


def _sent(response: HttpResponse) -> HttpResponse:
    """Let caches keep it as they keep the page, and search engines leave it out."""
    response["Cache-Control"] = FOR_READERS
    response["X-Robots-Tag"] = "noindex"
    return response
