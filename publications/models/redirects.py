"""Old addresses and where they lead."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Redirect(models.Model):
    """An old path of this site and where it goes for good (HTTP 301)."""

    old_path = models.CharField(
        _("old path"), max_length=1000, unique=True, help_text=_("Starts with a slash.")
    )
    target = models.CharField(
        _("goes to"), max_length=1000, help_text=_("A path of this site, or an https:// address.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(old_path__startswith="/"),
                name="redirect_from_a_path",
                violation_error_message=_("The old path starts with a slash."),
            ),
            models.CheckConstraint(
                # "//host" and "/\host" leave the site in a browser.
                condition=Q(target__regex=r"^(?:/(?![/\\])|https?://)"),
                name="redirect_to_a_path_or_web_address",
                violation_error_message=_("Give a path such as /about/ or an https:// address."),
            ),
            models.CheckConstraint(
                condition=~Q(old_path=F("target")),
                name="redirect_goes_elsewhere",
                violation_error_message=_("The redirect leads to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.target}"
