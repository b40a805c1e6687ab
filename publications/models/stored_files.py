"""Where uploaded files are kept, and the name under which readers ask for them."""

import secrets
import unicodedata
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils import timezone
from PIL import Image

# Of a name, without its ending: file systems count bytes, and Hangul takes three a syllable.
STEM_CHARACTERS = 80
STEM_BYTES = 160
SUFFIX = 12


class FolderOfItsOwn:
    """An `upload_to` that gives each file a folder no other file ever had.

    A stored name therefore means the same bytes for good, so that caches and histories
    may go by the name; and files of one name do not meet.
    """

    def __init__(self, root: str) -> None:
        self.root = root

    def __call__(self, _thing: models.Model, name: str) -> str:
        return f"{self.root}/{timezone.now():%Y/%m}/{secrets.token_hex(6)}/{short_name(name)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FolderOfItsOwn) and other.root == self.root

    def __hash__(self) -> int:
        return hash(self.root)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Say how migrations write this down."""
        return f"{__name__}.{type(self).__name__}", [self.root], {}


class PublicNameField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    """The last part of a file's address: the name it first had, whatever replaces it later."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 200, "editable": False, "default": "", **options})

    def deconstruct(self) -> Any:
        """Look like a plain field of characters to migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's
        """Take the name of the file, which is declared above this and stored before."""
        if not getattr(model_instance, self.attname):
            file: Any = getattr(model_instance, "file", None)
            setattr(model_instance, self.attname, last_part(file.name if file else ""))
        return super().pre_save(model_instance, add)


class PictureFileField(models.ImageField):
    """A picture's file; one that is gone or broken leaves its stored size as it is.

    Django opens the file whenever the field is set, to the very same name as well.
    """

    def update_dimension_fields(self, *args: Any, **options: Any) -> None:
        """Read width and height from the file, where that is possible."""
        with suppress(OSError, Image.DecompressionBombError):
            super().update_dimension_fields(*args, **options)

    def deconstruct(self) -> Any:
        """Look like Django's own field to migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs


def last_part(path: str | None) -> str:
    """Return the name of a file without its folders."""
    return (path or "").rpartition("/")[2]


def short_name(name: str) -> str:
    """Return a file's name as it can be stored: composed letters, and not too many of them."""
    path = PurePath(unicodedata.normalize("NFC", name).replace("\x00", ""))
    stem = path.stem[:STEM_CHARACTERS].encode()[:STEM_BYTES].decode("utf-8", "ignore")
    return f"{stem.strip(' .') or 'file'}{path.suffix[:SUFFIX]}"
