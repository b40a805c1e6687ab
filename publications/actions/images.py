"""Writing pictures: only what can be shown is stored, and nothing of who took it where."""

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from publications.models import Image, Rendering, SiteSettings
from publications.pictures import decoding
from publications.pictures.stripping import Bytes, strip


def store_image(image: Image) -> None:
    """Write an image; a new file loses what its pixels do not need, and waits for renditions."""
    stored = Image.objects.filter(pk=image.pk).values_list("file", flat=True).first()
    if image.file.name != stored:
        image.rendering, image.renditions = Rendering.WAITING, []
    with _clean_upload(image.file):
        image.save()


def store_settings(settings: SiteSettings) -> None:
    """Write the settings; a new logo loses what its pixels do not need."""
    with _clean_upload(settings.logo):
        settings.save()


def forget_renditions(image: Image) -> None:
    """Let the smaller versions be made anew."""
    image.rendering, image.renditions = Rendering.WAITING, []
    Image.objects.filter(pk=image.pk).update(rendering=Rendering.WAITING, renditions=[])


@contextmanager
def _clean_upload(field: FieldFile) -> Iterator[None]:
    """While it lasts, an upload that is about to be stored stands in the field as a clean copy."""
    if not field or field._committed:  # type: ignore[attr-defined]  # noqa: SLF001
        yield
        return
    name, stream = field.name, field.file
    facts = decoding.check(stream)
    if facts is None:
        _refuse()
    with ExitStack() as stack:
        clean = _stripped(stream, facts.kind, stack) if _may_be_stripped(facts) else None
        if clean is None and (facts.is_turned or facts.is_described or facts.kind != "AVIF"):
            clean = _encoded_anew(stream, facts, stack)
        if clean is not None:
            clean.flush()
            setattr(field.instance, field.field.name, File(clean, name=name))
        yield


def _may_be_stripped(facts: decoding.Checked) -> bool:
    """Say whether cutting is enough; a picture that lies on its side is encoded upright."""
    return facts.kind != "AVIF" and not facts.is_turned


def _stripped(stream: IO[bytes], kind: str, stack: ExitStack) -> IO[bytes] | None:
    """Return a copy without what pixels do not need; None for a file of an unusual build."""
    data = stack.enter_context(_mapped(stream))
    pieces = strip(data, kind)
    if pieces is None:
        return None
    clean = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    for piece in pieces:
        clean.write(piece)
    return clean


def _encoded_anew(stream: IO[bytes], facts: decoding.Checked, stack: ExitStack) -> IO[bytes]:
    path = stack.enter_context(decoding.encoded_anew(stream))
    if path is None or facts.is_moving:
        _refuse()
    return stack.enter_context(path.open("rb"))


@contextmanager
def _mapped(stream: Any) -> Iterator[Bytes]:
    """Give the bytes of a stream; those of a file on disk without reading them into memory."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError):
        stream.seek(0)
        yield stream.read()
        return
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as data:
        yield data


def _refuse() -> NoReturn:
    raise ValidationError(
        _("The picture is cut off or broken: it cannot be decoded to its end."), code="broken"
    )
