"""What all forms of the editorial desk share."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.forms.utils import ErrorDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from publications.actions.addresses import free_slug
from publications.forms.known_choices import tell_what_is_known


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows who fills it in.

    `refusal` is what the database or an action answered to the same input a
    moment ago: the person sees it in the form, and nothing typed is lost.
    """

    user: ClassVar[Any] = None
    refusal: ClassVar[ValidationError | None] = None
    # A form that only shows again what was typed once finds no fault with it yet.
    is_shown_only: ClassVar[bool] = False

    def full_clean(self) -> None:
        if not self.is_shown_only:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def is_valid(self) -> bool:
        return not self.is_shown_only and super().is_valid()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell_what_is_known(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refusal:
            self.add_error(None, self.refusal.messages)
        return cleaned


class ShownRows(BaseFormSet):  # type: ignore[type-arg]
    """Rows that only show again what was typed once."""

    def full_clean(self) -> None:
        self._errors: Any = [ErrorDict() for _form in self.forms]
        self._non_form_errors: Any = self.error_class()

    def is_valid(self) -> bool:
        return False


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
        elif "slug" in cleaned and not typed:
            # Without a name as well: the form is shown again, with a link to where the page is.
            cleaned["slug"] = self.instance.slug
        return cleaned


def is_fixed_address(slug: str) -> bool:
    """Say whether /slug/ is one of the site's own addresses, such as /search/."""
    try:
        return not resolve(f"/{slug}/").kwargs
    except Resolver404:
        return False
