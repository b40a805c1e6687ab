"""Uploads that are too big: counted while they arrive, and not stored."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MEGABYTE = 1024 * 1024
# So many files of the largest size may come with one form.
MOST_AT_ONCE = 10


class StopAtLimit(FileUploadHandler):
    """Lets nothing through to memory or disk that is over the limit.

    Such a file reaches the form empty, but with its true size, so that the form can refuse it in
    words and keep all else that was typed. It stands before Django's own handlers.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._is_over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand bytes on until there are too many; the rest is only counted."""
        limit = settings.MAX_UPLOAD_MB * MEGABYTE
        self._all += len(raw_data)
        if self._all > limit * MOST_AT_ONCE:
            raise StopUpload(connection_reset=True)
        if start + len(raw_data) > limit:
            if not self._is_over:
                self._is_over = True
                self._let_go()
            return None
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Give the form what it needs to refuse a file that was too big."""
        if not self._is_over:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)

    def _let_go(self) -> None:
        """Give back at once the room that the beginning of the file has taken."""
        handlers: Any = getattr(self.request, "upload_handlers", ())
        for handler in handlers:
            file = getattr(handler, "file", None)
            if handler is not self and file is not None and not file.closed:
                file.close()
