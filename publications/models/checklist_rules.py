"""What must, and what should, be in order before a work is published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publications.models.kinds import Kind


class CheckLevel(models.TextChoices):
    """How much a finding of the checklist weighs."""

    OFF = "off", _("Off")
    ADVICE = "advice", _("Advice")
    BLOCKING = "blocking", _("Blocking")


class ChecklistRule(models.Model):
    """The level of one check: for all kinds, or for one that is an exception."""

    check_code = models.CharField(_("check"), max_length=30)
    kind = models.ForeignKey(
        Kind, models.CASCADE, null=True, blank=True, related_name="checklist_rules",
        verbose_name=_("kind"),
    )  # fmt: skip
    level = models.CharField(_("level"), max_length=8, choices=CheckLevel)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklist before publishing")
        ordering = ["check_code", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_code", "kind"],
                nulls_distinct=False,
                name="checklist_rule_unique",
            ),
            models.CheckConstraint(
                condition=Q(level__in=CheckLevel.values), name="checklist_rule_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code}: {self.get_level_display()}"
