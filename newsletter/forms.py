"""The forms of the newsletter."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.addresses import MAX_LENGTH, Address, parse
from newsletter.hints import is_disposable, suggest
from newsletter.models import MailingList
from newsletter.traps import is_too_quick, stamp


class SubscribeForm(forms.Form):
    """An address and, where there is a choice, the lists."""

    email = forms.CharField(error_messages={"required": gettext_lazy("Type your e-mail address.")})
    website = forms.CharField(required=False)
    lists = forms.MultipleChoiceField(
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of these lists is not on offer any more.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(MailingList.objects.on_offer())
        self.fields["lists"].choices = [  # type: ignore[attr-defined]
            (each.slug, each.name) for each in self.offered
        ]
        self.suggestion = ""
        # A second try keeps the time of the first.
        self.shown = str(self.data.get("shown", ""))[:MAX_LENGTH] if self.is_bound else stamp()

    @property
    def is_from_a_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))

    @property
    def typed(self) -> str:
        """What was typed as the address, fit to be shown again."""
        return shown_again(self.data)

    @property
    def chosen(self) -> set[str]:
        """The lists that are ticked when the form is shown."""
        if self.is_bound and (self._showed_lists or "lists" in self.data):
            ticked = set(self.data.getlist("lists"))  # type: ignore[attr-defined]
            return {each.slug for each in self.offered} & ticked
        return {each.slug for each in self.offered if each.is_default}

    @property
    def _showed_lists(self) -> bool:
        """Whether no list means that none was wanted, and not that none was shown."""
        return "choosing" in self.data

    def clean_email(self) -> Address:
        """Understand the address; a slip is asked about before anything else is said of it."""
        address = parse(self.cleaned_data["email"])
        self.suggestion = "" if "checked" in self.data else suggest(address)
        return address if self.suggestion else kept(address)

    def clean_lists(self) -> list[MailingList]:
        """Take the preselected lists where no choice was shown."""
        if not self.offered:
            raise ValidationError(_("There is no list to sign up for at the moment."))
        chosen = [each for each in self.offered if each.slug in self.cleaned_data["lists"]]
        if self._showed_lists and not chosen:
            raise ValidationError(_("Choose at least one list."), code="none")
        return chosen or [each for each in self.offered if each.is_default] or self.offered

    def clean(self) -> dict[str, Any]:
        """Ask once more when the address has a slip in it, or when a robot seems to type."""
        if is_too_quick(self.shown):
            raise ValidationError(
                _("That was faster than anybody types. Please press the button once more."),
                code="too_quick",
            )
        if self.suggestion:
            raise ValidationError(
                _("Did you mean %(address)s?") % {"address": self.suggestion}, code="slip"
            )
        return self.cleaned_data


def kept(address: Address) -> Address:
    """Return the address, unless it is one that its owner throws away."""
    if is_disposable(address):
        raise ValidationError(
            _("This service throws mail away. Please give an address that you keep."),
            code="disposable",
        )
    return address


def shown_again(data: Mapping[str, Any]) -> str:
    """Return what was typed as the address, fit to be shown again."""
    text = str(data.get("email", ""))[: 2 * MAX_LENGTH]
    return "".join(each for each in text if each.isprintable())
