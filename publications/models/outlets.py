"""Outlets: where works were first published."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.lookups import empty_or_web_address, not_blank


class Outlet(models.Model):
    """A newspaper, magazine or site, such as The Korea Times."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    home_page = models.URLField(_("home page"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="outlet_name_unique",
                violation_error_message=_("There is an outlet of this name already."),
            ),
            models.CheckConstraint(condition=not_blank("name"), name="outlet_has_a_name"),
            models.CheckConstraint(
                condition=empty_or_web_address("home_page"), name="outlet_home_page_is_web"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("publications:outlet", self.slug)
