"""How the newsletter is run: one row, edited by staff."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NewsletterSettings(models.Model):
    """The switches of the newsletter."""

    needs_approval = models.BooleanField(
        _("a second person approves"),
        default=False,
        help_text=_("An issue is sent only after somebody who did not write it has approved it."),
    )
    counts_clicks = models.BooleanField(
        _("count clicks"),
        default=True,
        help_text=_("How often each link is followed; never who followed it."),
    )
    reply_to = models.EmailField(_("answers go to"), blank=True)
    messages_per_second = models.PositiveIntegerField(
        _("messages a second"), default=0, help_text=_("To the mail server; 0 for no limit.")
    )
    domain_per_second = models.PositiveIntegerField(
        _("messages a second to one domain"),
        default=0,
        help_text=_("Such as gmail.com; 0 for no limit."),
    )

    class Meta:
        verbose_name = _("newsletter settings")
        verbose_name_plural = _("newsletter settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="newsletter_settings_one_row"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def read(cls) -> Self:
        """Return the settings; those of a new site are the usual ones."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
