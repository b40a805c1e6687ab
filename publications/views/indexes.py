"""Indexes of what publications are listed by: authors, outlets, tags, series, years."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kei_site.common.pagination import Page, page_number, paginate
from publications.models import Author, Outlet, Publication, Series, Tag, TagGroup
from publications.views.pages import numbered, render_page

INDEX_PAGE = 120
TAG_GROUPS = {
    TagGroup.TOPIC: _("Topics"),
    TagGroup.REGION: _("Regions"),
    TagGroup.PERSON: _("People"),
    TagGroup.PROGRAM: _("Programs"),
}


def authors(request: HttpRequest) -> HttpResponse:
    """List the authors of published works from A to Z, by family name."""
    page = _index(request, Author.objects.order_by("sort_name", "pk"), "publications")
    groups = _grouped(page, lambda each: each.sort_name[:1])
    return render_page(request, "publications/authors.html", {"page": page, "groups": groups})


def outlets(request: HttpRequest) -> HttpResponse:
    """List the outlets by name."""
    page = _index(request, Outlet.objects.order_by("name", "pk"), "publications")
    return render_page(request, "publications/outlets.html", {"page": page})


def tags(request: HttpRequest) -> HttpResponse:
    """List the tags by group and name."""
    group = Case(*(When(group=each, then=place) for place, each in enumerate(TAG_GROUPS)))
    page = _index(request, Tag.objects.order_by(group, "name", "pk"), "taggings__content_object")
    groups = _grouped(page, lambda each: str(TAG_GROUPS[TagGroup(each.group)]))
    return render_page(request, "publications/tags.html", {"page": page, "groups": groups})


def series_index(request: HttpRequest) -> HttpResponse:
    """List the series by title."""
    page = _index(request, Series.objects.order_by("title", "pk"), "publications")
    return render_page(request, "publications/series_index.html", {"page": page})


def archive(request: HttpRequest) -> HttpResponse:
    """List the years with the number of works in each."""
    years = (
        Publication.objects.published()
        .order_by()
        .annotate(year=ExtractYear("published_at"))
        .values("year")
        .annotate(works=Count("pk"))
        .order_by("-year")
        .values_list("year", "works")
    )
    rows = [(year, reverse("publications:year", args=[year]), works) for year, works in years]
    return render_page(request, "publications/archive.html", {"years": rows})


def _index(request: HttpRequest, things: QuerySet[Any], path: str) -> Page:
    """Page through the `things` that have published works at `path`, and count these works."""
    published = Q(**{f"{path}__in": Publication.objects.published()})
    used = things.filter(Exists(things.model.objects.filter(published, pk=OuterRef("pk"))))
    return paginate(
        used,
        page_number(request.GET.get("page", "")),
        total=used.count(),
        url=numbered(request),
        # One pass over what is shown: a count for each row would walk all works each time.
        load=lambda rows: rows.annotate(works=Count(path, filter=published, distinct=True)),
        size=INDEX_PAGE,
    )


def _grouped(page: Page, key: Callable[[Any], str]) -> list[tuple[str, list[Any]]]:
    return [(label, list(things)) for label, things in groupby(page.items, key)]
