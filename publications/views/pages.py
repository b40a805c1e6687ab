"""How every page leaves the house: what stands around it, and how it may be kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csp import csp_override

from publications.feeds import FeedLinks, feed_links
from publications.site import Site, read_site
from publications.views.moments import moment_of

# Shared caches may keep a page but must ask whether it still holds: a scheduled
# work appears on the second, and asking costs a 304.
FOR_READERS = "public, no-cache"
FOR_ONE_PERSON = "private, no-store"


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    cacheable: bool = True,
    feeds: Sequence[FeedLinks] = (),
    site: Site | None = None,
) -> HttpResponse:
    """Render a public page with the masthead, the footer and the head around it.

    A view that needs the facts of the site itself reads them once and hands them on.
    """
    site = site or read_site(moment_of(request))
    response = render(
        request,
        template,
        {
            "site": site,
            "total": site.total,
            # What only some people see has no address to be found under.
            "canonical": canonical_url(request) if cacheable else "",
            "noindex": not cacheable,
            "feeds": [*feeds, feed_links()],
            **context,
        },
        status=status,
    )
    response["Cache-Control"] = FOR_READERS if cacheable else FOR_ONE_PERSON
    if not cacheable:
        response["X-Robots-Tag"] = "noindex"
    return response


def letting_frames_in(response: HttpResponse, hosts: Collection[str]) -> HttpResponse:
    """Let frames of these hosts, and of no others, into this one page."""
    if not hosts:
        return response
    policy: dict[str, Any] = settings.SECURE_CSP | {"frame-src": sorted(hosts)}
    return csp_override(policy)(lambda _request: response)(None)


def canonical_url(request: HttpRequest) -> str:
    """Return the one address of this page: no parameter but the page number and the words."""
    kept = {name: request.GET[name] for name in ("q", "sort", "page") if request.GET.get(name)}
    return f"{settings.SITE_URL}{request.path}{'?' + urlencode(kept) if kept else ''}"


def numbered(request: HttpRequest) -> Callable[[int], str]:
    """Return what turns the number of a page into the address of that page of this list."""

    def url(number: int) -> str:
        kept = {name: value for name, value in request.GET.items() if name in ("q", "sort")}
        if "at" in request.GET and hasattr(request, "as_of"):
            kept["at"] = request.GET["at"]
        if number > 1:
            kept["page"] = str(number)
        return f"{request.path}?{urlencode(kept)}" if kept else request.path

    return url
