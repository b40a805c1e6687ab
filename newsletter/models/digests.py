"""Digests: issues that compose themselves from what is new on a list."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.lists import MailingList
from newsletter.models.subscribers import Frequency


class Weekday(models.IntegerChoices):
    """Days of the week, as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


DIGESTED = [each for each in Frequency.choices if each[0] != Frequency.EACH]


class Digest(models.Model):
    """What goes out by itself to those subscribers of a list who want mail so often."""

    mailing_list = models.ForeignKey(
        MailingList, models.CASCADE, related_name="digests", verbose_name=_("list"), db_index=False
    )
    frequency = models.CharField(_("frequency"), max_length=7, choices=DIGESTED)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday, default=Weekday.TUESDAY, help_text=_("Of a weekly digest.")
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"),
        default=8,
        validators=[MaxValueValidator(23)],
        help_text=_("From 0 to 23, in the time zone of the site."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # Up to when publications were considered.
    covered_until = models.DateTimeField(_("covered until"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["mailing_list__position", "frequency"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing_list", "frequency"],
                name="digest_once_per_list_and_frequency",
                violation_error_message=_("This list has such a digest already."),
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=[value for value, _label in DIGESTED]),
                name="digest_frequency_known",
            ),
            models.CheckConstraint(
                condition=Q(hour__lte=23) & Q(weekday__lte=6), name="digest_time_is_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_list}: {self.get_frequency_display()}"


class DigestSkip(models.Model):
    """A time at which a digest was due and did not go out, and why."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="skips")
    skipped_at = models.DateTimeField(_("time"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("skipped digest")
        verbose_name_plural = _("skipped digests")
        ordering = ["-skipped_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.skipped_at:%Y-%m-%d %H:%M}: {self.reason}"
