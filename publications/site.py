"""What stands around every page: the institute's facts, its pages, its kinds, the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kei_site.common.addresses import path_to
from publications.models import Menu, SiteSettings
from publications.search.documents import ALL
from publications.states import Status


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


# Read with every page, so in one statement, and not one that Django composes anew each time.
EVERYTHING = """
SELECT
    name, native_name, tagline, description, logo, address, email, disclosure,
    -- What the index counts, without what is still to come: it costs the same in every library.
    coalesce(
        (SELECT documents FROM publications_searchcount WHERE lexeme = %(all)s), 0
    ) - (SELECT count(*) FROM publications_searchdocument WHERE public_from > %(now)s),
    ARRAY(
        SELECT json_build_object('label', kind.plural, 'slug', kind.slug)
        FROM publications_kind AS kind
        WHERE EXISTS (
            SELECT FROM publications_publication
            WHERE kind_id = kind.id AND status = %(published)s AND published_at <= %(now)s
        )
        ORDER BY kind.position, kind.name
    ),
    ARRAY(
        SELECT json_build_object(
            'label', title, 'slug', slug, 'language', language, 'menu', menu
        )
        FROM publications_page WHERE is_public ORDER BY position, title
    ),
    ARRAY(
        SELECT json_build_object('label', label, 'url', url)
        FROM publications_sociallink ORDER BY position, id
    )
FROM publications_sitesettings
"""


def read_site(at: datetime | None = None) -> Site:
    """Read all of it in one query, as of now or the moment `at`.

    A new site gets its row of settings here.
    """
    now = at or timezone.now()
    row = _row(now)
    if row is None:
        SiteSettings.objects.get_or_create(pk=1)
        row = _row(now)
    name, native_name, tagline, description, logo, address, email, disclosure, *rest = row
    total, kinds, pages, social = rest
    return Site(
        name=name,
        native_name=native_name,
        tagline=tagline,
        description=description,
        logo=reverse("publications:logo", args=[PurePath(logo).name]) if logo else "",
        address=address,
        email=email,
        disclosure=disclosure,
        social=[Link(each["label"], each["url"]) for each in social],
        header_pages=[_named(each) for each in pages if each["menu"] == Menu.HEADER],
        footer_pages=[_named(each) for each in pages if each["menu"] == Menu.FOOTER],
        kinds=[_named(each) for each in kinds],
        total=total,
    )


def _row(now: datetime) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            EVERYTHING,
            {"published": Status.PUBLISHED.value, "now": now, "all": ALL},
        )
        return cursor.fetchone()


def _named(row: dict[str, str]) -> Link:
    """Link to what lives at /<slug>/."""
    address = path_to("publications:named", row["slug"])
    return Link(row["label"], address, row.get("language", ""))
