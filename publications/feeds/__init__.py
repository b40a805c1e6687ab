"""RSS and Atom for every list: its newest works with all their authors and their text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import re_path, reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from publications.citations import citation_record, read_site_facts
from publications.feeds.formats import FORMATS, NEVER
from publications.feeds.items import feed_item, xml_text
from publications.models import (
    Author,
    Kind,
    Outlet,
    Publication,
    PublicationQuerySet,
    Series,
    Tag,
)
from publications.prose import pictures_in

NEWEST = 50
EVERYTHING = "publications"


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The two feeds of one list, for the head of its page."""

    title: str
    rss: str
    atom: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: what it is called, where its page is, what is on it."""

    title: str
    path: str
    works: PublicationQuerySet


def feed_links(list_name: str = EVERYTHING, slug: str = "", title: str = "") -> FeedLinks:
    """Return the whole addresses of a list's feeds, by default of all publications."""
    rss, atom = (_feed_url(list_name, slug, extension) for extension in FORMATS)
    return FeedLinks(title or _("All publications"), rss, atom)


def everything(request: HttpRequest, extension: str) -> HttpResponse:
    """Send the feed of all publications."""
    listed = Listed("", reverse("publications:publications"), _published())
    return _respond(listed, EVERYTHING, "", extension)


def one_list(request: HttpRequest, list_name: str, slug: str, extension: str) -> HttpResponse:
    """Send the feed of one kind, author, outlet, tag, series or year."""
    return _respond(LISTS[list_name](slug), list_name, slug, extension)


def _kind(slug: str) -> Listed:
    kind = get_object_or_404(Kind, slug=slug)
    return Listed(kind.plural, kind.get_absolute_url(), _published().filter(kind=kind))


def _author(slug: str) -> Listed:
    author = get_object_or_404(Author, slug=slug)
    works = _published().by_author(author)
    return Listed(author.display_name, author.get_absolute_url(), works)


def _outlet(slug: str) -> Listed:
    outlet = get_object_or_404(Outlet, slug=slug)
    return Listed(outlet.name, outlet.get_absolute_url(), _published().filter(outlet=outlet))


def _tag(slug: str) -> Listed:
    tag = get_object_or_404(Tag, slug=slug)
    return Listed(tag.name, tag.get_absolute_url(), _published().tagged(tag))


def _series(slug: str) -> Listed:
    series = get_object_or_404(Series, slug=slug)
    return Listed(series.title, series.get_absolute_url(), _published().filter(series=series))


def _year(slug: str) -> Listed:
    """Return the works of a year; what is no year has no address to be linked from either."""
    if not re.fullmatch(r"[1-9][0-9]{3}", slug) or slug == "9999":
        raise Http404(_("There is no such year."))
    works = _published().of_year(int(slug))
    if not works.exists():
        raise Http404(_("Nothing was published then."))
    return Listed(slug, reverse("publications:year", args=[int(slug)]), works)


LISTS: dict[str, Callable[[str], Listed]] = {
    "kinds": _kind,
    "authors": _author,
    "outlets": _outlet,
    "tags": _tag,
    "series": _series,
    "years": _year,
}


def _respond(listed: Listed, list_name: str, slug: str, extension: str) -> HttpResponse:
    site = read_site_facts()
    works = list(listed.works.newest_first().with_detail()[:NEWEST])
    feed = FORMATS[extension](
        title=xml_text(f"{site.name}: {listed.title}" if listed.title else site.name),
        link=site.absolute(listed.path),
        description=xml_text(_("The newest publications of %(site)s.") % {"site": site.name}),
        language=settings.LANGUAGE_CODE,
        feed_url=_feed_url(list_name, slug, extension),
        # An entry without a name of its own has the institute for its author.
        author_name=xml_text(site.name),
        author_link=site.absolute("/"),
    )
    pictures = pictures_in(work.body for work in works)
    for work in works:
        feed.add_item(**feed_item(work, citation_record(work, site), pictures))
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=feed.content_type,
        headers={
            "Cache-Control": "public, no-cache",
            "Last-Modified": http_date(_last_modified(works).timestamp()),
        },
    )


def _last_modified(works: Sequence[Publication]) -> datetime:
    """Return when a feed of these works may have changed last.

    Any edit counts, since a work that was withdrawn is not among `works` any more;
    so does the moment at which a scheduled work came due.
    """
    edited = Publication.objects.aggregate(last=Max("updated_at"))["last"] or NEVER
    due = (work.published_at for work in works if work.published_at)
    return max([edited, *due, *_full_texts(works)])


def _full_texts(works: Sequence[Publication]) -> list[datetime]:
    """Return when excerpts among `works` became full texts."""
    return [
        timezone.make_aware(datetime.combine(work.full_text_from, time.min))
        for work in works
        if work.full_text_from and work.shows_full_text
    ]


def _published() -> Any:
    return Publication.objects.published()


def _feed_url(list_name: str, slug: str, extension: str) -> str:
    if list_name == EVERYTHING:
        address = reverse("publications:feed", args=[extension])
    else:
        address = reverse("publications:list_feed", args=[list_name, slug, extension])
    return f"{settings.SITE_URL}{address}"


urlpatterns = [
    re_path(rf"^{EVERYTHING}\.(?P<extension>rss|atom)$", everything, name="feed"),
    re_path(
        rf"^(?P<list_name>{'|'.join(LISTS)})/(?P<slug>[^/\x00]+)\.(?P<extension>rss|atom)$",
        one_list,
        name="list_feed",
    ),
]
