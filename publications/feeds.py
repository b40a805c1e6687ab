"""RSS and Atom for every list: its newest works with all their authors and their text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import nh3
from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import re_path, reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from kei_site.common.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, URL_SCHEMES
from publications.citations import CitationRecord, SiteFacts, citation_record, read_site_facts
from publications.models import Author, Kind, Outlet, Publication, Series, Tag
from publications.reading import opening

NEWEST = 50
EVERYTHING = "publications"
# What PostgreSQL stores as text and XML 1.0 does not allow.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A feed needs a date even when its list is empty, and the same one every time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


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
    works: QuerySet[Any]


def feed_links(list_name: str = EVERYTHING, slug: str = "", title: str = "") -> FeedLinks:
    """Return the whole addresses of a list's feeds, by default of all publications."""
    rss, atom = (_feed_url(list_name, slug, extension) for extension in FORMATS)
    return FeedLinks(title or _("All publications"), rss, atom)


def everything(request: HttpRequest, extension: str) -> HttpResponse:
    """Send the feed of all publications."""
    listed = Listed("", reverse("publications:publications"), Publication.objects.published())
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


class Rss(Rss201rev2Feed):
    """RSS 2.0 that credits every author and carries the text beside the summary."""

    def rss_attributes(self) -> dict[str, str]:
        """Declare the namespaces of authors and text."""
        return {
            **super().rss_attributes(),
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add what the base class does not know."""
        super().add_item_elements(handler, item)
        for name, _url in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        for name, _url in item["contributors"]:
            handler.addQuickElement("dc:contributor", name)
        handler.addQuickElement("content:encoded", item["content"])

    def latest_post_date(self) -> datetime:
        """Return a date that only a change of the feed changes."""
        return _latest(self.items)


class Atom(Atom1Feed):
    """Atom (RFC 4287) that credits every author and carries the text beside the summary."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Say in which language the work is."""
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add what the base class does not know."""
        super().add_item_elements(handler, item)
        for element in ("author", "contributor"):
            for name, url in item[f"{element}s" if element == "contributor" else "creators"]:
                handler.startElement(element, {})
                handler.addQuickElement("name", name)
                handler.addQuickElement("uri", url)
                handler.endElement(element)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        """Return a date that only a change of the feed changes."""
        return _latest(self.items)


FORMATS: dict[str, type[Rss | Atom]] = {"rss": Rss, "atom": Atom}


def _respond(listed: Listed, list_name: str, slug: str, extension: str) -> HttpResponse:
    site = read_site_facts()
    works = list(listed.works.newest_first().with_detail()[:NEWEST])
    feed = FORMATS[extension](
        title=_xml(f"{site.name}: {listed.title}" if listed.title else site.name),
        link=site.absolute(listed.path),
        description=_xml(_("The newest publications of %(site)s.") % {"site": site.name}),
        language=settings.LANGUAGE_CODE,
        feed_url=_feed_url(list_name, slug, extension),
        # An entry without a name of its own has the institute for its author.
        author_name=_xml(site.name),
        author_link=site.absolute("/"),
    )
    for work in works:
        feed.add_item(**_item(work, citation_record(work, site)))
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=feed.content_type,
        headers={
            "Cache-Control": "public, no-cache",
            "Last-Modified": http_date(_last_modified(works).timestamp()),
        },
    )


def _item(work: Publication, record: CitationRecord) -> dict[str, Any]:
    creators = record.creators
    return {
        "title": _xml(record.headline),
        "link": record.url,
        "unique_id": record.url,
        "unique_id_is_permalink": True,
        # Readers take a summary for HTML, so plain text is escaped.
        "description": escape(_xml(record.description)),
        "content": _xml(_content(work, record)),
        "pubdate": record.published,
        "updateddate": record.modified,
        "categories": [_xml(each) for each in (record.kind, *record.keywords)],
        "enclosures": _enclosures(record),
        "language": record.language,
        "creators": [(_xml(name.display), name.url) for name in creators],
        "contributors": [
            (_xml(name.display), name.url) for name in record.names if name not in creators
        ],
    }


def _content(work: Publication, record: CitationRecord) -> str:
    """Return as much of the text as the rights allow, with where it ran first."""
    full = work.shows_full_text
    text = work.body if full else opening(work.body)
    parts = [_first_published(record), _whole_links(text, record.url)]
    if record.description and not full:
        parts.insert(1, format_html("<p>{}</p>", record.description))
    if not full:
        label = _("Read the full text at %(outlet)s") % {"outlet": record.outlet}
        parts.append(format_html('<p><a href="{}">{}</a></p>', record.outlet_url, label))
    return "".join(parts)


def _first_published(record: CitationRecord) -> str:
    if not record.outlet or record.date is None:
        return ""
    note = _("This article was published in %(outlet)s on %(date)s.") % {
        "outlet": record.outlet,
        "date": date_format(record.date, "DATE_FORMAT"),
    }
    return format_html("<p>{}</p>", note)


def _whole_links(markup: str, page: str) -> str:
    """Make links and pictures of a sanitized text work away from its page."""
    return nh3.clean(
        markup,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        url_relative=("rewrite_with_base", page),
        link_rel="noopener",
    )


def _enclosures(record: CitationRecord) -> Sequence[Enclosure]:
    if record.pdf is None:
        return ()
    return (Enclosure(record.pdf.url, str(record.pdf.size), "application/pdf"),)


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


def _latest(items: Sequence[dict[str, Any]]) -> datetime:
    return max((item["updateddate"] for item in items), default=NEVER)


def _published() -> Any:
    return Publication.objects.published()


def _feed_url(list_name: str, slug: str, extension: str) -> str:
    if list_name == EVERYTHING:
        address = reverse("publications:feed", args=[extension])
    else:
        address = reverse("publications:list_feed", args=[list_name, slug, extension])
    return f"{settings.SITE_URL}{address}"


def _xml(text: str) -> str:
    return NOT_IN_XML.sub("", text)


urlpatterns = [
    re_path(rf"^{EVERYTHING}\.(?P<extension>rss|atom)$", everything, name="feed"),
    re_path(
        rf"^(?P<list_name>{'|'.join(LISTS)})/(?P<slug>[^/\x00]+)\.(?P<extension>rss|atom)$",
        one_list,
        name="list_feed",
    ),
]
