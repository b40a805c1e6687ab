"""The steps that works have taken: who, when, and what they said with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.publication import Publication
from publications.states import DONE, MOST_LETTERS, Status


class WorkflowEvent(models.Model):
    """One step of a work; a trigger refuses to alter or delete it, and it outlives the work."""

    publication = models.ForeignKey(
        Publication, models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="workflow_events", verbose_name=_("publication"),
    )  # fmt: skip
    move = models.CharField(_("step"), max_length=20)
    before = models.CharField(_("from"), max_length=10, choices=Status)
    after = models.CharField(_("to"), max_length=10, choices=Status)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    # Outlives the account.
    by_name = models.CharField(_("by"), max_length=310, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    comment = models.CharField(_("comment"), max_length=MOST_LETTERS, blank=True)
    # The last one when the step was taken: an approval holds for this content.
    revision = models.PositiveIntegerField(_("revision"))

    class Meta:
        verbose_name = _("step of a publication")
        verbose_name_plural = _("steps of publications")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=Status.values, after__in=Status.values),
                name="workflow_event_status_known",
            ),
            models.CheckConstraint(condition=~Q(move=""), name="workflow_event_has_a_name"),
        ]
        indexes = [models.Index(fields=["publication", "-id"], name="workflow_events_of")]

    def __str__(self) -> str:
        return f"{self.said}: {self.publication_id}"

    @property
    def said(self) -> str:
        """What happened, in words."""
        return str(DONE.get(self.move, self.move))
