"""The pages of texts that are not saved: both versions of a thing, and a text without one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField

from publications.actions.applying import STANDING
from publications.actions.recording import revisions_of, seen_as
from publications.actions.resolving import differences
from publications.actions.working_copies import Subject
from publications.models import WorkingCopy
from publications.snapshots import name_of
from publications.snapshots.diffing import changes, in_full
from publications.snapshots.merging import Difference
from publications.snapshots.readable import readable

SAVES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of a form as it was typed, to be copied by hand."""

    label: str
    text: str


class UnsavedPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """What a working copy looks like."""

    def conflict_page(
        self,
        request: HttpRequest,
        thing: Any,
        version: WorkingCopy,
        status: int = 200,
        *,
        chosen: Mapping[str, str] | None = None,
        said: Sequence[str] = (),
    ) -> HttpResponse:
        """Show both versions field by field."""
        thing.refresh_from_db()
        saves = revisions_of(thing).filter(number__gt=version.base_revision)
        was = seen_as(thing, version.base_revision)
        told = changes(self.model, was, version.snapshot or {}) if was else []
        return self._unsaved_page(
            request,
            "conflict",
            status,
            title=_("Somebody else saved this while you were writing"),
            thing=thing,
            version=version,
            differences=differences(thing, version, chosen),
            standing=[each for each in told if each.name in STANDING],
            saves=list(saves.defer("snapshot").order_by("-number")[:SAVES_SHOWN]),
            said=said,
            address=self._address_of(version),
            form_url=self.form_url(thing.pk),
        )

    def text_page(
        self, request: HttpRequest, copy: WorkingCopy, status: int, *, gone: bool = True
    ) -> HttpResponse:
        """Show what was typed as text to copy, and the way to make something of it."""
        title = _("This was deleted while you were writing") if gone else _("What you did not save")
        add = self.form_url(0) if self.has_add_permission(request) else ""
        back = add if gone else self.form_url(copy.object_id)
        return self._unsaved_page(
            request,
            "text",
            status,
            title=title,
            gone=gone,
            typed=self._typed(request, copy),
            discard_url=self._address_of(copy),
            bring_back_url=f"{back}?unsaved={copy.pk}" if back and copy.pk and copy.form else "",
        )

    def _address_of(self, copy: WorkingCopy) -> str:
        """Return the address at which a working copy can be looked at and discarded."""
        if copy.pk is None:
            return ""
        name = f"admin:publications_{self.opts.model_name}"
        if copy.form is None:
            return reverse(f"{name}_conflict", args=[copy.object_id, copy.pk])
        return reverse(f"{name}_unsaved", args=[copy.object_id])

    def _typed(self, request: HttpRequest, copy: WorkingCopy) -> list[Typed]:
        """Return the texts of a working copy by the labels of their fields."""
        if copy.form is None:
            told = in_full(self.model, copy.snapshot or {})
            return [Typed(label, text) for label, text in told if text]
        form = self.get_form(request, None, change=False)
        return [
            Typed(str(field.label), text)
            for name, field in form.base_fields.items()
            if isinstance(field.widget, forms.TextInput | forms.Textarea)
            and (text := _as_text(field, copy.form.get(name, [""])[-1]))
        ]

    def _writable(self, request: HttpRequest, number: int) -> Any:
        """Return the thing of this number, 0 being a new one; refuse who may not write it."""
        thing = self.get_object(request, str(number)) if number else None
        allowed = (
            self.has_change_permission(request, thing)
            if number
            else self.has_add_permission(request)
        )
        if not allowed:
            raise PermissionDenied
        return thing

    def _subject(self, request: HttpRequest, number: int) -> Subject:
        return Subject(request.user, name_of(self.model), number)

    def form_url(self, number: int) -> str:
        """Return the address of the form of a thing, 0 being a new one."""
        name = f"admin:publications_{self.opts.model_name}"
        return reverse(f"{name}_change", args=[number]) if number else reverse(f"{name}_add")

    def _list_url(self) -> str:
        return reverse(f"admin:publications_{self.opts.model_name}_changelist")

    def _unsaved_page(
        self, request: HttpRequest, name: str, status: int, **facts: Any
    ) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **facts}
        template = f"admin/publications/unsaved/{name}.html"
        return TemplateResponse(request, template, context, status=status)


def differing(thing: Any, version: WorkingCopy) -> list[Difference]:
    """Return the differences, none when all that I changed is there already."""
    listed = differences(thing, version)
    return listed if any(each.changed_by != "theirs" for each in listed) else []


def _as_text(field: Any, typed: str) -> str:
    return readable(typed) if isinstance(field, ProseEditorFormField) else typed.strip()
