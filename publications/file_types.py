"""Which files may be uploaded: known types whose content is what the name says."""

import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image

from kei_site.common.uploads import check_arrival

HEAD = 4096
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<iframe")
PICTURES = {
    "JPEG": {".jpg", ".jpeg"},
    "PNG": {".png"},
    "WEBP": {".webp"},
    "GIF": {".gif"},
    "AVIF": {".avif"},
}
MAX_PIXELS = 50_000_000
MAX_ZIP_ENTRIES = 10_000


def check_document(file: File) -> None:  # type: ignore[type-arg]
    """Refuse a download that is too big, of no known type, or not what its name says."""
    check_arrival(file)
    suffix = _suffix(file)
    if suffix not in DOCUMENTS:
        raise ValidationError(
            _("Files of the type “%(suffix)s” cannot be uploaded. These can: %(known)s."),
            code="type",
            params={"suffix": suffix or _("none"), "known": " ".join(sorted(DOCUMENTS))},
        )
    if not DOCUMENTS[suffix](file):
        raise ValidationError(
            _("The file’s name ends in %(suffix)s, but its content is something else."),
            code="content",
            params={"suffix": suffix},
        )


def check_picture(file: File) -> None:  # type: ignore[type-arg]
    """Refuse a picture that is too big, broken, or of a type that browsers do not share.

    Its size in pixels is read from the header: nothing is decoded before it is known.
    """
    check_arrival(file)
    try:
        file.seek(0)
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            kind, (width, height) = picture.format or "", picture.size
            if width * height <= MAX_PIXELS:
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse_pixels()
    except Exception as error:
        raise ValidationError(
            _("This is not a JPEG, PNG, WebP, GIF or AVIF picture, or it is broken."), code="broken"
        ) from error
    finally:
        file.seek(0)
    if width * height > MAX_PIXELS:
        _refuse_pixels()
    if _suffix(file) not in PICTURES[kind]:
        raise ValidationError(
            _("This is a %(kind)s picture: its name must end in %(suffixes)s."),
            code="suffix",
            params={"kind": kind, "suffixes": " / ".join(sorted(PICTURES[kind]))},
        )


def _refuse_pixels() -> None:
    raise ValidationError(
        _("The picture has more than %(limit)s million pixels. Make it smaller first."),
        code="pixels",
        params={"limit": MAX_PIXELS // 1_000_000},
    )


def _suffix(file: File) -> str:  # type: ignore[type-arg]
    return PurePath(file.name or "").suffix.lower()


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head


def _is_pdf(file: IO[bytes]) -> bool:
    return _head(file).startswith(b"%PDF-")


def _is_mp3(file: IO[bytes]) -> bool:
    head = _head(file)
    return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")


def _is_text(file: IO[bytes]) -> bool:
    head = _head(file)
    return b"\x00" not in head and not any(tag in head.lower() for tag in MARKUP)


def _is_zip(file: IO[bytes]) -> bool:
    return _names_in_zip(file) is not None


def _office(folder: str) -> Callable[[IO[bytes]], bool]:
    """Recognize an Office file by the folder in it."""

    def recognize(file: IO[bytes]) -> bool:
        names = _names_in_zip(file) or []
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return recognize


def _is_epub(file: IO[bytes]) -> bool:
    return _names_in_zip(file) is not None and b"mimetypeapplication/epub+zip" in _head(file)


def _names_in_zip(file: IO[bytes]) -> list[str] | None:
    """Return the names in a ZIP file, which must start as one; None for any other file."""
    if not _head(file).startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        file.seek(0)
    return names if len(names) <= MAX_ZIP_ENTRIES else None


DOCUMENTS: dict[str, Callable[[IO[bytes]], bool]] = {
    ".pdf": _is_pdf,
    ".docx": _office("word/"),
    ".xlsx": _office("xl/"),
    ".pptx": _office("ppt/"),
    ".epub": _is_epub,
    ".zip": _is_zip,
    ".csv": _is_text,
    ".txt": _is_text,
    ".mp3": _is_mp3,
}
