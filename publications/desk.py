"""What the start page of the editorial desk shows: what needs somebody today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from publications.models import Publication, Spotlight
from publications.search.insight import Period, Searched, read_insight
from publications.states import Status

SHOWN = 6
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Desk:
    """The lists of the start page, each short."""

    in_review: Sequence[Any]
    approved: Sequence[Any]
    scheduled: Sequence[Any]
    changed: Sequence[Any]
    spotlight: Any
    next_spotlights: Sequence[Any]
    # None for an account that may not see what readers search.
    found_nothing: Sequence[Searched] | None


def desk_for(user: Any) -> Desk | None:
    """Read the lists; None for an account that may not see publications."""
    if not user.has_perm("publications.view_publication"):
        return None
    works = Publication.objects.with_cards()
    now = timezone.now()
    spotlights = Spotlight.objects.select_related("publication").order_by("starts_at")
    still = Q(ends_at=None) | Q(ends_at__gt=now)
    return Desk(
        in_review=list(works.filter(status=Status.IN_REVIEW).order_by("updated_at", "pk")[:SHOWN]),
        approved=list(works.filter(status=Status.APPROVED).order_by("updated_at", "pk")[:SHOWN]),
        scheduled=list(works.scheduled().order_by("published_at", "pk")[:SHOWN]),
        changed=list(works.order_by("-updated_at", "-pk")[:SHOWN]),
        spotlight=spotlights.filter(still, starts_at__lte=now).first(),
        next_spotlights=list(spotlights.filter(starts_at__gt=now)[:SHOWN]),
        found_nothing=_found_nothing(user),
    )


def _found_nothing(user: Any) -> Sequence[Searched] | None:
    """Return what readers looked for in vain in the last seven days."""
    if not user.has_perm("publications.view_searchtally"):
        return None
    today = timezone.localdate()
    return read_insight(Period(today - WEEK, today), most=SHOWN).empty
