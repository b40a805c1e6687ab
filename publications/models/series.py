"""Series: works that belong together in an order."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.fields import RichTextField
from publications.models.lookups import not_blank


class Series(models.Model):
    """An ordered run of works, such as an academic paper series or a blog."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    description = RichTextField(_("description"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                name="series_title_unique",
                violation_error_message=_("There is a series of this title already."),
            ),
            models.CheckConstraint(condition=not_blank("title"), name="series_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("publications:series", self.slug)
