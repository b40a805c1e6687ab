"""The home page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from publications.models import (
    Image,
    Kind,
    Publication,
    PublicationQuerySet,
    Spotlight,
    Tag,
    TagGroup,
)
from publications.views.moments import is_as_of, moment_of
from publications.views.pages import render_page

LATEST = 6
PER_KIND = 3
TOPICS = 12
TOPICS_FROM = 300


@dataclass(frozen=True, slots=True)
class Featured:
    """What stands in the Spotlight, with the words and the picture to show."""

    work: Publication
    headline: str
    blurb: str
    image: Image | None


def home(request: HttpRequest) -> HttpResponse:
    """Show the Spotlight, the latest, a block per kind and the topics of the day."""
    now = moment_of(request)
    spotlight = _scheduled_spotlight(now)
    latest = list(_newest(now).values_list("pk", flat=True)[: LATEST + 1])
    lead = spotlight.publication_id if spotlight else next(iter(latest), None)
    latest = [pk for pk in latest if pk != lead][:LATEST]
    kinds = _kinds_without([lead, *latest], now)
    cards = Publication.objects.with_cards().in_bulk(
        [lead, *latest, *(pk for kind in kinds for pk in kind.newest)]
    )
    return render_page(
        request,
        "publications/home.html",
        {
            "spotlight": _featured(spotlight, cards[lead]) if lead else None,
            "latest": [cards[pk] for pk in latest],
            "by_kind": [(kind, [cards[pk] for pk in kind.newest]) for kind in kinds],
            "topics": _popular_topics(now),
        },
        cacheable=not is_as_of(request),
    )


def _newest(now: datetime) -> PublicationQuerySet:
    works: PublicationQuerySet = Publication.objects.published(now).newest_first()
    return works


def _scheduled_spotlight(now: datetime) -> Spotlight | None:
    return Spotlight.objects.current(now).select_related("image").first()


def _featured(spotlight: Spotlight | None, work: Publication) -> Featured:
    """Prefer the Spotlight's own words; without one the newest work stands for itself."""
    if spotlight is None:
        return Featured(work, work.title, work.standfirst, work.lead_image)
    return Featured(
        work,
        spotlight.headline or work.title,
        spotlight.blurb or work.standfirst,
        spotlight.image or work.lead_image,
    )


def _kinds_without(shown: Iterable[int | None], now: datetime) -> list[Any]:
    """List the kinds that have more to show, each with the ids of its newest works."""
    of_kind = _newest(now).filter(kind=OuterRef("pk")).exclude(pk__in=[pk for pk in shown if pk])
    kinds = Kind.objects.annotate(newest=ArraySubquery(of_kind.values("pk")[:PER_KIND]))
    return [kind for kind in kinds if kind.newest]


def _popular_topics(now: datetime) -> list[Tag]:
    """List the topics that recent works carry most, with the number of all their works."""
    recent = list(_newest(now).values_list("pk", flat=True)[:TOPICS_FROM])
    popular = (
        Tag.objects.filter(group=TagGroup.TOPIC, taggings__content_object__in=recent)
        .annotate(uses=Count("taggings"))
        .order_by("-uses", "name")
        .values_list("pk", flat=True)[:TOPICS]
    )
    chosen = Tag.objects.filter(pk__in=list(popular))
    return list(_with_works(chosen, now).order_by("-works", "name"))


def _with_works(tags: QuerySet[Tag], now: datetime) -> QuerySet[Any]:
    """Count the published works of each of these tags, as `works`."""
    out = Q(taggings__content_object__in=Publication.objects.published(now))
    counted: QuerySet[Any] = tags.annotate(works=Count("taggings", filter=out))
    return counted
