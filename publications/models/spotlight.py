"""The Spotlight: the featured slot on top of the home page."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.images import Image
from publications.models.publication import Publication


class SpotlightQuerySet(models.QuerySet[Any]):
    """Spotlights, by the questions that callers ask."""

    def current(self, at: datetime | None = None) -> "SpotlightQuerySet":
        """Keep the Spotlight of the moment `at`, by default now, if its work can be read then."""
        moment = at or timezone.now()
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=moment),
            starts_at__lte=moment,
            publication__in=Publication.objects.published(moment),
        )

    def around_now(self) -> "SpotlightQuerySet":
        """Keep the Spotlight of this moment and those of the coming seven days, in order."""
        now = timezone.now()
        still = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        return self.filter(still, starts_at__lte=now + timedelta(days=7)).order_by("starts_at")[:20]


class Spotlight(models.Model):
    """One publication in the featured slot, from a moment until another."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="spotlights", verbose_name=_("publication")
    )
    headline = models.CharField(
        _("own headline"), max_length=300, blank=True, help_text=_("Empty for the work’s own.")
    )
    blurb = models.TextField(
        _("own blurb"), blank=True, help_text=_("Empty for the work’s standfirst.")
    )
    image = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("own image"), help_text=_("Empty for the work’s lead image."),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until the next one is set.")
    )

    objects = SpotlightQuerySet.as_manager()

    class Meta:
        verbose_name = _("Spotlight")
        verbose_name_plural = _("Spotlights")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="spotlight_ends_after_it_starts",
                violation_error_message=_("The Spotlight must end after it starts."),
            ),
            ExclusionConstraint(
                name="one_spotlight_at_a_time",
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another Spotlight is set for part of this time."),
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.publication.title

    @property
    def is_now(self) -> bool:
        """Whether its time has come and is not over."""
        now = timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)
