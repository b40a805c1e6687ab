"""Links by which people outside of the desk read a work before it is out."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.lookups import not_blank
from publications.models.publication import Publication


class PreviewLink(models.Model):
    """A link for one recipient, until a moment; only the hash of its secret is kept."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="preview_links", verbose_name=_("publication")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    recipient = models.CharField(
        _("for whom"), max_length=120, help_text=_("Stands on the page, so that nobody forgets.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared preview")
        verbose_name_plural = _("shared previews")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 - a pattern
                name="preview_link_is_hashed",
            ),
            models.CheckConstraint(
                condition=not_blank("recipient"), name="preview_link_has_a_recipient"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="preview_link_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.recipient}"

    @property
    def is_open(self) -> bool:
        """Whether the link leads to the work now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class PreviewOpening(models.Model):
    """That a link was opened: when, and from which network, never from which address."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="openings")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    network = models.CharField(_("network"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("opening of a preview")
        verbose_name_plural = _("openings of previews")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.opened_at}"
