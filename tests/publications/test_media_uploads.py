"""Uploads that are refused, through every form of the desk that takes a file."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from publications.models import Attachment, Image, SiteSettings
from tests.factories import a_work
from tests.publications.desk import desk_url, errors_in, form_in, save
from tests.publications.uploads import LongBody, a_header_of, a_picture

MEGABYTE = 1024 * 1024
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"
WORDS = {"alt": "A ship", "credit": "Staff"}


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


BAD_PICTURES = {
    "an SVG with a script": ("drawing.svg", SVG, "not a JPEG"),
    "an SVG named .png": ("drawing.png", SVG, "not a JPEG"),
    "HTML named .jpg": ("page.jpg", HTML, "not a JPEG"),
    "a header of 50,000 x 50,000": ("huge.png", a_header_of(50_000), "more than 50 million pixels"),
    "a JPEG named .html": ("page.html", a_picture(), "must end in .jpeg / .jpg"),
    "a JPEG cut in half": (
        "half.jpg", cut_in_half(a_picture("JPEG", (600, 400))), "cut off or broken"),
    "a PNG cut in half": ("half.png", cut_in_half(a_picture("PNG", (600, 400))), "broken"),
    "a WebP cut in half": ("half.webp", cut_in_half(a_picture("WEBP", (600, 400))), "broken"),
    "nothing": ("none.jpg", b"", "not a JPEG"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD_PICTURES)
def test_a_bad_picture_is_refused_in_words_and_nothing_typed_is_lost(
    staff: Client, settings: Any, bad: str
) -> None:
    name, content, said = BAD_PICTURES[bad]
    response = save(staff, "image", file=SimpleUploadedFile(name, content), **WORDS)
    assert response.status_code == 200
    assert said in errors_in(response)
    assert form_in(response, "image")["alt"] == "A ship"
    assert not Image.objects.exists()
    assert not [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


@pytest.mark.parametrize("bad", BAD_PICTURES)
def test_a_bad_logo_is_refused_in_words(staff: Client, bad: str) -> None:
    name, content, said = BAD_PICTURES[bad]
    site, _ = SiteSettings.objects.get_or_create(pk=1)
    response = save(staff, "sitesettings", site.pk, logo=SimpleUploadedFile(name, content))
    assert response.status_code == 200
    assert said in errors_in(response)
    assert not SiteSettings.objects.get().logo


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("drawing.svg", SVG, "cannot be uploaded"),
        ("page.jpg", HTML, "cannot be uploaded"),
        ("page.pdf", HTML, "content is something else"),
        ("page.pdf", SVG, "content is something else"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_a_bad_attachment_is_refused_in_words(
    staff: Client, name: str, content: bytes, said: str
) -> None:
    work = a_work("Kept", body="<p>Kept.</p>")
    typed = {
        "attachments-TOTAL_FORMS": "1", "attachments-0-position": "1", "title": "Typed anew",
        "attachments-0-file": SimpleUploadedFile(name, content),
    }  # fmt: skip
    response = save(staff, "publication", work.pk, **typed)
    assert response.status_code == 200
    assert said in errors_in(response)
    assert form_in(response, "publication")["title"] == "Typed anew"
    assert not Attachment.objects.exists()


CLIMBING = (
    "../../../settings.jpg", "..\\..\\settings.jpg", "/srv/../settings.jpg", "a/..\\settings.jpg",
    "&#46;&#46;/settings.jpg", "..&#47;settings.jpg", "..", "settings.jpg/..", "../\x01",
)  # fmt: skip
SAID = "name leads to another folder"


@pytest.mark.parametrize("name", CLIMBING)
def test_a_name_that_leads_to_another_folder_is_refused_in_words_and_nothing_is_stored(
    staff: Client, settings: Any, tmp_path: Path, name: str
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # all goes to disk, if anywhere
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    fields = form_in(staff.get(desk_url("image", "add")), "image") | WORDS
    picture = a_picture()
    response = _send(
        staff, desk_url("image", "add"), LongBody(fields, "file", name, len(picture), picture)
    )
    assert response.status_code == 200
    assert SAID in errors_in(response)
    assert form_in(response, "image")["alt"] == "A ship"
    assert not Image.objects.exists()
    kept = [*tmp_path.rglob("*"), *Path(settings.MEDIA_ROOT).parent.rglob("*")]
    assert not [each for each in kept if each.is_file()]


@pytest.mark.parametrize("name", ["../report.pdf", "..", "..\\report.exe"])
def test_an_attachment_whose_name_leads_to_another_folder_is_refused(
    staff: Client, name: str
) -> None:
    work = a_work("Kept", body="<p>Kept.</p>")
    url = desk_url("publication", "change", work.pk)
    fields = form_in(staff.get(url), "publication") | {
        "attachments-TOTAL_FORMS": "1", "attachments-0-position": "1", "title": "Typed anew",
    }  # fmt: skip
    response = _send(staff, url, LongBody(fields, "attachments-0-file", name, 9, b"%PDF-1.7\n"))
    assert response.status_code == 200
    assert SAID in errors_in(response)
    assert form_in(response, "publication")["title"] == "Typed anew"
    assert not Attachment.objects.exists()


def test_a_logo_whose_name_leads_to_another_folder_is_refused(staff: Client) -> None:
    site, _ = SiteSettings.objects.get_or_create(pk=1)
    url = desk_url("sitesettings", "change", site.pk)
    picture = a_picture()
    body = LongBody(
        form_in(staff.get(url), "sitesettings"), "logo", "../logo.jpg", len(picture), picture
    )
    assert SAID in errors_in(_send(staff, url, body))
    assert not SiteSettings.objects.get().logo


@pytest.mark.parametrize(
    "name", ["/etc/settings.jpg", "C:\\Pictures\\settings.jpg", "a..b/settings.jpg"]
)
def test_of_a_path_the_last_part_is_kept(staff: Client, settings: Any, name: str) -> None:
    """Old browsers and some programs send the whole path of the file."""
    fields = form_in(staff.get(desk_url("image", "add")), "image") | WORDS
    picture = a_picture()
    body = LongBody(fields, "file", name, len(picture), picture)
    response = _send(staff, desk_url("image", "add"), body)
    assert response.status_code == 302
    image = Image.objects.get()
    assert re.fullmatch(r"images/\d{4}/\d{2}/[0-9a-f]{12}/settings\.jpg", str(image.file.name))
    stored = list(Path(settings.MEDIA_ROOT).parent.rglob("settings.jpg"))
    assert stored == [Path(image.file.path)]


@pytest.mark.parametrize(
    "name",
    ["가" * 90 + ".jpg", "a" * 240 + ".jpg", "시험.jpg", " .jpg", "x.jpg\x00", "\u202egpj.exe.jpg"],
)
def test_names_of_any_kind_are_stored(staff: Client, name: str) -> None:
    response = save(staff, "image", file=SimpleUploadedFile(name, a_picture()), **WORDS)
    assert response.status_code == 302, errors_in(response)
    response = staff.get(Image.objects.get().get_absolute_url())
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")


def test_a_name_of_one_dot_is_no_file(staff: Client) -> None:
    fields = form_in(staff.get(desk_url("image", "add")), "image") | WORDS
    response = _send(staff, desk_url("image", "add"), LongBody(fields, "file", ".", 9))
    assert "required" in errors_in(response)


def _send(client: Client, url: str, body: LongBody) -> Any:
    facts = {"CONTENT_LENGTH": str(body.length), "CONTENT_TYPE": body.content_type}
    return client.generic("POST", url, **{"wsgi.input": body, **facts})


def _peak_kilobytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))  # type: ignore[union-attr]


@pytest.fixture
def peak() -> Any:
    """Begin to watch anew how much memory this process takes at most."""
    reset = Path("/proc/self/clear_refs")
    if not reset.exists():
        pytest.skip("needs Linux")
    try:
        reset.write_text("5")
    except OSError:
        pytest.skip("may not reset the peak")
    before = _peak_kilobytes()
    return lambda: (_peak_kilobytes() - before) / 1024


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", b""], ids=["like a JPEG", "zeros"])
def test_two_hundred_megabytes_are_refused_without_taking_memory_or_disk(
    staff: Client, settings: Any, tmp_path: Path, peak: Any, head: bytes
) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, sum(each.stat().st_size for each in folder.iterdir()))

    fields = form_in(staff.get(desk_url("image", "add")), "image") | WORDS
    body = LongBody(fields, "file", "big.jpg", 200 * MEGABYTE, head, look)
    response = _send(staff, desk_url("image", "add"), body)
    assert response.status_code == 200
    assert "The file has 200.0\xa0MB; at most 50.0\xa0MB can be uploaded." in errors_in(
        response
    ).replace("200.0 MB", "200.0\xa0MB").replace("50.0 MB", "50.0\xa0MB")
    assert form_in(response, "image")["alt"] == "A ship"
    assert most <= 51 * MEGABYTE
    assert not list(folder.iterdir())
    assert peak() < 30


def test_a_file_of_the_right_size_after_one_that_is_too_big_is_taken(
    staff: Client, settings: Any
) -> None:
    settings.MAX_UPLOAD_MB = 1
    work = a_work("Two files")
    fields = form_in(staff.get(desk_url("publication", "change", work.pk)), "publication") | {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-position": "1",
    }
    url = desk_url("publication", "change", work.pk)
    response = _send(staff, url, LongBody(fields, "attachments-0-file", "a.pdf", 2 * MEGABYTE))
    assert "at most 1.0" in errors_in(response).replace("\xa0", " ")
    small = LongBody(fields, "attachments-0-file", "a.txt", 5, b"Words")
    assert _send(staff, url, small).status_code == 302
    assert Attachment.objects.get().size == 5


def test_a_logo_of_two_hundred_megabytes_is_refused(staff: Client, peak: Any) -> None:
    site, _ = SiteSettings.objects.get_or_create(pk=1)
    url = desk_url("sitesettings", "change", site.pk)
    fields = form_in(staff.get(url), "sitesettings")
    response = _send(staff, url, LongBody(fields, "logo", "big.png", 200 * MEGABYTE))
    assert response.status_code == 200
    assert "at most 50.0" in errors_in(response).replace("\xa0", " ")
    assert peak() < 30


def test_a_flood_of_files_is_cut_off(client: Client, settings: Any) -> None:
    """Anybody can send a form: after ten times the limit nothing more is read."""
    settings.MAX_UPLOAD_MB = 1
    body = LongBody({}, "file", "flood.bin", 500 * MEGABYTE)
    response = _send(client, "/newsletter/", body)
    assert response.status_code < 500
    assert body._filling > 480 * MEGABYTE
