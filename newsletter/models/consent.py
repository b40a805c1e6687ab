"""Consent events: the proof of what a subscriber agreed to, and when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.lists import MailingList
from newsletter.models.lookups import SHA256_HEX
from newsletter.models.subscribers import Subscriber


class ConsentKind(models.TextChoices):
    """What happened."""

    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Changed")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    IMPORTED = "imported", _("Imported")
    ERASED = "erased", _("Erased")


class ConsentEvent(models.Model):
    """One event; a trigger in the database refuses to change or delete it.

    The keyed hash of the address outlives the subscriber: whoever shows the
    address can be told what was recorded, and nobody else can be found by it.
    """

    kind = models.CharField(_("event"), max_length=12, choices=ConsentKind)
    happened_at = models.DateTimeField(_("time"), default=timezone.now)
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="consent_events",
        verbose_name=_("subscriber"),
    )
    address_hash = models.CharField(_("keyed hash of the address"), max_length=64)
    mailing_list = models.ForeignKey(
        MailingList, models.PROTECT, null=True, related_name="+", verbose_name=_("list")
    )
    text = models.TextField(_("text shown"), blank=True)
    text_version = models.CharField(_("version of the text"), max_length=20, blank=True)
    form_address = models.CharField(_("address of the form"), max_length=500, blank=True)
    network = models.CharField(
        _("network"), max_length=50, blank=True, help_text=_("The IP address, cut to /24 or /48.")
    )

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(address_hash__regex=SHA256_HEX), name="consent_address_is_hashed"
            ),
            models.CheckConstraint(
                condition=Q(network="") | Q(network__regex=r"(?:\.0/24|::/48)$"),
                name="consent_network_is_cut",
            ),
            models.CheckConstraint(
                condition=Q(kind=ConsentKind.ERASED) | Q(mailing_list__isnull=False),
                name="consent_names_a_list",
            ),
        ]
        indexes = [
            models.Index(fields=["address_hash", "happened_at"], name="consent_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d %H:%M}"
