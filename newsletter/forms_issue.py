"""The forms in which issues are written and scheduled."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.actions.composing import MOST_ITEMS
from publications.forms.moments import MomentField
from publications.forms.staff import StaffForm

# Behind all others: the action numbers the items from 1.
LAST = 32_767
LONGEST_WAIT = timedelta(days=366)


class IssueForm(StaffForm):
    """The words of an issue and whom it is for; subject and preview text are one line each."""

    def clean_subject(self) -> str:
        """Make one line of what was pasted."""
        return " ".join(self.cleaned_data["subject"].split())

    def clean_preheader(self) -> str:
        """Make one line of what was pasted."""
        return " ".join(self.cleaned_data["preheader"].split())


class ItemRow(StaffForm):
    """One publication; its place is settled with the other rows, not against the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" not in self.fields:
            return
        self.fields["position"].required = False
        if self.instance.pk is None:
            self.initial["position"] = None
        else:
            # Else the chooser asks for each headline in a query of its own.
            self.fields["publication"].widget.widget.chosen = self.instance.publication

    def clean_position(self) -> int:
        """Put what has no number behind the others."""
        position: int | None = self.cleaned_data["position"]
        return LAST if position is None else position

    def _get_validation_exclusions(self) -> Any:
        return super()._get_validation_exclusions() | {"position", "publication"}  # type: ignore[misc]


class ItemRows(BaseInlineFormSet):  # type: ignore[type-arg]
    """The publications of an issue: each once, and not too many."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid()]
        works = [row["publication"] for row in rows if row and not row.get("DELETE")]
        if len(set(works)) < len(works):
            raise ValidationError(_("The same publication stands in the issue twice."))
        if len(works) > MOST_ITEMS:
            raise ValidationError(
                _("An issue holds at most %(most)d publications.") % {"most": MOST_ITEMS}
            )

    def validate_unique(self) -> None:
        """Leave the publications to `clean`, which has plainer words."""


class ScheduleForm(forms.Form):
    """A moment to come, in the site's time zone."""

    at = MomentField(
        label=gettext_lazy("Send from"),
        error_messages={"required": gettext_lazy("Choose a day and a time.")},
    )

    def clean_at(self) -> datetime:
        """Refuse what is past or so far away that it must be a slip."""
        at: datetime = self.cleaned_data["at"]
        now = timezone.now()
        if at <= now:
            raise ValidationError(_("This moment is past. Choose a later one, or send now."))
        if at > now + LONGEST_WAIT:
            raise ValidationError(_("Choose a moment within the next year."))
        return at
