"""Model fields that every kind of record here uses."""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from kei_site.common.html import sanitize

# Whatever the sanitizer keeps and the editor does not know dies at the first edit,
# so that the two lists go together.
EDITOR_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Strike": True,
    "Superscript": True,
    "Subscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"protocols": ["http", "https", "mailto", "tel"], "enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": True,
    "Figure": True,
    "Caption": True,
    "History": True,
    # Writers want the browser's spelling marks.
    "NoSpellCheck": False,
}


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
                "widget": AdminProseEditorWidget,
                "sanitize": sanitize,
                "config": {"extensions": EDITOR_EXTENSIONS},
            }
        )

    def deconstruct(self) -> Any:
        """Look like a plain text field to migrations: the editor is not schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
