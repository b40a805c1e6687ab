"""Where staff are signed in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffSession(models.Model):
    """What a person needs to recognize a browser in which they are signed in.

    The session itself is Django's; this row goes with it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_sessions"
    )
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    # Such as 192.0.2.0/24; the address itself is never kept.
    network = models.CharField(_("network"), max_length=50, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(session_key=""), name="staff_session_has_a_key"),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("began_at")), name="staff_session_seen_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.browser}"
