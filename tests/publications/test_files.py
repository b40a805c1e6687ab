"""Downloads, pictures, the logo and the colors: who may have them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pixels

from publications.models import Attachment, Author, Image, SiteSettings, Spotlight
from publications.states import Status
from tests.factories import a_user, a_work

PDF = b"%PDF-1.4 a small one"


def a_picture() -> Image:
    data = BytesIO()
    Pixels.new("RGB", (8, 6), "navy").save(data, "PNG")
    file = ContentFile(data.getvalue(), "field.png")
    return Image.objects.create(file=file, alt="A navy field", credit="Staff")


def an_attachment(name="paper.pdf", content=PDF, **work) -> Attachment:
    return Attachment.objects.create(
        publication=a_work(**work), file=ContentFile(content, name), size=len(content)
    )


def body_of(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_file_of_a_published_work_is_for_everybody(reader):
    response = reader.get(an_attachment().get_absolute_url())
    assert body_of(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")


def test_what_a_browser_need_not_show_is_downloaded(reader):
    response = reader.get(an_attachment("table.csv", b"year,ships").get_absolute_url())
    assert body_of(response) == b"year,ships"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"published_at": timezone.now() + timedelta(days=400)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_a_file_of_a_hidden_work_is_for_staff_with_the_right(client, hidden):
    address = an_attachment(**hidden).get_absolute_url()
    assert client.get(address).status_code == 404
    client.force_login(a_user())
    assert client.get(address).status_code == 404
    client.force_login(a_user("view_publication"))
    response = client.get(address)
    assert body_of(response) == PDF
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_has_one_name(reader):
    attachment = an_attachment()
    assert reader.get(f"/files/{attachment.pk}/other.pdf").status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(reader):
    attachment = an_attachment()
    attachment.file.storage.delete(attachment.file.name)
    assert reader.get(attachment.get_absolute_url()).status_code == 404


def test_a_picture_that_nothing_shows_is_for_staff_with_the_right(client):
    address = a_picture().get_absolute_url()
    assert client.get(address).status_code == 404
    client.force_login(a_user("view_image"))
    assert body_of(client.get(address)).startswith(b"\x89PNG")


def test_pictures_of_authors_and_spotlights_are_for_everybody(reader):
    portrait, own = a_picture(), a_picture()
    Author.objects.create(display_name="Hana Seo", slug="seo", portrait=portrait)
    spotlight = Spotlight.objects.create(
        publication=a_work(), image=own, starts_at=timezone.now() + timedelta(days=1)
    )
    assert body_of(reader.get(portrait.get_absolute_url()))
    # Tomorrow's Spotlight is nobody's business today.
    assert reader.get(own.get_absolute_url()).status_code == 404
    Spotlight.objects.filter(pk=spotlight.pk).update(starts_at=timezone.now())
    assert body_of(reader.get(own.get_absolute_url()))


def test_the_logo_and_the_colors_are_the_institute_s_own(reader):
    site = SiteSettings.objects.create(pk=1, brand_color="#123456", accent_color="#654321")
    assert reader.get("/logo/logo.png").status_code == 404
    assert "#123456" in reader.get("/theme.css").content.decode()
    data = BytesIO()
    Pixels.new("RGB", (8, 6), "navy").save(data, "PNG")
    site.logo.save("logo.png", ContentFile(data.getvalue()))
    assert body_of(reader.get(f"/logo/{site.logo.name.rpartition('/')[2]}"))
    assert f"/logo/{site.logo.name.rpartition('/')[2]}" in reader.get("/").content.decode()
