"""Subscribers, and which lists each of them is on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.lists import MailingList
from newsletter.models.lookups import ONE_PLAIN_ADDRESS


class Frequency(models.TextChoices):
    """How often somebody wants mail."""

    EACH = "each", _("Each issue")
    DAILY = "daily", _("At most one a day")
    WEEKLY = "weekly", _("Once a week")
    MONTHLY = "monthly", _("Once a month")


class Subscriber(models.Model):
    """A person behind an address; whether anything is sent is said by the subscriptions."""

    address = models.CharField(_("e-mail address"), max_length=320, help_text=_("As typed."))
    normalized = models.CharField(
        _("normalized address"), max_length=320, unique=True, editable=False
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    frequency = models.CharField(
        _("frequency"), max_length=7, choices=Frequency, default=Frequency.EACH
    )
    paused_until = models.DateField(
        _("paused until"), null=True, blank=True, help_text=_("Nothing is sent before this day.")
    )
    # Temporary refusals in a row; a delivery that arrives forgives them.
    soft_bounces = models.PositiveSmallIntegerField(_("soft bounces"), default=0)
    bounced_at = models.DateTimeField(_("last bounce"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            # Whatever way an address comes in, it can never carry a second header line.
            models.CheckConstraint(
                condition=Q(address__regex=ONE_PLAIN_ADDRESS), name="subscriber_address_is_plain"
            ),
            models.CheckConstraint(
                condition=Q(normalized__regex=ONE_PLAIN_ADDRESS)
                & Q(normalized=Lower(F("normalized"))),
                name="subscriber_normalized_is_plain_and_lower",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="subscriber_frequency_known"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class SubscriptionStatus(models.TextChoices):
    """Where one subscription stands."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")


class Subscription(models.Model):
    """One subscriber on one list; its history is in the consent events."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="subscriptions", verbose_name=_("subscriber")
    )
    mailing_list = models.ForeignKey(
        MailingList, models.PROTECT, related_name="subscriptions", verbose_name=_("list")
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=SubscriptionStatus,
        default=SubscriptionStatus.PENDING,
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["mailing_list__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "mailing_list"], name="subscription_once_per_list"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionStatus.values), name="subscription_status_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=SubscriptionStatus.PENDING,
                    confirmed_at__isnull=True,
                    unsubscribed_at__isnull=True,
                )
                | Q(
                    status=SubscriptionStatus.ACTIVE,
                    confirmed_at__isnull=False,
                    unsubscribed_at__isnull=True,
                )
                # Who leaves before confirming has no date of confirmation.
                | Q(status=SubscriptionStatus.UNSUBSCRIBED, unsubscribed_at__isnull=False),
                name="subscription_dates_match_status",
            ),
        ]
        indexes = [
            models.Index(fields=["mailing_list", "status"], name="subscription_list_status"),
            models.Index(
                fields=["requested_at"],
                condition=Q(status=SubscriptionStatus.PENDING),
                name="subscription_unconfirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.mailing_list}"
