"""Lists of publications: all of them, and those of one kind, author, outlet, tag, series, year."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kei_site.common.pagination import page_number, paginate
from publications.feeds import FeedLinks, feed_links
from publications.models import Author, Kind, Outlet, Page, Publication, Series, Tag
from publications.prose import dress
from publications.views.moments import is_as_of, moment_of
from publications.views.pages import letting_frames_in, numbered, render_page


def all_publications(request: HttpRequest) -> HttpResponse:
    """List everything, the newest first."""
    return _work_list(request, _published(request), heading=_("All publications"), list_kind="all")


def named(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what lives at /<slug>/: the list of a kind, or a simple page."""
    kind = Kind.objects.filter(slug=slug).first()
    if kind is None:
        page = get_object_or_404(Page, slug=slug, is_public=True)
        prose = dress(page.body)
        response = render_page(
            request, "publications/page.html", {"page_object": page, "prose": prose}
        )
        return letting_frames_in(response, prose.frame_hosts)
    return _work_list(
        request,
        _published(request).filter(kind=kind),
        heading=kind.plural,
        list_kind="kind",
        thing=kind,
        feed=feed_links("kinds", kind.slug, kind.plural),
    )


def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author and the works in whose byline the name stands."""
    person = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    return _work_list(
        request,
        _published(request).by_author(person),
        heading=person.display_name,
        intro=person.biography,
        list_kind="author",
        thing=person,
        feed=feed_links("authors", person.slug, person.display_name),
        template="publications/author.html",
    )


def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    """List the works that first ran in an outlet."""
    place = get_object_or_404(Outlet, slug=slug)
    return _work_list(
        request,
        _published(request).filter(outlet=place),
        heading=place.name,
        list_kind="outlet",
        thing=place,
        feed=feed_links("outlets", place.slug, place.name),
    )


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List the works that carry a tag."""
    topic = get_object_or_404(Tag, slug=slug)
    return _work_list(
        request,
        _published(request).tagged(topic),
        heading=topic.name,
        list_kind="tag",
        thing=topic,
        feed=feed_links("tags", topic.slug, topic.name),
    )


def series(request: HttpRequest, slug: str) -> HttpResponse:
    """List the works of a series, the newest first."""
    run = get_object_or_404(Series, slug=slug)
    return _work_list(
        request,
        _published(request).filter(series=run),
        heading=run.title,
        intro=run.description,
        list_kind="series",
        thing=run,
        feed=feed_links("series", run.slug, run.title),
    )


def year(request: HttpRequest, year: int) -> HttpResponse:
    """List the works of a calendar year."""
    if not 1 < year < 9999:  # what a date can hold, with room for the time zone
        raise Http404(_("There is no such year."))
    return _work_list(
        request,
        _published(request).of_year(year),
        heading=str(year),
        list_kind="year",
        feed=feed_links("years", str(year), str(year)),
        empty_is_missing=True,
    )


def _published(request: HttpRequest) -> Any:
    return Publication.objects.published(moment_of(request)).newest_first()


def _work_list(
    request: HttpRequest,
    works: QuerySet[Any],
    *,
    heading: str,
    list_kind: str,
    intro: str = "",
    thing: Any = None,
    feed: FeedLinks | None = None,
    template: str = "publications/work_list.html",
    empty_is_missing: bool = False,
) -> HttpResponse:
    total = works.count()
    if empty_is_missing and not total:
        raise Http404(_("Nothing was published then."))
    page = paginate(
        works,
        page_number(request.GET.get("page", "")),
        total=total,
        url=numbered(request),
        load=lambda rows: rows.with_cards(),
    )
    return render_page(
        request,
        template,
        {
            "heading": heading,
            "intro": intro,
            "list_kind": list_kind,
            "object": thing,
            "page": page,
        },
        cacheable=not is_as_of(request),
        feeds=[feed] if feed else (),
    )
