"""What happened to staff accounts: who signed in, who changed passwords and rights."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_LETTERS = 500


class Incident(models.TextChoices):
    """What can happen to an account."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    FAILED = "failed", _("Wrong name or password")
    HELD_OFF = "held_off", _("Held off after too many attempts")
    FACTOR_FAILED = "factor_failed", _("Wrong code")
    FACTOR_ADDED = "factor_added", _("Second factor added")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    CODES_RENEWED = "codes_renewed", _("New recovery codes")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    RIGHTS_CHANGED = "rights_changed", _("Rights changed")


class SecurityEvent(models.Model):
    """One thing that happened to an account; a trigger refuses to alter or delete it.

    No password, code or key is ever part of it, and no name that belongs to no account: people
    type passwords into the wrong field.
    """

    kind = models.CharField(_("what happened"), max_length=20, choices=Incident)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("account"),
    )  # fmt: skip
    # Both names outlive the accounts.
    user_name = models.CharField(_("account"), max_length=310, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    by_name = models.CharField(_("by"), max_length=310, blank=True)
    detail = models.CharField(_("details"), max_length=MOST_LETTERS, blank=True)
    network = models.CharField(_("network"), max_length=50, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("sign-ins and accounts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Incident.values), name="security_event_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user_name or '–'}"
