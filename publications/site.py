"""What stands around every page: the institute's facts, its pages, its kinds, the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from publications.models import Kind, Menu, Page, Publication, SiteSettings, SocialLink


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads."""

    label: str
    url: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The institute as every page shows it."""

    name: str
    native_name: str
    tagline: str
    description: str
    logo: str
    address: str
    email: str
    disclosure: str
    social: Sequence[Link]
    header_pages: Sequence[Link]
    footer_pages: Sequence[Link]
    kinds: Sequence[Link]
    total: int


def read_site() -> Site:
    """Read all of it in one query."""
    row = _settings_row()
    pages = [(each["menu"], _page_link(each)) for each in row.page_rows]
    return Site(
        name=row.name,
        native_name=row.native_name,
        tagline=row.tagline,
        description=row.description,
        logo=reverse("publications:logo", args=[row.logo.name.rpartition("/")[2]])
        if row.logo
        else "",
        address=row.address,
        email=row.email,
        disclosure=row.disclosure,
        social=[Link(each["label"], each["url"]) for each in row.social_rows],
        header_pages=[link for menu, link in pages if menu == Menu.HEADER],
        footer_pages=[link for menu, link in pages if menu == Menu.FOOTER],
        kinds=[
            Link(each["plural"], reverse("publications:named", args=[each["slug"]]))
            for each in row.kind_rows
        ],
        total=row.total,
    )


def _settings_row() -> Any:
    """Read the row of settings with all the rest beside it; a new site gets its row here."""
    total = Publication.objects.published().order_by().annotate(n=Func("pk", function="COUNT"))
    used_kinds = Kind.objects.filter(
        Exists(Publication.objects.published().filter(kind=OuterRef("pk")))
    )
    linked_pages = Page.objects.filter(is_public=True).exclude(menu=Menu.NONE)
    links = SocialLink.objects.filter(site=OuterRef("pk"))
    rows = SiteSettings.objects.annotate(
        total=Subquery(total.values("n"), output_field=IntegerField()),
        kind_rows=ArraySubquery(used_kinds.values(row=JSONObject(plural="plural", slug="slug"))),
        page_rows=ArraySubquery(
            linked_pages.values(
                row=JSONObject(title="title", slug="slug", menu="menu", language="language")
            )
        ),
        social_rows=ArraySubquery(links.values(row=JSONObject(label="label", url="url"))),
    )
    row = rows.first()
    if row is None:
        SiteSettings.objects.get_or_create(pk=1)
        row = rows.get()
    return row


def _page_link(row: dict[str, str]) -> Link:
    return Link(row["title"], reverse("publications:named", args=[row["slug"]]), row["language"])
