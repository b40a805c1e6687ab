"""For whom a preview is, and for how long."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

DAYS = {1: _("1 day"), 7: _("7 days"), 30: _("30 days")}


class ShareForm(forms.Form):
    """Share a preview."""

    recipient = forms.CharField(
        label=_("For whom"),
        max_length=120,
        help_text=_("The name stands over the page. Make a link of its own for each person."),
    )
    days = forms.TypedChoiceField(
        label=_("For how long"), choices=list(DAYS.items()), coerce=int, initial=7,
        widget=forms.RadioSelect,
    )  # fmt: skip

    @property
    def lasts(self) -> timedelta:
        """How long the link leads to the work."""
        return timedelta(days=self.cleaned_data["days"])
