"""Other moments for what stands in the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publications.forms.moments import MomentField, ensure_to_come


class MoveForm(forms.Form):
    """Another moment, still to come."""

    at = MomentField(
        label=_("Another moment"), error_messages={"required": _("Choose a day and a time.")}
    )

    def clean_at(self) -> Any:
        """Refuse what is past."""
        ensure_to_come(self.cleaned_data["at"])
        return self.cleaned_data["at"]


class MoveOrDropForm(MoveForm):
    """Another moment, or none."""

    at = MomentField(label=_("Another moment"), required=False, help_text=_("Empty: not at all."))


class SpotlightTimesForm(forms.Form):
    """From when until when a work is in the Spotlight."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(
        label=_("Until"), required=False, help_text=_("Empty: until the next one is set.")
    )
