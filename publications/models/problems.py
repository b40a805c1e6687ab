"""What came due and could not be done, or not wholly."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.publication import Publication


class DueAct(models.TextChoices):
    """What may come due."""

    WITHDRAW = "withdraw", _("Withdrawal")
    RELEASE = "release", _("Publishing of changes")
    DISCLOSE = "disclose", _("Searching the whole text")


class DueProblem(models.Model):
    """Something that came due at a moment and went wrong: not tried again for that moment."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="due_problems", verbose_name=_("publication")
    )
    act = models.CharField(_("what came due"), max_length=8, choices=DueAct)
    due_at = models.DateTimeField(_("due"))
    said = models.TextField(_("what was wrong"))
    # Done, but not wholly: something that the changes name is gone.
    is_done = models.BooleanField(_("done all the same"), default=False)
    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)

    class Meta:
        verbose_name = _("problem with a schedule")
        verbose_name_plural = _("problems with schedules")
        ordering = ["-noticed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "act", "due_at"], name="due_problem_once"
            ),
            models.CheckConstraint(condition=Q(act__in=DueAct.values), name="due_act_known"),
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.get_act_display()}"
