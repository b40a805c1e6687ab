"""Merges: which author, tag or outlet went into which, and what moved with it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long a merge can be undone.
UNDOABLE = timedelta(days=30)


class MergeableModel(models.TextChoices):
    """What can be merged, by the lower-case name of its model."""

    AUTHOR = "author", _("author")
    OUTLET = "outlet", _("outlet")
    TAG = "tag", _("tag")


class MergeQuerySet(models.QuerySet[Any]):
    """Merges, by the questions that callers ask."""

    def undoable(self) -> "MergeQuerySet":
        """Keep what can still be taken back."""
        return self.filter(undone_at=None, merged_at__gt=timezone.now() - UNDOABLE)


class Merge(models.Model):
    """One thing that became part of another of its sort."""

    model = models.CharField(_("sort"), max_length=20, choices=MergeableModel)
    kept_id = models.BigIntegerField()
    kept_name = models.CharField(_("stays"), max_length=300)
    gone_id = models.BigIntegerField()
    gone_name = models.CharField(_("went into it"), max_length=300)
    snapshot = models.JSONField()
    # Fields of the one that stays which were empty, and what they got.
    filled = models.JSONField(default=dict)
    old_path = models.CharField(max_length=1000)
    new_path = models.CharField(max_length=1000)
    # Older paths that led to the one that went.
    led_there = models.JSONField(default=list)
    # What else was tied to the one that went, such as mailing lists about a tag.
    ties = models.JSONField(default=list)
    works = models.PositiveIntegerField(_("publications"), default=0)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    merged_by_name = models.CharField(_("by"), max_length=310, blank=True)
    merged_at = models.DateTimeField(_("time"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(model__in=MergeableModel.values), name="merge_model_known"
            ),
            models.CheckConstraint(condition=~Q(kept_id=F("gone_id")), name="merge_of_two"),
            # Nothing can be in two others at once.
            models.UniqueConstraint(
                fields=["model", "gone_id"],
                condition=Q(undone_at__isnull=True),
                name="merged_once",
            ),
        ]
        indexes = [models.Index(fields=["-merged_at", "-id"], name="merges_newest")]

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept_name}"

    @property
    def can_be_undone(self) -> bool:
        """Whether the merge stands and is recent enough."""
        return self.undone_at is None and self.merged_at > timezone.now() - UNDOABLE

    @property
    def undoable_until(self) -> Any:
        """The moment from which it can no longer be undone."""
        return self.merged_at + UNDOABLE


class MergedRow(models.Model):
    """One place in one publication where the one that went stood."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="rows")
    # A number and no key: the work may go and come back meanwhile.
    publication_id = models.BigIntegerField()
    # The role in a byline, empty elsewhere: together they say which row it is.
    role = models.CharField(max_length=10, blank=True)
    # The row that went because both stood there; nothing where the row only changed names.
    dropped = models.JSONField(null=True)

    class Meta:
        verbose_name = _("row of a merge")
        verbose_name_plural = _("rows of merges")
        indexes = [
            models.Index(fields=["merge", "publication_id"], name="rows_of_a_merge"),
        ]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.publication_id}"
