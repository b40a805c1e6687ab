"""Forms of what stands around the publications: pictures, pages, kinds, redirects, settings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publications.actions.redirects import ensure_no_loop
from publications.colors import HEX, READABLE, contrast
from publications.file_types import check_picture
from publications.forms.staff import AddressForm, StaffForm, is_fixed_address
from publications.models import Kind, Page, Redirect


class PictureField(forms.ImageField):
    """A picture, checked from its header before anything decodes it."""

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            check_picture(data)
        return super().to_python(data)


class ImageForm(StaffForm):
    """A picture with what it shows and whose it is."""

    class Meta:
        field_classes = {"file": PictureField}
        widgets = {
            "focus_x": forms.NumberInput(attrs={"min": 0, "max": 100}),
            "focus_y": forms.NumberInput(attrs={"min": 0, "max": 100}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            self.fields["file"].help_text = _(
                "Another file takes the place of this one: its address stays, and every page "
                "that shows it shows the new one."
            )


class RootAddressForm(AddressForm):
    """A page or kind, which share the addresses right under the site's root."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        slug = cleaned.get("slug")
        if slug and slug != self.instance.slug and self._is_taken(slug):
            self.add_error("slug", _("Another part of the site has this address already."))
        return cleaned

    def _is_taken(self, slug: str) -> bool:
        others = (model for model in (Kind, Page) if not isinstance(self.instance, model))
        return is_fixed_address(slug) or any(
            other.objects.filter(slug=slug).exists() for other in others
        )


class PageForm(RootAddressForm):
    """A simple page."""

    named_by = "title"


class KindForm(RootAddressForm):
    """A kind of publication; its list is named in the plural."""

    named_by = "plural"


class TitledForm(AddressForm):
    """A thing with a title, such as a series."""

    named_by = "title"


class AuthorForm(AddressForm):
    """An author, whose address comes from the name in bylines."""

    named_by = "display_name"


class RedirectForm(StaffForm):
    """An old path and where it leads."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"old_path", "target"} <= cleaned.keys():
            ensure_no_loop(
                Redirect(
                    pk=self.instance.pk, old_path=cleaned["old_path"], target=cleaned["target"]
                )
            )
        return cleaned


class SiteSettingsForm(StaffForm):
    """The institute's own facts; its colors must be readable on the page."""

    class Meta:
        field_classes = {"logo": PictureField}
        widgets = {
            "brand_color": forms.TextInput(attrs={"type": "color"}),
            "accent_color": forms.TextInput(attrs={"type": "color"}),
        }

    def clean_brand_color(self) -> str:
        return _readable(self.cleaned_data["brand_color"])

    def clean_accent_color(self) -> str:
        return _readable(self.cleaned_data["accent_color"])


def _readable(color: str) -> str:
    """Refuse a color that is hard to read on the page's paper; say how hard."""
    if not HEX.fullmatch(color):
        raise ValidationError(_("A color is # and six hexadecimal digits."), code="form")
    ratio = contrast(color)
    if ratio < READABLE:
        raise ValidationError(
            _(
                "This color has a contrast of %(ratio)s:1 with the page. "
                "Words in it can be read from %(least)s:1 on: choose a darker one."
            ),
            code="contrast",
            params={"ratio": f"{ratio:.1f}", "least": READABLE},
        )
    return color
