"""Kinds of publication and what other systems call them."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to


class Kind(models.Model):
    """Op-ed, report, podcast …: staff edit the table, code never names a row."""

    name = models.CharField(_("name"), max_length=60, help_text=_("One of them, such as Op-Ed."))
    plural = models.CharField(_("plural"), max_length=60, help_text=_("Several, such as Op-Eds."))
    slug = models.SlugField(
        _("address"), max_length=60, unique=True, help_text=_("Its list is at /<address>/.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    show_prefix = models.BooleanField(
        _("show as prefix"),
        default=False,
        help_text=_("Put the kind before the headline, as in “[Op-Ed] Rethink trade”."),
    )
    for_scholars = models.BooleanField(
        _("offer to Google Scholar"),
        default=False,
        help_text=_("Reports and papers; Scholar does not want opinion or news."),
    )
    schema_org = models.CharField(
        _("schema.org type"), max_length=60, help_text=_("Such as OpinionNewsArticle or Report.")
    )
    csl = models.CharField(
        _("CSL type"), max_length=60, help_text=_("Such as article-newspaper or report.")
    )
    dublin_core = models.CharField(
        _("Dublin Core type"),
        max_length=60,
        help_text=_("DC.type as Zotero reads it, such as newspaperArticle or report."),
    )
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("kind")
        verbose_name_plural = _("kinds")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="kind_name_unique",
                violation_error_message=_("There is a kind of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("publications:named", self.slug)
