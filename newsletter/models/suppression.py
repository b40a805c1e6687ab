"""Suppression: addresses that nothing may be sent to, whatever else is stored."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.lookups import SHA256_HEX


class SuppressionReason(models.TextChoices):
    """Why nothing is sent."""

    BOUNCE = "bounce", _("The address does not exist")
    COMPLAINT = "complaint", _("Reported as spam")
    REQUEST = "request", _("Asked not to be written to")
    STAFF = "staff", _("Blocked by staff")


class Suppression(models.Model):
    """One address that gets nothing, kept as a keyed hash so that it survives erasure."""

    address_hash = models.CharField(_("keyed hash of the address"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=10, choices=SuppressionReason)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values), name="suppression_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(address_hash__regex=SHA256_HEX), name="suppression_address_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:12]}… {self.get_reason_display()}"
