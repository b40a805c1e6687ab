"""Fields that Django draws in another way."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.widgets import AdminFileWidget
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was uploaded before: its name and where it can be looked at."""

    name: str
    url: str

    def __str__(self) -> str:
        return self.name


class StoredFileInput(AdminFileWidget):
    """A file with a link that works: files are sent by views, not from an open folder."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = _stored(value)
        return context


def _stored(file: Any) -> StoredFile:
    name = file.name.rpartition("/")[2]
    if hasattr(file.instance, "get_absolute_url"):
        return StoredFile(name, file.instance.get_absolute_url())
    return StoredFile(name, reverse("publications:logo", args=[name]))
