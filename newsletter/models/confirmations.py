"""Confirmations: the links that were mailed, known here by their hash alone."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.lists import MailingList
from newsletter.models.lookups import SHA256_HEX
from newsletter.models.subscribers import Subscriber


class Purpose(models.TextChoices):
    """What the link is for."""

    SUBSCRIBE = "subscribe", _("Subscribe")
    # Two links, one to each address; the change is made when both were used.
    OLD_ADDRESS = "old_address", _("Change of address, from the old one")
    NEW_ADDRESS = "new_address", _("Change of address, from the new one")


class Confirmation(models.Model):
    """A link that proves that a person reads the mail of an address; it works once."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="confirmations")
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.SUBSCRIBE)
    token_hash = models.CharField(max_length=64, unique=True)
    lists = models.ManyToManyField(MailingList, related_name="+")
    # Of a change of address.
    new_address = models.CharField(max_length=320, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="confirmation_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(token_hash__regex=SHA256_HEX), name="confirmation_token_is_hashed"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="confirmation_expires_later"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="confirmation_expiry")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.subscriber_id}"

    @property
    def is_expired(self) -> bool:
        """Whether the link was not used in time."""
        return self.used_at is None and self.expires_at <= timezone.now()
