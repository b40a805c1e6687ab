"""What makes the site one institute's: name, logo, colors, address, disclosure."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publications.models.lookups import empty_or_web_address, not_blank
from publications.models.stored_files import FolderOfItsOwn

HEX_COLOR = r"^#[0-9a-fA-F]{6}$"


class SiteSettings(models.Model):
    """The one row of settings that staff edit."""

    name = models.CharField(_("name"), max_length=200, default="Policy Institute")
    native_name = models.CharField(
        _("name in another script"),
        max_length=200,
        blank=True,
        help_text=_("Such as 한라정책연구원."),
    )
    tagline = models.CharField(
        _("tagline"), max_length=200, blank=True, help_text=_("A few words under the name.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences for search engines.")
    )
    logo = models.ImageField(
        _("logo"), upload_to=FolderOfItsOwn("site"), max_length=255, blank=True
    )
    brand_color = models.CharField(
        _("main color"), max_length=7, default="#14386b", help_text=_("Such as #14386b.")
    )
    accent_color = models.CharField(_("accent color"), max_length=7, default="#a3262a")
    address = models.TextField(_("postal address"), blank=True)
    email = models.EmailField(_("contact e-mail"), blank=True)
    disclosure = models.TextField(
        _("disclosure"), blank=True, help_text=_("Stands at the foot of every page and e-mail.")
    )
    two_person_rule = models.BooleanField(
        _("two people for each work"),
        default=False,
        help_text=_("Whoever changed a work since it was last approved cannot approve it."),
    )
    require_second_factor = models.BooleanField(
        _("a second factor for everybody"),
        default=False,
        help_text=_("Staff set one up at their next step at the desk, and can do nothing before."),
    )
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="site_settings_are_one_row"),
            models.CheckConstraint(condition=not_blank("name"), name="site_has_a_name"),
            models.CheckConstraint(
                condition=Q(brand_color__regex=HEX_COLOR) & Q(accent_color__regex=HEX_COLOR),
                name="site_colors_are_hex",
                violation_error_message=_("A color is # and six hexadecimal digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SocialLink(models.Model):
    """A link to the institute elsewhere, shown in the footer."""

    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="social_links")
    label = models.CharField(_("label"), max_length=60)
    url = models.URLField(_("address"), max_length=500)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("social link")
        verbose_name_plural = _("social links")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=empty_or_web_address("url") & ~Q(url=""), name="social_link_is_web"
            ),
        ]

    def __str__(self) -> str:
        return self.label
