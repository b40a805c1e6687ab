"""What changes for readers within a week."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.models import PendingChange, Publication
from publications.states import Status

AHEAD = timedelta(days=7)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that happens at a moment: in a word, to what, and where it is changed."""

    at: datetime
    what: str
    title: str
    url: str


def coming_up(
    scheduled: Iterable[Any], spotlights: Iterable[Any], also: Sequence[Coming]
) -> list[Coming]:
    """Return what happens within a week, the next first."""
    now = timezone.now()
    every = [*_published(scheduled), *_withdrawn(now), *_changed(now), *_lit(spotlights), *also]
    within = [each for each in every if now < each.at <= now + AHEAD]
    return sorted(within, key=lambda each: (each.at, each.title))[:SHOWN]


def _published(works: Iterable[Any]) -> Iterator[Coming]:
    for work in works:
        yield Coming(work.published_at, _("Published"), work.title, _form_of(work.pk))


def _withdrawn(now: datetime) -> Iterator[Coming]:
    leaving = Publication.objects.filter(
        status=Status.PUBLISHED, withdraw_at__gt=now, withdraw_at__lte=now + AHEAD
    )
    rows = leaving.order_by("withdraw_at", "pk").values_list("pk", "title", "withdraw_at")
    for pk, title, at in rows[:SHOWN]:
        yield Coming(at or now, _("Withdrawn"), title, _form_of(pk))


def _changed(now: datetime) -> Iterator[Coming]:
    changes = PendingChange.objects.filter(publish_at__gt=now, publish_at__lte=now + AHEAD)
    rows = changes.order_by("publish_at", "pk").values_list(
        "publication_id", "publication__title", "publish_at"
    )
    for pk, title, at in rows[:SHOWN]:
        yield Coming(at or now, _("Changes published"), title, _form_of(pk))


def _lit(spotlights: Iterable[Any]) -> Iterator[Coming]:
    for spotlight in spotlights:
        url = reverse("admin:publications_spotlight_change", args=[spotlight.pk])
        yield Coming(spotlight.starts_at, _("Spotlight begins"), str(spotlight), url)
        if spotlight.ends_at:
            yield Coming(spotlight.ends_at, _("Spotlight ends"), str(spotlight), url)


def _form_of(pk: int) -> str:
    return reverse("admin:publications_publication_change", args=[pk])
