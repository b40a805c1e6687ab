"""Smaller versions of pictures: made outside requests, shown as soon as they are there."""

import io
import re
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from lxml import html
from PIL import Image as Pixels

from publications.actions import editing
from publications.actions.renditions import render_next
from publications.models import Image, Rendering
from tests.factories import a_user, a_work
from tests.publications.test_media_stripping import moving
from tests.publications.uploads import a_header_of, a_picture


def an_image(name: str = "ship.jpg", content: bytes = b"", **facts: Any) -> Image:
    file = ContentFile(content or a_picture("JPEG", (1200, 800)), name)
    return Image.objects.create(file=file, alt="A ship", credit="Staff", **facts)


def versions_of(image: Image) -> list[str]:
    call_command("make_renditions", "--once", verbosity=0)
    image.refresh_from_db()
    return list(image.renditions)


def body_of(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("width", "widths"),
    [(2000, [480, 960, 1600]), (1600, [480, 960, 1600]), (1200, [480, 960, 1200]), (300, [300])],
)
def test_versions_are_narrower_and_never_blown_up(width: int, widths: list[int]) -> None:
    image = an_image(content=a_picture("JPEG", (width, width // 2)))
    versions_of(image)
    assert [wide for wide, _ in image.widths(".webp")] == widths
    assert [wide for wide, _ in image.widths(".jpg")] == widths
    for wide, name in image.widths(".webp"):
        with Pixels.open(Path(image.file.storage.path(image.rendition_path(name)))) as version:
            assert (version.format, version.size) == ("WEBP", (wide, round(wide / 2)))


def sixteen_bits() -> bytes:
    stream = io.BytesIO()
    Pixels.new("I;16", (60, 40), 40_000).save(stream, "PNG")
    return stream.getvalue()


def see_through() -> bytes:
    stream = io.BytesIO()
    Pixels.new("RGBA", (60, 40), (200, 0, 0, 90)).save(stream, "PNG")
    return stream.getvalue()


# What is uploaded, what becomes of it, in which formats, and its color in the middle.
KINDS = {
    "photo.jpg": (a_picture(size=(60, 40)), Rendering.MADE, {"jpg", "webp"}),
    "print.jpg": (a_picture(size=(60, 40), mode="CMYK"), Rendering.MADE, {"jpg", "webp"}),
    "gray.jpg": (a_picture(size=(60, 40), mode="L"), Rendering.MADE, {"jpg", "webp"}),
    "palette.png": (a_picture("PNG", (60, 40), "P"), Rendering.MADE, {"jpg", "webp"}),
    "bits.png": (a_picture("PNG", (60, 40), "1"), Rendering.MADE, {"jpg", "webp"}),
    "deep.png": (sixteen_bits(), Rendering.MADE, {"jpg", "webp"}),
    "see-through.png": (see_through(), Rendering.MADE, {"webp"}),
    "opaque.png": (a_picture("PNG", (60, 40), "RGBA"), Rendering.MADE, {"jpg", "webp"}),
    "photo.avif": (a_picture("AVIF", (60, 40)), Rendering.MADE, {"jpg", "webp"}),
    "still.gif": (a_picture("GIF", (60, 40), "P"), Rendering.MADE, {"jpg", "webp"}),
    "moving.gif": (moving("GIF"), Rendering.AS_IT_IS, set()),
    "moving.webp": (moving("WEBP"), Rendering.AS_IT_IS, set()),
    "cut.jpg": (a_picture(size=(600, 400))[:4000], Rendering.BROKEN, set()),
    "huge.png": (a_header_of(50_000), Rendering.BROKEN, set()),
    "thin.png": (a_picture("PNG", (4000, 2)), Rendering.MADE, {"jpg", "webp"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_has_its_end(name: str) -> None:
    content, outcome, formats = KINDS[name]
    image = an_image("a.jpg", a_picture(size=(60, 40)))
    # Stored without the checks of the form, as by an import of before.
    stored = image.file.storage.save(f"images/old/{name}", ContentFile(content))
    Image.objects.filter(pk=image.pk).update(file=stored)
    assert {each.partition(".")[2] for each in versions_of(image)} == formats
    assert image.rendering == outcome
    # Whatever it was, it is not tried again.
    assert render_next() is None


@pytest.mark.django_db
def test_sixteen_bits_are_scaled_not_cut() -> None:
    image = an_image("deep.png", sixteen_bits())
    versions_of(image)
    with Pixels.open(image.file.storage.path(image.rendition_path("60.jpg"))) as version:
        red, _, _ = version.convert("RGB").getpixel((30, 20))
    assert abs(red - 40_000 // 256) < 4


@pytest.mark.django_db
def test_a_file_that_is_gone_is_marked(caplog: Any) -> None:
    image = an_image()
    image.file.storage.delete(image.file.name)
    assert versions_of(image) == []
    assert image.rendering == Rendering.BROKEN
    assert "broken or gone" in caplog.text


def test_a_page_shows_the_picture_itself_and_then_its_versions(reader: Client) -> None:
    image = an_image()
    work = a_work(lead_image=image)

    def shown() -> Any:
        return html.fromstring(reader.get(work.get_absolute_url()).content)

    before = shown().xpath("//figure//img")[0]
    assert before.get("src") == image.get_absolute_url()
    assert (before.get("width"), before.get("height")) == ("1200", "800")
    versions_of(image)
    source, img = shown().xpath("//figure/picture/source")[0], shown().xpath("//figure//img")[0]
    assert source.get("type") == "image/webp"
    assert [each.split()[1] for each in source.get("srcset").split(", ")] == [
        "480w",
        "960w",
        "1200w",
    ]
    assert source.get("sizes") == img.get("sizes") != ""
    assert (img.get("width"), img.get("height")) == ("1200", "800")
    for address in [img.get("src"), *re.findall(r"/images/\S+", source.get("srcset"))]:
        response = reader.get(address)
        assert body_of(response)
        assert "immutable" in response["Cache-Control"]
        assert response["Content-Type"] in {"image/jpeg", "image/webp"}


def test_the_point_that_matters_stays_in_sight(reader: Client) -> None:
    work = a_work(lead_image=an_image(focus_x=82, focus_y=10))
    for address in (work.get_absolute_url(), "/publications/", "/search/"):
        page = html.fromstring(reader.get(address).content)
        assert page.xpath(f"//img[@src='{work.lead_image.get_absolute_url()}']/@class") == [
            "fx4 fy0"
        ]


def test_pictures_inside_the_text_have_versions_too(reader: Client) -> None:
    image = an_image()
    body = f'<p>A</p><figure><img alt="x &gt; y" src="{image.get_absolute_url()}"></figure>'
    work = a_work(body=body)
    versions_of(image)
    page = html.fromstring(reader.get(work.get_absolute_url()).content)
    img = page.xpath("//div[contains(@class, 'prose')]//picture//img")[0]
    assert (img.get("alt"), img.get("width"), img.get("loading")) == ("A ship", "1200", "lazy")


def test_a_version_of_before_leads_to_the_picture_of_now(staff: Client) -> None:
    image = an_image()
    versions_of(image)
    old = image.rendition_url("480.webp")
    image.file = ContentFile(a_picture("PNG", (90, 60)), "other.png")
    editing.save(image, by=a_user())
    image.refresh_from_db()
    assert (image.rendering, image.renditions) == (Rendering.WAITING, [])
    response = staff.get(old)
    assert (response.status_code, response["Location"]) == (302, image.get_absolute_url())


def test_a_picture_in_work_is_left_to_whoever_has_it(committed: None) -> None:
    """A second maker passes over it, and a work may begin to use it meanwhile."""
    image = an_image(content=a_picture(size=(60, 40)))
    found: list[Any] = []

    def second() -> None:
        found.append(render_next())
        a_work(lead_image=image)
        connection.close()

    with transaction.atomic():
        Image.objects.select_for_update(no_key=True).get(pk=image.pk)
        other = Thread(target=second)
        other.start()
        other.join(20)
        assert not other.is_alive()
    assert found == [None]
    assert render_next() is not None
