"""What may be read, by whom, and what is loaded with it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from publications.models.link_checks import GONE, LinkPlace, LinkUse
from publications.models.people import Contribution
from publications.states import Status


class PublicationQuerySet(models.QuerySet[Any]):
    """Publications, by the questions that callers ask."""

    def published(self, at: datetime | None = None) -> Self:
        """Keep what readers see at the moment `at`, by default now."""
        return self.filter(status=Status.PUBLISHED, published_at__lte=at or timezone.now())

    def scheduled(self) -> Self:
        """Keep published works whose moment is still to come."""
        return self.filter(status=Status.PUBLISHED, published_at__gt=timezone.now())

    def to_be_withdrawn(self, by: datetime | None = None) -> Self:
        """Keep published works that are to be withdrawn, at the latest at the moment `by`."""
        waiting = self.filter(status=Status.PUBLISHED, withdraw_at__isnull=False)
        return waiting.filter(withdraw_at__lte=by) if by else waiting

    def visible_to(self, user: Any) -> Self:
        """Keep what `user` may read: everything for staff with the right, else what is out."""
        if user.is_active and user.is_staff and user.has_perm("publications.view_publication"):
            return self
        return self.published()

    def newest_first(self) -> Self:
        """Sort by date, the newest first; the id settles ties, so that pages never overlap."""
        return self.order_by("-published_at", "-pk")

    def of_year(self, year: int) -> Self:
        """Keep works dated in the calendar year, by the site's clock."""
        zone = timezone.get_default_timezone()
        return self.filter(
            published_at__gte=datetime(year, 1, 1, tzinfo=zone),
            published_at__lt=datetime(year + 1, 1, 1, tzinfo=zone),
        )

    def by_author(self, author: Any) -> Self:
        """Keep works in whose byline `author` stands, in any role."""
        return self.filter(Q(pk__in=author.contributions.values("publication_id")))

    def tagged(self, tag: Any) -> Self:
        """Keep works that carry `tag`."""
        return self.filter(pk__in=tag.taggings.values("content_object_id"))

    def with_cards(self) -> Self:
        """Load all that a card in a list shows, and leave the body behind."""
        return (
            self.select_related("kind", "outlet", "lead_image")
            .prefetch_related(_byline("author"))
            .defer("body")
        )

    def with_detail(self) -> Self:
        """Load all that the publication's own page shows."""
        return (
            self.select_related("kind", "outlet", "series", "lead_image")
            .prefetch_related(
                _byline("author", "author__portrait"),
                "tags",
                "attachments",
                "corrections",
            )
            .annotate(outlet_archive=_archived_copy())
        )


def _byline(*related: str) -> "Prefetch[str]":
    """Load the byline as a list; a related manager for each work takes longer than the query."""
    rows = Contribution.objects.select_related(*related)
    return Prefetch("contributions", rows, to_attr="byline")


def _archived_copy() -> Coalesce:
    """Return where a copy is kept of what is gone from the outlet, in the same statement."""
    gone = LinkUse.objects.filter(
        publication=OuterRef("pk"), place=LinkPlace.OUTLET, link__status__in=GONE
    ).exclude(link__archive_url="")
    return Coalesce(Subquery(gone.values("link__archive_url")[:1]), models.Value(""))
