"""What a picture's file tells beside its pixels: taken out, and no pixel changes."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pixels
from PIL import ImageCms, PngImagePlugin

from publications.models import Image, SiteSettings
from publications.pictures.stripping import WALKS, strip
from tests.publications.desk import errors_in, save
from tests.publications.uploads import a_picture, exif

SECRETS = (b"Kim Secret", b"Telephone", b"Exif", b"http://ns.adobe.com/xap", b"GPS", b"hidden")
XMP = b"<x:xmpmeta>http://ns.adobe.com/xap/1.0/ Kim Secret</x:xmpmeta>"


def text_chunks() -> PngImagePlugin.PngInfo:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Kim Secret")
    words.add_itxt("Place", "hidden", zip=False)
    return words


def moving(form: str) -> bytes:
    stream = io.BytesIO()
    frames = [Pixels.new("RGB", (20, 10), color) for color in ("red", "green", "blue")]
    more: dict[str, Any] = {"comment": b"Kim Secret"} if form == "GIF" else {"exif": exif()}
    frames[0].save(
        stream, form, save_all=True, append_images=frames[1:], duration=90, loop=0, **more
    )
    return stream.getvalue()


TELLING = {
    "photo.jpg": a_picture("JPEG", exif=exif(), comment=b"hidden", xmp=XMP),
    "progressive.jpg": a_picture("JPEG", exif=exif(), progressive=True, quality=95),
    # Telephones append a second picture, or a film, with facts of its own.
    "tail.jpg": a_picture("JPEG") + a_picture("JPEG", exif=exif()),
    "print.jpg": a_picture("JPEG", mode="CMYK", exif=exif()),
    "drawing.png": a_picture("PNG", exif=exif(), pnginfo=text_chunks()),
    "palette.png": a_picture("PNG", mode="P", exif=exif()),
    "photo.webp": a_picture("WEBP", exif=exif(), xmp=XMP),
    "lossless.webp": a_picture("WEBP", exif=exif(), lossless=True),
    "moving.webp": moving("WEBP"),
    "moving.gif": moving("GIF"),
    "photo.avif": a_picture("AVIF", exif=exif(), xmp=XMP),
}


@pytest.mark.parametrize("name", TELLING)
def test_nothing_is_served_of_who_took_a_picture_and_where(staff: Client, name: str) -> None:
    before = TELLING[name]
    assert any(secret in before for secret in SECRETS)
    response = save(
        staff, "image", file=SimpleUploadedFile(name, before), alt="A ship", credit="Staff"
    )
    assert response.status_code == 302, errors_in(response)
    after = b"".join(staff.get(Image.objects.get().get_absolute_url()).streaming_content)
    assert not [secret for secret in SECRETS if secret in after]
    assert len(after) < len(before)
    with Pixels.open(io.BytesIO(before)) as old, Pixels.open(io.BytesIO(after)) as new:
        assert not new.getexif()
        assert (new.format, new.size) == (old.format, old.size)
        assert getattr(new, "n_frames", 1) == getattr(old, "n_frames", 1)
        # AVIF is the one that has to be encoded anew.
        if old.format != "AVIF":
            assert new.mode == old.mode
            assert new.convert("RGB").tobytes() == old.convert("RGB").tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_that_lies_on_its_side_is_stored_upright(
    staff: Client, form: str, orientation: int
) -> None:
    upload = SimpleUploadedFile(
        f"a.{form.lower()}", a_picture(form, (64, 32), exif=exif(orientation))
    )
    assert save(staff, "image", file=upload, alt="A", credit="B").status_code == 302
    image = Image.objects.get()
    upright = (64, 32) if orientation == 3 else (32, 64)
    assert (image.width, image.height) == upright
    with Pixels.open(image.file.path) as stored:
        assert stored.size == upright
        assert not stored.getexif()


def test_a_color_profile_stays(staff: Client) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = SimpleUploadedFile("a.jpg", a_picture("JPEG", exif=exif(), icc_profile=profile))
    save(staff, "image", file=upload, alt="A", credit="B")
    with Pixels.open(Image.objects.get().file.path) as stored:
        assert stored.info["icc_profile"] == profile


def test_the_logo_tells_nothing_either(staff: Client) -> None:
    site, _ = SiteSettings.objects.get_or_create(pk=1)
    upload = SimpleUploadedFile("logo.png", TELLING["drawing.png"])
    assert save(staff, "sitesettings", site.pk, logo=upload).status_code == 302
    with SiteSettings.objects.get().logo.open("rb") as stored:
        assert b"Kim Secret" not in stored.read()


@given(kind=st.sampled_from(sorted(WALKS)), content=st.binary(max_size=400))
def test_any_bytes_have_an_answer(kind: str, content: bytes) -> None:
    for start in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\x00\x00\x00WEBP"):
        pieces = strip(start + content, kind)
        assert pieces is None or len(b"".join(pieces)) <= len(start + content) + 12


@given(name=st.sampled_from(sorted(TELLING)), at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_damaged_pictures_have_an_answer(name: str, at: int, byte: int) -> None:
    content = bytearray(TELLING[name])
    content[at % len(content)] = byte
    for kind in WALKS:
        pieces = strip(bytes(content), kind)
        assert pieces is None or b"".join(pieces) is not None
