"""Revisions, working copies and changes that wait: everything about a thing but the thing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.publication import Publication


class Act(models.TextChoices):
    """What made a revision."""

    FOUND = "found", _("As it was when its history began")
    SAVED = "saved", _("Saved")
    MOVED = "moved", _("Changed status")
    RESTORED = "restored", _("Restored")
    RELEASED = "released", _("Changes published")
    IMPORTED = "imported", _("Imported")
    MERGED = "merged", _("Merged")


class RevisableModel(models.TextChoices):
    """What has a history, by the lower-case name of its model."""

    PUBLICATION = "publication", _("publication")
    AUTHOR = "author", _("author")
    OUTLET = "outlet", _("outlet")
    TAG = "tag", _("tag")
    SERIES = "series", _("series")
    KIND = "kind", _("kind")
    PAGE = "page", _("page")
    IMAGE = "image", _("image")
    SITE_SETTINGS = "sitesettings", _("site settings")


class Revision(models.Model):
    """All of a thing as it was after one change; a trigger refuses to alter or delete it."""

    model = models.CharField(_("sort"), max_length=20, choices=RevisableModel)
    object_id = models.BigIntegerField(_("id"))
    number = models.PositiveIntegerField(_("number"))
    act = models.CharField(_("what happened"), max_length=10, choices=Act, default=Act.SAVED)
    snapshot = models.JSONField(_("content"))
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    restored_from = models.PositiveIntegerField(_("restored from"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    # Outlives the account.
    made_by_name = models.CharField(_("by"), max_length=310, blank=True)
    made_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "number"], name="revision_number_unique"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_from_one"),
            models.CheckConstraint(
                condition=Q(model__in=RevisableModel.values), name="revision_model_known"
            ),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="revision_act_known"),
        ]
        indexes = [
            models.Index(fields=["-made_at"], name="revision_newest"),
            models.Index(fields=["made_by", "-made_at"], name="revision_newest_of_one"),
            # An import leaves as many revisions as it brings works.
            models.Index(
                fields=["-made_at", "-id"],
                condition=Q(made_by__isnull=False) & ~Q(act="imported"),
                name="revision_newest_by_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_model_display()} {self.object_id}, revision {self.number}"


class WorkingCopy(models.Model):
    """What one person typed into one form and has not saved: private, and no revision yet.

    `form` is what the browser last sent by itself, once for a person and a thing. `snapshot` is
    what a save from a stale form would have made of the thing: each refused save keeps its own.
    A row with neither says only that somebody has the form open.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="working_copies"
    )
    model = models.CharField(max_length=20, choices=RevisableModel)
    # 0 for a thing that has not been saved yet.
    object_id = models.BigIntegerField(default=0)
    base_revision = models.PositiveIntegerField(default=0)
    form = models.JSONField(null=True)
    snapshot = models.JSONField(null=True)
    changed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "model", "object_id"],
                condition=Q(snapshot__isnull=True),
                name="working_copy_unique",
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=False) | Q(form__isnull=True, snapshot__isnull=True),
                name="working_copy_says_when",
            ),
        ]
        indexes = [models.Index(fields=["model", "object_id"], name="working_copies_of")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_model_display()} {self.object_id}"


class PendingChange(models.Model):
    """A published work as it is to become: a draft beside the live work."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, related_name="pending_change", verbose_name=_("publication")
    )
    snapshot = models.JSONField(_("content"))
    base_revision = models.PositiveIntegerField()
    publish_at = models.DateTimeField(_("publish changes at"), null=True, blank=True, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("change that waits")
        verbose_name_plural = _("changes that wait")

    def __str__(self) -> str:
        return str(self.publication)
