"""Mail events: what mail servers and providers reported after a message had left."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.deliveries import Delivery
from newsletter.models.lookups import SHA256_HEX
from newsletter.models.subscribers import Subscriber


class MailEventKind(models.TextChoices):
    """What was reported."""

    HARD_BOUNCE = "hard", _("The address does not exist")
    SOFT_BOUNCE = "soft", _("Could not be delivered for now")
    COMPLAINT = "complaint", _("Reported as spam")


class MailEvent(models.Model):
    """One report on one address, taken in once however often it arrives."""

    kind = models.CharField(_("report"), max_length=9, choices=MailEventKind)
    happened_at = models.DateTimeField(_("time"), default=timezone.now)
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="mail_events",
        verbose_name=_("subscriber"),
    )
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, related_name="+", verbose_name=_("delivery")
    )
    address_hash = models.CharField(_("keyed hash of the address"), max_length=64)
    status_code = models.CharField(_("status"), max_length=11, blank=True)
    detail = models.CharField(_("in the words of the server"), max_length=500, blank=True)
    source = models.CharField(_("reported by"), max_length=40)
    # The same report that comes again, by mail or by a provider, has the same.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("mail event")
        verbose_name_plural = _("mail events")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MailEventKind.values), name="mail_event_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(address_hash__regex=SHA256_HEX) & Q(fingerprint__regex=SHA256_HEX),
                name="mail_event_is_hashed",
            ),
        ]
        indexes = [
            models.Index(fields=["address_hash", "happened_at"], name="mail_event_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d %H:%M}"
