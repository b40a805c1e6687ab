"""What all forms of the editorial desk share."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from publications.actions.addresses import free_slug


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows who fills it in.

    `refusal` is what the database or an action answered to the same input a
    moment ago: the person sees it in the form, and nothing typed is lost.
    """

    user: ClassVar[Any] = None
    refusal: ClassVar[ValidationError | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refusal:
            self.add_error(None, self.refusal.messages)
        return cleaned


class AddressForm(StaffForm):
    """A form whose address may be left empty: it is then made from the name."""

    named_by: ClassVar[str] = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = slug.help_text or _(
                "The last part of the page’s address. Empty: made from the name."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name, typed = str(cleaned.get(self.named_by) or ""), cleaned.get("slug", "")
        # In a new thing the admin's script has filled in the address: nobody chose it.
        if "slug" in cleaned and name and (not typed or self.instance.pk is None):
            cleaned["slug"] = free_slug(self.instance, typed or name)
        return cleaned


def is_fixed_address(slug: str) -> bool:
    """Say whether /slug/ is one of the site's own addresses, such as /search/."""
    try:
        return not resolve(f"/{slug}/").kwargs
    except Resolver404:
        return False
