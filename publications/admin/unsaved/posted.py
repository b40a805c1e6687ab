"""What a form of the desk posts, read without the form."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.admin.options import ActionLocation
from django.db.models import FileField
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from publications.forms.rows import Rows, renumber

# The revision a form was opened with; the marker of the text it shows; the text to bring back.
BASE, KNOWN, CHOSEN = "_base", "_copy", "unsaved"
BUTTONS = ("_save", "_continue", "_addanother", "_saveasnew")
# Chosen above the form, for the thing as it is saved.
ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"
# What is no content of a form.
MACHINERY = {"csrfmiddlewaretoken", "_ping", "_selected_action", ACTION, KNOWN, *BUTTONS}
MOST_DIGITS = 9


def is_save(posted: QueryDict) -> bool:
    """Say whether a form was saved, and not an action chosen above it."""
    return ACTION not in posted or any(button in posted for button in BUTTONS)


def base_in(posted: Mapping[str, Any]) -> int | None:
    """Return the revision that a form was opened with; None for what is no form of the desk."""
    typed = posted.get(BASE)
    return None if typed is None else number_in(typed)


def number_in(typed: Any) -> int:
    """Return a number that came with a request, 0 for anything else."""
    text = str(typed)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0


def fields_in(posted: QueryDict) -> dict[str, list[str]]:
    """Return what was typed, without what belongs to the machinery."""
    return {
        name: [str(each) for each in values]
        for name, values in posted.lists()
        if name not in MACHINERY
    }


def with_fields(request: HttpRequest, fields: Mapping[str, Sequence[Any]], files: Any) -> Any:
    """Return a request like this one that posts other fields and files."""
    other: Any = copy.copy(request)
    other.method = "POST"
    other.POST = QueryDict(mutable=True)
    for name, values in fields.items():
        other.POST.setlist(name, list(values))
    other._files = MultiValueDict(files)  # noqa: SLF001 - Django has no setter
    return other


def fitted(request: HttpRequest, formsets: Sequence[Any], thing: Any) -> Any:
    """Return the same request with rows that fit those which `thing` has now."""
    fields, files = dict(request.POST.lists()), dict(request.FILES.lists())
    for rows in formsets:
        prefix = rows.get_default_prefix()
        if f"{prefix}-TOTAL_FORMS" in fields:
            fields, files = _fitting(rows, prefix, thing, Rows(fields, files))
    return with_fields(request, fields, files)


def _fitting(rows: Any, prefix: str, thing: Any, posted: Rows) -> Rows:
    if thing is None:
        # What the rows of a deleted thing belong to is not known yet.
        owner = f"-{rows.fk.name}"
        blank = {
            name: [""] if name.startswith(prefix) and name.endswith(owner) else values
            for name, values in posted.fields.items()
        }
        return renumber(blank, posted.files, prefix, known=(), file=_file_of(rows.model))
    ids = rows.model._default_manager.filter(**{rows.fk.name: thing})  # noqa: SLF001
    known = {str(pk) for pk in ids.values_list("pk", flat=True)}
    return renumber(*posted, prefix, known=known, file=_file_of(rows.model))


def _file_of(model: Any) -> str:
    """Return the name of the file that a row cannot be without, if any."""
    fields = model._meta.concrete_fields  # noqa: SLF001
    return next((f.name for f in fields if isinstance(f, FileField) and not f.blank), "")
