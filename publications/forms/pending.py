"""What forms of changes that wait have of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publications.actions.applying import STANDING
from publications.forms.moments import MomentField


class PublishAtForm(forms.Form):
    """The moment at which changes become public."""

    at = MomentField(label=_("At this moment"), required=False, help_text=_("Empty: no time."))


def take_out_standing(form: Any) -> None:
    """Show where the work stands, but do not let it be changed: it is no part of what waits."""
    for name in STANDING & form.fields.keys():
        form.fields[name].disabled = True


def refuse_standing(form: Any) -> None:
    """Say of a new status or date that it cannot wait together with the words."""
    for name in STANDING & set(form.changed_data):
        form.add_error(
            name, _("This takes effect at once and cannot wait with the rest. Put it back first.")
        )
