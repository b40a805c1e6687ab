"""Taking out of a picture's file what its pixels do not need: place, camera, names, comments.

Nothing is decoded or encoded again, so that no quality is lost. The walk through a file is
total: whatever the bytes are, the answer is the parts to keep, or None for a file that is not
built as its type says. Colors stay: profiles, gamma and the like are kept.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

# From byte, to byte.
type Part = tuple[int, int]
# Markers of a JPEG that stand alone, and those of segments that pixels or colors need:
# APP0 (JFIF), APP2 (profiles; others of that number go), APP14 (Adobe's color transform).
STANDALONE = {0x01, *range(0xD0, 0xD8)}
KEPT_APPS = {0xE0, 0xEE}
ICC = b"ICC_PROFILE\x00"
END, SCAN = 0xD9, 0xDA
# Of a PNG: whatever can hold words or camera data.
PNG_NOISE = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX"}
WEBP_NOISE = {b"EXIF", b"XMP "}
# The bits by which a WebP says that it has the two chunks above.
WEBP_FLAGS = 0x08 | 0x04
MOST_PARTS = 200_000


class Bytes(Protocol):
    """Bytes or a memory map of them."""

    def __getitem__(self, index: slice, /) -> bytes: ...
    def __len__(self) -> int: ...
    def find(self, sub: bytes, start: int = ..., /) -> int: ...


def strip(data: Bytes, kind: str) -> Iterator[bytes] | None:
    """Return the pieces of a stripped copy; None for a file that can only be encoded anew."""
    walk = WALKS.get(kind)
    parts = walk(data) if walk else None
    if parts is None:
        return None
    return _webp(data, parts) if kind == "WEBP" else _pieces(data, parts)


def _pieces(data: Bytes, parts: list[Part], most: int = 1 << 20) -> Iterator[bytes]:
    for begin, end in parts:
        for at in range(begin, end, most):
            yield data[at : min(at + most, end)]


def _jpeg(data: Bytes) -> list[Part] | None:
    """Keep the segments that pixels need; what follows the end of the picture goes too."""
    if data[0:2] != b"\xff\xd8":
        return None
    parts, at = [(0, 2)], 2
    while len(parts) < MOST_PARTS:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        marker = data[at + 1 : at + 2]
        if data[at : at + 1] != b"\xff" or not marker:
            return None
        is_alone = marker[0] == END or marker[0] in STANDALONE
        end = at + 2 if is_alone else _segment_end(data, at)
        if end is None:
            return None
        if is_alone or _jpeg_needs(marker[0], data[at + 4 : at + 16]):
            end = _scan_end(data, end) if marker[0] == SCAN else end
            parts.append((at, end))
        if marker[0] == END:
            return parts
        at = end
    return None


def _segment_end(data: Bytes, at: int) -> int | None:
    length = int.from_bytes(data[at + 2 : at + 4])
    end = at + 2 + length
    return end if length >= 2 and end <= len(data) else None


def _jpeg_needs(marker: int, head: bytes) -> bool:
    is_app, is_comment = 0xE0 <= marker <= 0xEF, marker == 0xFE
    if marker == 0xE2:
        return head.startswith(ICC)
    return not is_comment and (not is_app or marker in KEPT_APPS)


def _scan_end(data: Bytes, at: int) -> int:
    """Find the marker that ends entropy-coded data: 0xFF 0x00 and restarts are part of it."""
    while (found := data.find(b"\xff", at)) != -1:
        following = data[found + 1 : found + 2]
        if following and following[0] not in (0x00, 0xFF) and following[0] not in STANDALONE:
            return found
        at = found + (1 if following == b"\xff" else 2)
    return len(data)


def _png(data: Bytes) -> list[Part] | None:
    if data[0:8] != b"\x89PNG\r\n\x1a\n":
        return None
    parts, at = [(0, 8)], 8
    while len(parts) < MOST_PARTS:
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if len(kind) < 4 or end > len(data):
            return None
        if kind not in PNG_NOISE:
            parts.append((at, end))
        if kind == b"IEND":
            return parts
        at = end
    return None


def _gif(data: Bytes) -> list[Part] | None:
    """Keep frames and the loop; comments and other applications' blocks go."""
    if data[0:6] not in (b"GIF87a", b"GIF89a"):
        return None
    at = 13 + _color_table(data[10:11])
    parts = [(0, at)]
    while len(parts) < MOST_PARTS:
        match data[at : at + 1]:
            case b"\x3b":
                return [*parts, (at, at + 1)]
            case b"\x21":
                end = _blocks_end(data, at + 2)
                keep = data[at + 1 : at + 2] == b"\xf9" or (
                    data[at + 1 : at + 2] == b"\xff" and data[at + 3 : at + 11] == b"NETSCAPE"
                )
            case b"\x2c":
                end = _blocks_end(data, at + 11 + _color_table(data[at + 9 : at + 10]))
                keep = True
            case _:
                return None
        if end is None:
            return None
        if keep:
            parts.append((at, end))
        at = end
    return None


def _color_table(flags: bytes) -> int:
    """Return the length of the table of colors that these flags announce."""
    if not flags or not flags[0] & 0x80:
        return 0
    return int(3 * 2 ** ((flags[0] & 7) + 1))


def _blocks_end(data: Bytes, at: int) -> int | None:
    """Skip data blocks up to the empty one."""
    while size := data[at : at + 1]:
        at += 1 + size[0]
        if not size[0]:
            return at
    return None


def _webp_chunks(data: Bytes) -> list[Part] | None:
    if data[0:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    total = 8 + int.from_bytes(data[4:8], "little")
    parts, at = [(0, 12)], 12
    while at < min(total, len(data)) and len(parts) < MOST_PARTS:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if len(data[at : at + 8]) < 8 or at + 8 + size > len(data):
            return None
        if data[at : at + 4] not in WEBP_NOISE:
            parts.append((at, min(end, len(data))))
        at = end
    return parts


def _webp(data: Bytes, parts: list[Part]) -> Iterator[bytes]:
    """Write the length anew, and take back the announcement of what is gone."""
    total = sum(end - begin for begin, end in parts) - 8
    yield b"RIFF" + total.to_bytes(4, "little") + b"WEBP"
    for begin, end in parts[1:]:
        if data[begin : begin + 4] == b"VP8X" and end - begin > 8:
            flags = data[begin + 8 : begin + 9][0] & ~WEBP_FLAGS
            yield data[begin : begin + 8] + bytes([flags])
            yield data[begin + 9 : end]
        else:
            yield from _pieces(data, [(begin, end)])


WALKS: dict[str, Callable[[Bytes], list[Part] | None]] = {
    "JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp_chunks,
}  # fmt: skip
