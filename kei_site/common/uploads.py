"""Uploads that are too big or lead to another folder: not stored, and refused in words."""

import html
import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http.multipartparser import MultiPartParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
# So many files of the largest size may come with one form.
MOST_AT_ONCE = 10


def check_arrival(file: File) -> None:  # type: ignore[type-arg]
    """Refuse a file of which nothing was kept when it arrived."""
    if isinstance(file, ClimbingFile):
        raise ValidationError(
            _("The file’s name leads to another folder (“../”). Choose it again by a plain name."),
            code="name",
        )
    limit = settings.MAX_UPLOAD_MB * MEGABYTE
    if file.size > limit:
        raise ValidationError(
            _("The file has %(size)s; at most %(limit)s can be uploaded."),
            code="size",
            params={"size": filesizeformat(file.size), "limit": filesizeformat(limit)},
        )


class ClimbingName(str):
    """The last part of a name that led up through `..`, as no browser sends it."""

    __slots__ = ()


class ClimbingFile(UploadedFile):  # type: ignore[type-arg]
    """Stands for a file that was sent under such a name."""


class UploadParser(MultiPartParser):
    """Marks names that lead up; Django's own cuts them short and says nothing."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        """Return the last part of a name, or nothing if there is none."""
        last = super().sanitize_file_name(file_name)
        if ".." in re.split(r"[/\\]", html.unescape(file_name)):
            return ClimbingName(last or "file")
        return last


class StopAtLimit(FileUploadHandler):
    """Lets nothing through to memory or disk that is over the limit or leads to another folder.

    Such a file reaches the form empty, but with its true size, so that the form can refuse it in
    words and keep all else that was typed. It stands before Django's own handlers.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._is_over = False
        self._climbs = isinstance(self.file_name, ClimbingName)
        if self._climbs:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand bytes on until there are too many; the rest is only counted."""
        limit = settings.MAX_UPLOAD_MB * MEGABYTE
        self._all += len(raw_data)
        if self._all > limit * MOST_AT_ONCE:
            raise StopUpload(connection_reset=True)
        if self._climbs:
            return None
        if start + len(raw_data) > limit:
            if not self._is_over:
                self._is_over = True
                self._let_go()
            return None
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Give the form what it needs to refuse a file."""
        if not self._is_over and not self._climbs:
            return None
        kind = ClimbingFile if self._climbs else UploadedFile
        return kind(BytesIO(), self.file_name, self.content_type, file_size)

    def _let_go(self) -> None:
        """Give back at once the room that the beginning of the file has taken."""
        handlers: Any = getattr(self.request, "upload_handlers", ())
        for handler in handlers:
            file = getattr(handler, "file", None)
            if handler is not self and file is not None and not file.closed:
                file.close()
