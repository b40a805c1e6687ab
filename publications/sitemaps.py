"""The sitemap for search engines, in files by ranges of ids, and robots.txt.

A range of ids never moves: a new work changes the last file only, and no file
costs more than another, however large the site grows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, ExtractYear, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path, reverse

from publications.models import Author, Kind, Outlet, Page, Publication, Series, Tag
from publications.translations import Translation, families

# The protocol allows 50,000 addresses and 50 MB a file (sitemaps.org).
PER_FILE = 10_000
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
NONE: Mapping[str, Sequence[Translation]] = {}
THIS = OuterRef("pk")
UNDATED = Cast(Value(None), DateTimeField())
FRONT_PAGES = ("home", "publications", "authors", "outlets", "tags", "series_index", "archive")


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one sort: the address of each, and which of them readers can see."""

    view: str
    public: Callable[[], QuerySet[Any]]
    changed: Any = UNDATED


def _works() -> Any:
    return Publication.objects.published()


SECTIONS = {
    "publications": Section("publication", _works, Greatest("updated_at", "published_at")),
    "authors": Section(
        "author", lambda: Author.objects.filter(Exists(_works().filter(contributions__author=THIS)))
    ),
    "outlets": Section(
        "outlet", lambda: Outlet.objects.filter(Exists(_works().filter(outlet=THIS)))
    ),
    "tags": Section("tag", lambda: Tag.objects.filter(Exists(_works().filter(taggings__tag=THIS)))),
    "series": Section(
        "series", lambda: Series.objects.filter(Exists(_works().filter(series=THIS)))
    ),
    "kinds": Section("named", lambda: Kind.objects.filter(Exists(_works().filter(kind=THIS)))),
    "pages": Section("named", lambda: Page.objects.filter(is_public=True), F("updated_at")),
}


def index(request: HttpRequest) -> HttpResponse:
    """List the files of the sitemap, each with its last change where that is known."""
    files = [("main", None), ("years", None)]
    for name, section in SECTIONS.items():
        rows = (
            section.public()
            .order_by()
            .annotate(file=(F("pk") - 1) / PER_FILE + 1)
            .values("file")
            .annotate(last=Max(section.changed))
            .order_by("file")
        )
        files += [(f"{name}-{row['file']}", row["last"]) for row in rows]
    return _xml(
        "sitemapindex",
        "sitemap",
        ((reverse("publications:sitemap_file", args=[name]), last) for name, last in files),
    )


def one_file(request: HttpRequest, name: str) -> HttpResponse:
    """Send one file of the sitemap."""
    if name == "main":
        return _urlset((reverse(f"publications:{page}"), None) for page in FRONT_PAGES)
    if name == "years":
        return _urlset((reverse("publications:year", args=[year]), None) for year in _years())
    section, _, number = name.partition("-")
    entries = _entries(SECTIONS[section], int(number))
    if section != "publications":
        return _urlset(entries)
    last = int(number) * PER_FILE
    return _urlset(entries, families(last - PER_FILE + 1, last))


def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone and where the sitemap is."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('publications:search')}",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('publications:sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _entries(section: Section, number: int) -> list[tuple[str, datetime | None]]:
    """Return the addresses of the things with ids of this file."""
    rows = (
        section.public()
        .filter(pk__gt=(number - 1) * PER_FILE, pk__lte=number * PER_FILE)
        .order_by("pk")
        .values_list("slug", section.changed)
    )
    # Asking the resolver ten thousand times would take most of a second.
    start = reverse(f"publications:{section.view}", args=["-"]).removesuffix("-/")
    entries = [(f"{start}{quote(slug)}/", changed) for slug, changed in rows]
    if not entries:
        raise Http404
    return entries


def _years() -> list[int]:
    years = _works().order_by().annotate(year=ExtractYear("published_at"))
    return list(years.values_list("year", flat=True).distinct().order_by("year"))


def _urlset(
    entries: Iterable[tuple[str, datetime | None]],
    languages: Mapping[str, Sequence[Translation]] = NONE,
) -> HttpResponse:
    return _xml("urlset", "url", entries, languages)


def _xml(
    root: str,
    element: str,
    entries: Iterable[tuple[str, datetime | None]],
    languages: Mapping[str, Sequence[Translation]] = NONE,
) -> HttpResponse:
    site = settings.SITE_URL
    lines = [
        f"<{element}><loc>{escape(site + address)}</loc>{_lastmod(changed)}"
        f"{_alternates(languages.get(address, ()))}</{element}>"
        for address, changed in entries
    ]
    text = "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<{root} xmlns="{XMLNS}"{XHTML if languages else ""}>',
            *lines,
            f"</{root}>\n",
        ]
    )
    return HttpResponse(
        text,
        content_type="application/xml; charset=utf-8",
        # The file itself is not to be found by searching.
        headers={"Cache-Control": "public, no-cache", "X-Robots-Tag": "noindex"},
    )


def _alternates(family: Iterable[Translation]) -> str:
    """Write where the same work stands in each language, as search engines ask for it."""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{each.language}" href="{escape(each.url)}"/>'
        for each in family
    )


def _lastmod(changed: datetime | None) -> str:
    if changed is None:
        return ""
    return f"<lastmod>{changed.astimezone(UTC).replace(microsecond=0).isoformat()}</lastmod>"


urlpatterns = [
    path("sitemap.xml", index, name="sitemap"),
    re_path(
        # Seven digits of files are more than there will be ids.
        rf"^sitemap-(?P<name>main|years|(?:{'|'.join(SECTIONS)})-[1-9][0-9]{{0,6}})\.xml$",
        one_file,
        name="sitemap_file",
    ),
    path("robots.txt", robots, name="robots"),
]
