"""Model fields that every kind of record here uses."""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorFormField

from kei_site.common.html import sanitize
from kei_site.common.pasting import tidy
from publications.models.editor import EXTENSIONS, Editor


class RichTextField(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Sanitized HTML.

    Cleaning happens where a value becomes a query parameter, so that no way in
    (form, importer, bulk write, `QuerySet.update`) can go round it.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return sanitize(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(
            **{
                **kwargs,
                "form_class": ProseEditorFormField,
                "widget": Editor,
                "sanitize": tidy,
                "config": {"extensions": EXTENSIONS},
            }
        )

    def deconstruct(self) -> Any:
        """Look like a plain text field to migrations: the editor is not schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
