"""The form of a publication and of the rows that belong to it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from publications.actions.spotlight import ensure_free
from publications.actions.translations import original_of
from publications.file_types import check_document
from publications.forms.moments import ensure_to_come
from publications.forms.pending import refuse_standing, take_out_standing
from publications.forms.staff import AddressForm, StaffForm
from publications.models import Spotlight
from publications.permissions import may_move
from publications.states import Status


class PublicationForm(AddressForm):
    """A publication; where it stands is changed by the buttons of its steps."""

    named_by = "title"
    # The form makes changes that wait, and was opened over such changes.
    for_later: ClassVar[bool] = False
    shows_draft: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.shows_draft:
            take_out_standing(self)
        here = Status(self.instance.status)
        if "published_at" not in self.fields or here != Status.PUBLISHED:
            return
        if not may_move(self.user, self.instance, here):
            for name in {"published_at", "withdraw_at"} & self.fields.keys():
                self.fields[name].disabled = True

    def clean_translation_of(self) -> Any:
        """Whoever chooses a translation means the work that it is a translation of."""
        chosen = self.cleaned_data["translation_of"]
        return chosen and original_of(chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.for_later:
            refuse_standing(self)
        if "published_at" not in self.changed_data:
            # The widget has no microseconds; the date that nobody touched does.
            cleaned["published_at"] = self.instance.published_at
        # A published work that loses its date stays where it was.
        if self.instance.status == Status.PUBLISHED and "published_at" not in self.errors:
            cleaned["published_at"] = cleaned.get("published_at") or self.instance.published_at
        return cleaned

    def clean_withdraw_at(self) -> Any:
        """Refuse a moment that is past, unless it stood there before."""
        moment = self.cleaned_data["withdraw_at"]
        if "withdraw_at" not in self.changed_data:
            return self.instance.withdraw_at
        ensure_to_come(moment)
        return moment


class BylineRow(StaffForm):
    """One name; its place is settled with the other rows, not against the database."""

    def _get_validation_exclusions(self) -> Any:
        return super()._get_validation_exclusions() | {"position", "author"}  # type: ignore[misc]


class BylineRows(BaseInlineFormSet):  # type: ignore[type-arg]
    """A byline: rows are numbered in the order given, equal numbers keep the order of the rows."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if self._counts(form)]
        names = [(form.cleaned_data.get("author"), form.cleaned_data.get("role")) for form in rows]
        if len(set(names)) < len(names):
            raise ValidationError(_("The same author stands in the byline twice in one role."))
        ordered = sorted(rows, key=lambda form: form.cleaned_data.get("position") or 0)
        for place, form in enumerate(ordered, start=1):
            if form.instance.position != place or not form.instance.pk:
                form.instance.position = place
                form.changed_data.append("position")

    def validate_unique(self) -> None:
        """Leave the places and names to `clean`, which has plainer words."""

    def _counts(self, form: forms.BaseForm) -> bool:
        return bool(
            form.is_valid()
            and form.cleaned_data
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("author")
        )


class AttachmentForm(StaffForm):
    """A file for readers, checked for what it really is."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            check_document(file)
        return file


class SpotlightForm(StaffForm):
    """A time in the Spotlight; one without an end lasts until the next begins."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in {"starts_at", "ends_at"} & cleaned.keys():
            if self.instance.pk and name not in self.changed_data:
                # The widget has no microseconds; the moment that nobody touched does.
                cleaned[name] = getattr(self.instance, name)
        if cleaned.get("starts_at") and "ends_at" in cleaned:
            ensure_free(
                Spotlight(
                    pk=self.instance.pk, starts_at=cleaned["starts_at"], ends_at=cleaned["ends_at"]
                )
            )
        return cleaned

    def _get_validation_exclusions(self) -> Any:
        # The constraint knows nothing of the open end that the action will close.
        return super()._get_validation_exclusions() | {"starts_at"}  # type: ignore[misc]


class SpotlightRow(SpotlightForm):
    """The same inside the form of a work: empty until somebody wants it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begin = self.fields.get("starts_at")
        if begin and self.instance.pk is None:
            begin.initial, begin.show_hidden_initial = None, False
            begin.help_text = _("Fill this in to feature the work.")
