"""Uploads: what they are, what is in them, and what is refused."""

import contextlib
import io
import random
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture
from reportlab.pdfgen.canvas import Canvas

from publications import extraction
from publications.actions.attachments import attach
from publications.extraction import read_pdf
from publications.file_types import DOCUMENTS, check_document, check_picture
from publications.models import Attachment
from tests.factories import a_work

REAL = project.BASE_DIR.parent / "shared" / "data" / "files"


def a_pdf(*pages: str) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for text in pages:
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def a_zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "application/epub+zip" if name == "mimetype" else "x")
    return stream.getvalue()


def a_picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    stream = io.BytesIO()
    Picture.new("RGB", size, "navy").save(stream, form)
    return stream.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_pages_of_a_pdf_are_counted_and_read() -> None:
    found = read_pdf(io.BytesIO(a_pdf("Rethink trade", "", "Page three")))
    assert found is not None
    assert (found.page_count, found.pages) == (3, ((1, "Rethink trade"), (3, "Page three")))


@pytest.mark.skipif(not REAL.exists(), reason="the shared data is not on this machine")
def test_real_files_are_read() -> None:
    for path in (REAL / "pdf").iterdir():
        with path.open("rb") as stream:
            found = read_pdf(stream)
        assert found is not None
        assert len(found.pages) == found.page_count
        assert not any("\x00" in text for _, text in found.pages)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        b"not a PDF at all",
        a_pdf("cut off")[:600],
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj trailer<</Root 1 0 R>>",
    ],
    ids=["empty", "head only", "noise", "text", "cut off", "its own child"],
)
def test_a_broken_pdf_is_an_answer(content: bytes) -> None:
    found = read_pdf(io.BytesIO(content))
    assert found is None or found.pages == ()


def test_damaged_pdfs_never_raise() -> None:
    chance = random.Random(7)
    for _number in range(6):
        content = bytearray(a_pdf("One", "Two"))
        for _byte in range(40):
            content[chance.randrange(len(content))] = chance.randrange(256)
        read_pdf(io.BytesIO(content))


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(extraction, "SECONDS", 0.0001)
    assert read_pdf(io.BytesIO(a_pdf("Slow"))) is None


@pytest.mark.django_db
def test_an_attachment_knows_its_size_and_its_pages() -> None:
    file = upload("report.pdf", a_pdf("First page", "Second page"))
    saved = attach(Attachment(publication=a_work(), file=file))
    saved.refresh_from_db()
    assert (saved.size, saved.page_count) == (file.size, 2)
    assert list(saved.pages.values_list("number", "text")) == [
        (1, "First page"),
        (2, "Second page"),
    ]


@pytest.mark.django_db
def test_a_new_file_replaces_the_pages_of_the_old_one() -> None:
    saved = attach(Attachment(publication=a_work(), file=upload("a.pdf", a_pdf("Old", "Older"))))
    saved.file = upload("b.pdf", a_pdf("New"))
    attach(saved)
    assert list(saved.pages.values_list("text", flat=True)) == ["New"]


@pytest.mark.django_db
def test_a_broken_pdf_is_kept_with_an_unknown_number_of_pages() -> None:
    saved = attach(Attachment(publication=a_work(), file=upload("a.pdf", b"%PDF-1.7 broken")))
    assert saved.page_count is None
    assert Path(saved.file.path).exists()


GOOD = {
    "a.pdf": b"%PDF-1.7 ...",
    "a.docx": a_zip("[Content_Types].xml", "word/document.xml"),
    "a.xlsx": a_zip("[Content_Types].xml", "xl/workbook.xml"),
    "a.pptx": a_zip("[Content_Types].xml", "ppt/presentation.xml"),
    "a.epub": a_zip("mimetype", "content.opf"),
    "a.zip": a_zip("table.csv"),
    "a.csv": "이름,값\n한국,1\n".encode(),
    "a.txt": b"Words.",
    "a.mp3": b"ID3\x04...",
    "A.PDF": b"%PDF-1.7 ...",
}


@pytest.mark.parametrize("name", GOOD)
def test_files_of_the_known_types_are_taken(name: str) -> None:
    check_document(upload(name, GOOD[name]))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.html", b"<html>", "cannot be uploaded"),
        ("drawing.svg", b"<svg onload='alert(1)'/>", "cannot be uploaded"),
        ("program.exe", b"MZ", "cannot be uploaded"),
        ("no-suffix", b"text", "cannot be uploaded"),
        ("report.pdf.html", b"%PDF-1.7", "cannot be uploaded"),
        ("a.pdf", b"<html><script>alert(1)</script>", "content is something else"),
        ("a.pdf", b"<svg>%PDF-1.7", "content is something else"),
        ("a.txt", b"\n <!DOCTYPE html><html>", "content is something else"),
        ("a.csv", b"<svg xmlns='http://www.w3.org/2000/svg'>", "content is something else"),
        ("a.txt", b"\x00\x01\x02", "content is something else"),
        ("a.docx", a_zip("[Content_Types].xml", "xl/workbook.xml"), "content is something else"),
        ("a.docx", b"PK\x03\x04 broken", "content is something else"),
        ("a.epub", a_zip("content.opf"), "content is something else"),
        ("a.zip", b"%PDF-1.7" + a_zip("x"), "content is something else"),
        ("a.mp3", b"RIFF", "content is something else"),
    ],
)
def test_other_files_are_refused_with_a_reason(name: str, content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        check_document(upload(name, content))


@given(name=st.sampled_from(sorted(DOCUMENTS)), content=st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused(name: str, content: bytes) -> None:
    with contextlib.suppress(ValidationError):
        check_document(upload(f"a{name}", content))


def test_a_file_over_the_limit_is_refused(settings: Any) -> None:
    settings.MAX_UPLOAD_MB = 0
    with pytest.raises(ValidationError, match="at most 0"):
        check_document(upload("a.txt", b"Words."))


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a.gif", "GIF"), ("a.avif", "AVIF")],
)
def test_pictures_that_browsers_share_are_taken(name: str, form: str) -> None:
    check_picture(upload(name, a_picture(form)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", b"<svg/>", "not a JPEG"),
        ("a.png", b"<html>", "not a JPEG"),
        ("a.png", b"", "not a JPEG"),
        ("a.png", a_picture("PNG")[:60], "not a JPEG"),
        ("a.bmp", a_picture("BMP"), "not a JPEG"),
        ("a.png", a_picture("JPEG"), "must end in .jpeg / .jpg"),
        ("a.html", a_picture("GIF"), "must end in .gif"),
    ],
)
def test_other_pictures_are_refused_with_a_reason(name: str, content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        check_picture(upload(name, content))


@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_a_picture_of_too_many_pixels_is_refused_from_its_header(side: int) -> None:
    header = bytearray(a_picture("PNG"))
    header[16:24] = side.to_bytes(4) * 2
    # The header's checksum, so that only its size is wrong.
    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4)
    with pytest.raises(ValidationError, match="more than 50 million pixels"):
        check_picture(upload("big.png", bytes(header)))
