"""Deliveries: what became of each issue for each subscriber."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.issues import Issue
from newsletter.models.subscribers import Subscriber


class DeliveryStatus(models.TextChoices):
    """Where one message stands."""

    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Taken by a sender")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("To be tried again")
    FAILED = "failed", _("Refused")
    UNKNOWN = "unknown", _("Outcome unknown")
    EXCLUDED = "excluded", _("Not sent on purpose")


class Exclusion(models.TextChoices):
    """Why a message was not sent on purpose."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed after the audience was counted")
    SUPPRESSED = "suppressed", _("The address is suppressed")
    ERASED = "erased", _("The person was erased")
    PAUSED = "paused", _("Paused by the subscriber")
    DIGEST = "digest", _("Gets a digest instead")
    NOTHING_NEW = "nothing_new", _("Got everything in it before")
    CANCELLED = "cancelled", _("The issue was cancelled")


class Delivery(models.Model):
    """One message of one issue to one subscriber: there is never a second row for both."""

    issue = models.ForeignKey(
        Issue,
        models.PROTECT,
        related_name="deliveries",
        # The unique constraint starts with the issue and serves as its index.
        db_index=False,
        verbose_name=_("issue"),
    )
    # Erasing a person keeps the row, so that the accounting still closes.
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("subscriber"),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=DeliveryStatus, default=DeliveryStatus.QUEUED
    )
    exclusion = models.CharField(
        _("reason for not sending"), max_length=12, choices=Exclusion, blank=True
    )
    # The items left out for who got them before: the bit of each position, counted from 0.
    left_out = models.BigIntegerField(default=0, editable=False)
    answer = models.TextField(_("answer of the mail server"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=250, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The sender whose advisory lock says whether it is still alive.
    claimed_by = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("queued"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    try_again_at = models.DateTimeField(_("next attempt"), null=True, editable=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "subscriber"], name="delivery_once_per_subscriber"
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.EXCLUDED, exclusion__in=Exclusion.values)
                | (~Q(status=DeliveryStatus.EXCLUDED) & Q(exclusion="")),
                name="delivery_exclusion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.SENT, sent_at__isnull=False)
                | (~Q(status=DeliveryStatus.SENT) & Q(sent_at__isnull=True)),
                name="delivery_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DeliveryStatus.CLAIMED, DeliveryStatus.SENDING])
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="delivery_claim_names_a_sender",
            ),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.DEFERRED) | Q(try_again_at__isnull=False),
                name="deferred_delivery_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["issue", "id"],
                condition=Q(status=DeliveryStatus.QUEUED),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["try_again_at"],
                condition=Q(status=DeliveryStatus.DEFERRED),
                name="delivery_deferred",
            ),
            models.Index(
                fields=["claimed_by"],
                condition=Q(status__in=[DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]),
                name="delivery_claimed",
            ),
            models.Index(fields=["subscriber", "-created_at"], name="delivery_of_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.subscriber_id}: {self.get_status_display()}"
