"""Counters: how often something was asked for within a span of time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """The uses of one key since the span began; an ended span counts from one again."""

    key = models.CharField(primary_key=True, max_length=80)
    hits = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [models.CheckConstraint(condition=Q(hits__gte=0), name="counter_hits")]
        indexes = [models.Index(fields=["ends_at"], name="counter_end")]

    def __str__(self) -> str:
        return f"{self.key}: {self.hits}"
