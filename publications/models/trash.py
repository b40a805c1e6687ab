"""The trash: what was deleted and can still come back."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long the trash keeps what is in it.
KEPT = timedelta(days=90)


class TrashedModel(models.TextChoices):
    """What goes to the trash, by the lower-case name of its model."""

    PUBLICATION = "publication", _("publication")
    AUTHOR = "author", _("author")
    OUTLET = "outlet", _("outlet")
    TAG = "tag", _("tag")
    SERIES = "series", _("series")
    PAGE = "page", _("page")


class Trash(models.Model):
    """One deleted thing, whole enough to come back under its old id and address."""

    model = models.CharField(_("sort"), max_length=20, choices=TrashedModel)
    object_id = models.BigIntegerField()
    title = models.CharField(_("what"), max_length=500)
    snapshot = models.JSONField()
    # Facts of the row that nobody edits, such as where it was imported from.
    facts = models.JSONField(default=dict)
    # Publications that showed it by a row of their own, which went with it: those with a tag.
    works = models.JSONField(default=list)
    path = models.CharField(_("address"), max_length=1000, blank=True)
    was_public = models.BooleanField(_("readers knew it"), default=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    deleted_by_name = models.CharField(_("by"), max_length=310, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), default=timezone.now)

    class Meta:
        verbose_name = _("deleted thing")
        verbose_name_plural = _("trash")
        ordering = ["-deleted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(model__in=TrashedModel.values), name="trash_model_known"
            ),
            models.UniqueConstraint(fields=["model", "object_id"], name="trash_once"),
        ]
        indexes = [
            models.Index(fields=["-deleted_at", "-id"], name="trash_newest"),
            models.Index(fields=["path"], condition=Q(was_public=True), name="trash_public_paths"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kept_until(self) -> object:
        """The moment from which the trash may be emptied of it."""
        return self.deleted_at + KEPT
