"""Simple pages that staff edit: about, contact, privacy."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.fields import RichTextField
from publications.models.lookups import not_blank
from publications.models.publication import Language


class Menu(models.TextChoices):
    """Where a page is linked from on every page."""

    HEADER = "header", _("Header")
    FOOTER = "footer", _("Footer")
    NONE = "none", _("Nowhere")


class Page(models.Model):
    """A simple page at /<address>/."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=100, unique=True, allow_unicode=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    body = RichTextField(_("text"), blank=True)
    menu = models.CharField(_("linked from"), max_length=6, choices=Menu, default=Menu.FOOTER)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_public = models.BooleanField(_("public"), default=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(condition=not_blank("title"), name="page_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("publications:named", self.slug)
