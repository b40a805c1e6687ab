"""What the start page of the editorial desk shows: what needs somebody today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kei_site.common.charts import Chart
from publications.actions.caring import works_to_review
from publications.desk.coming import Coming, coming_up
from publications.desk.figures import published_by_month
from publications.desk.recent import Recent, recent_changes
from publications.desk.waiting import SHOWN, Draft, briefly, in_steps, my_drafts
from publications.link_health import broken_links
from publications.models import DueProblem, Publication, Spotlight
from publications.search.insight import Period, Searched, read_insight

__all__ = ["Coming", "Desk", "Link", "desk_for"]

WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Link:
    """Something elsewhere at the desk that needs somebody: words, where it is, and more."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The lists of the start page, each short; None where the account may not look."""

    in_review: Sequence[Any]
    approved: Sequence[Any]
    sent_back: Sequence[Draft]
    drafts: Sequence[Draft]
    coming: Sequence[Coming]
    scheduled: Sequence[Any]
    spotlight: Any
    late: Sequence[Any]
    due_problems: Sequence[DueProblem]
    today: date
    broken_links: Sequence[Link] | None
    found_nothing: Sequence[Searched] | None
    recent: Sequence[Recent]
    chart: Chart | None

    @property
    def next_scheduled(self) -> Any:
        """What comes out first after the days that are listed, if nothing does in them."""
        return self.scheduled[0] if self.scheduled and not self.coming else None


def desk_for(user: Any, *, also: Sequence[Coming] = ()) -> Desk | None:
    """Read the lists; None for an account that may not see publications.

    `also` goes out in these days from elsewhere, such as issues of the newsletter.
    """
    if not user.has_perm("publications.view_publication"):
        return None
    in_review, approved = in_steps()
    sent_back, drafts = my_drafts(user)
    scheduled = list(briefly(Publication.objects.scheduled()).order_by("published_at", "pk")[:20])
    spotlights = list(Spotlight.objects.around_now().select_related("publication"))
    today = timezone.localdate()
    late = works_to_review().filter(review_by__lt=today).select_related("owner")
    return Desk(
        in_review=in_review,
        approved=approved,
        sent_back=sent_back,
        drafts=drafts,
        coming=coming_up(scheduled, spotlights, also),
        scheduled=scheduled[:SHOWN],
        spotlight=next((each for each in spotlights if each.is_now), None),
        late=list(briefly(late)[:SHOWN]),
        due_problems=list(DueProblem.objects.select_related("publication")[:SHOWN]),
        today=today,
        broken_links=_broken_links(user),
        found_nothing=_found_nothing(user),
        recent=recent_changes(user),
        chart=published_by_month(today),
    )


def _broken_links(user: Any) -> Sequence[Link] | None:
    """Return the links in public works that lead nowhere, the last checked first."""
    if not user.has_perm("publications.view_linkcheck"):
        return None
    links = broken_links().order_by("-checked_at", "pk")[:SHOWN]
    return [
        Link(link.url, reverse("admin:publications_linkcheck_change", args=[link.pk]), link.host)
        for link in links
    ]


def _found_nothing(user: Any) -> Sequence[Searched] | None:
    """Return what readers looked for in vain in the last seven days."""
    if not user.has_perm("publications.view_searchtally"):
        return None
    today = timezone.localdate()
    return read_insight(Period(today - WEEK, today), most=SHOWN).empty
