"""Files to upload, good and bad, and a body of any size that takes no memory."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image as Pixels


def a_picture(
    form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how
) -> bytes:
    stream = io.BytesIO()
    gradient = Pixels.linear_gradient("L").resize(size)
    Pixels.merge("RGB", (gradient, gradient.rotate(180), gradient)).convert(mode).save(
        stream, form, **how
    )
    return stream.getvalue()


def exif(orientation: int = 1) -> bytes:
    """What a telephone writes: its make, who, when, and where on earth."""
    tags = Pixels.Exif()
    tags[0x010F] = "Telephone"
    tags[0x013B] = "Kim Secret"
    tags[0x0112] = orientation
    tags.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    return tags.tobytes()


def a_header_of(side: int) -> bytes:
    """A PNG of a few bytes that says it is a square of this many pixels a side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


class LongBody(io.RawIOBase):
    """The body of a form with a file of any size, made while it is read."""

    BOUNDARY = "a-boundary-of-our-own"

    def __init__(
        self, fields: dict[str, Any], field: str, name: str, size: int,
        head: bytes = b"", look: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        parts = [
            f'--{self.BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f"--{self.BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        self._before = "".join(parts).encode() + head
        self._after = (
            f'\r\n--{self.BOUNDARY}\r\nContent-Disposition: form-data; name="_save"\r\n\r\nSave\r\n'
            f"--{self.BOUNDARY}--\r\n"
        ).encode()
        self._filling = size - len(head)
        self.length = len(self._before) + self._filling + len(self._after)
        self._look = look

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.BOUNDARY}"

    def read(self, size: int = -1) -> bytes:
        self._look()
        if self._before:
            given, self._before = self._before[:size], self._before[size:]
            return given
        if self._filling:
            number = min(size, self._filling)
            self._filling -= number
            return b"\x00" * number
        given, self._after = self._after[:size], self._after[size:]
        return given
