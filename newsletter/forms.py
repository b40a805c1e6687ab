"""The forms of the newsletter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsletter.addresses import MAX_LENGTH, Address, parse
from newsletter.models import MailingList


class SubscribeForm(forms.Form):
    """An address and, where there is a choice, the lists."""

    email = forms.CharField(error_messages={"required": _("Type your e-mail address.")})
    website = forms.CharField(required=False)
    lists = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": _("One of these lists is not on offer any more.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(MailingList.objects.on_offer())
        self.fields["lists"].queryset = MailingList.objects.on_offer()  # type: ignore[attr-defined]

    @property
    def is_from_a_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))

    @property
    def typed(self) -> str:
        """What was typed as the address, fit to be shown again."""
        text = str(self.data.get("email", ""))[: 2 * MAX_LENGTH]
        return "".join(each for each in text if each.isprintable())

    @property
    def chosen(self) -> set[str]:
        """The lists that are ticked when the form is shown."""
        if self.is_bound and "lists" in self.data:
            return set(self.data.getlist("lists"))  # type: ignore[attr-defined]
        return {each.slug for each in self.offered if each.is_default}

    def clean_email(self) -> Address:
        """Understand the address."""
        return parse(self.cleaned_data["email"])

    def clean_lists(self) -> list[MailingList]:
        """Take the preselected lists where none was chosen."""
        chosen = list(self.cleaned_data["lists"])
        lists = chosen or [each for each in self.offered if each.is_default] or self.offered
        if not lists:
            raise ValidationError(_("There is no list to sign up for at the moment."))
        return lists
