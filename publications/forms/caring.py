"""The form by which a review is noted."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def in_a_year() -> Any:
    """Return the day that is usual for the next review."""
    today = timezone.localdate()
    # February 29 has no day of its own in the next year.
    return today.replace(year=today.year + 1, day=min(today.day, 28))


class ReviewForm(forms.Form):
    """When to look again; empty for never."""

    next_on = forms.DateField(
        label=_("next on"),
        required=False,
        initial=in_a_year,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
