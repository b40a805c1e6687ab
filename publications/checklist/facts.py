"""All that the checks ask of a work, read in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from kei_site.common.html import to_text
from publications.hyperlinks import Heading, Markup, Picture, checkable, own_path, read_markup
from publications.models import (
    Attachment,
    AttachmentPage,
    Contribution,
    LinkCheck,
    Publication,
    SiteSettings,
    Tagging,
)
from publications.models.link_checks import GONE
from publications.own_pages import missing, unseen


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """A work as the checks see it; they know no database."""

    title: str
    standfirst: str
    text: str
    language: str
    links: tuple[str, ...]
    pictures: tuple[Picture, ...]
    headings: tuple[Heading, ...]
    lead_picture: Picture | None
    has_author: bool
    has_tag: bool
    has_file: bool
    outlet: str
    outlet_url: str
    outlet_date: date | None
    published_on: date | None
    review_by: date | None
    # Names of PDF files in which nothing can be searched.
    files_without_text: tuple[str, ...]
    # Own addresses of the text: those with nothing behind them, and those not public yet.
    dead_links: tuple[str, ...]
    unpublished_links: tuple[str, ...]
    broken_links: tuple[str, ...]
    disclosure: str
    today: date


def facts_of(work: Publication) -> WorkFacts:
    """Read what belongs to a saved work; its own fields are taken as they are in memory."""
    markup = read_markup(work.body)
    parts = _parts(work)
    dead, unpublished = _own_links(work, markup)
    picture = work.lead_image
    return WorkFacts(
        title=work.title,
        standfirst=work.standfirst.strip(),
        text=to_text(work.body),
        language=work.language,
        links=markup.links,
        pictures=markup.pictures,
        headings=markup.headings,
        lead_picture=Picture(picture.file_name, picture.alt) if picture else None,
        has_author=parts["has_author"],
        has_tag=parts["has_tag"],
        has_file=parts["has_file"],
        outlet=work.outlet.name if work.outlet else "",
        outlet_url=work.outlet_url,
        outlet_date=work.outlet_date,
        published_on=timezone.localdate(work.published_at) if work.published_at else None,
        review_by=work.review_by,
        files_without_text=tuple(name.rpartition("/")[2] for name in parts["mute_files"]),
        dead_links=dead,
        unpublished_links=unpublished,
        broken_links=_broken(markup.links),
        disclosure=parts["disclosure"].strip(),
        today=timezone.localdate(),
    )


def _parts(work: Publication) -> dict[str, Any]:
    """Ask in one statement for what is only counted or named."""
    files = Attachment.objects.filter(publication=OuterRef("pk"))
    readable = AttachmentPage.objects.filter(attachment=OuterRef("pk"), text__regex=r"\S")
    mute = files.filter(Q(file__iendswith=".pdf"), ~Exists(readable)).order_by("position", "pk")
    site = SiteSettings.objects.filter(pk=1).values("disclosure")
    found: dict[str, Any] = (
        Publication.objects.filter(pk=work.pk)
        .annotate(
            has_author=Exists(Contribution.objects.filter(publication=OuterRef("pk"))),
            has_tag=Exists(Tagging.objects.filter(content_object=OuterRef("pk"))),
            has_file=Exists(files),
            mute_files=ArraySubquery(mute.values("file")),
            disclosure=Coalesce(Subquery(site), Value(""), output_field=TextField()),
        )
        .order_by()
        .values("has_author", "has_tag", "has_file", "mute_files", "disclosure")
        .get()
    )
    return found


def _own_links(work: Publication, markup: Markup) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the own addresses in a text that lead nowhere, and those that do not yet."""
    addresses = dict.fromkeys([*markup.links, *(each.src for each in markup.pictures)])
    own = work.get_absolute_url()
    paths = [path for each in addresses if (path := own_path(each)) and path != own]
    lost = missing(paths)
    to_come = unseen(lost)
    return (
        tuple(path for path in lost if path not in to_come),
        tuple(path for path in lost if path in to_come),
    )


def _broken(links: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses elsewhere that the checker of links knows to be gone."""
    wanted = {url for each in links if (url := checkable(each)) and not url.startswith("/")}
    if not wanted:
        return ()
    known = LinkCheck.objects.filter(url__in=wanted, status__in=GONE, ignored=False)
    return tuple(known.order_by("url").values_list("url", flat=True))
