"""Addresses of files: they stay, caches learn of new content, parts can be had."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from kei_site.common.ranges import OutOfRangeError, Part, PartOfFile, parse_range
from publications.actions import editing
from publications.models import Attachment, Image, Revision
from tests.factories import a_work, an_author
from tests.publications.desk import desk_url, form_in, save, sign_in_with
from tests.publications.test_extraction import a_pdf
from tests.publications.test_media_hidden import spent
from tests.publications.uploads import a_picture

PDF = b"%PDF-1.7 " + bytes(range(256)) * 8


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def an_attachment(name: str = "report.pdf", content: bytes = PDF) -> Attachment:
    return Attachment.objects.create(publication=a_work(), file=ContentFile(content, name))


def test_another_file_takes_the_place_of_an_image_at_its_address(staff: Client) -> None:
    upload = SimpleUploadedFile("우리 배.jpg", a_picture())
    save(staff, "image", file=upload, alt="A ship", credit="Staff")
    image = Image.objects.get()
    an_author(portrait=image)
    address = image.get_absolute_url()
    first = staff.get(address)
    before = body_of(first)
    again = staff.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    other = SimpleUploadedFile("other.png", a_picture("PNG"))
    assert save(staff, "image", image.pk, file=other).status_code == 302
    assert Image.objects.get().get_absolute_url() == address
    second = staff.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert body_of(second).startswith(b"\x89PNG")
    assert not before.startswith(b"\x89PNG")
    assert second["Content-Type"] == "image/png"
    assert second["ETag"] != first["ETag"]
    assert second["Cache-Control"] == "public, no-cache"


def test_the_file_of_before_comes_back_with_its_revision(staff: Client, admin_user: Any) -> None:
    upload = SimpleUploadedFile("ship.jpg", a_picture())
    save(staff, "image", file=upload, alt="A ship", credit="Staff")
    image = Image.objects.get()
    old, address = image.file.name, image.get_absolute_url()
    save(staff, "image", image.pk, file=SimpleUploadedFile("other.png", a_picture("PNG")))
    Image.objects.update(rendering="made", renditions=["480.webp"])
    editing.restore(Image.objects.get(), 1, by=admin_user)
    image = Image.objects.get()
    assert (image.file.name, image.get_absolute_url()) == (old, address)
    assert (image.rendering, image.renditions) == ("waiting", [])
    assert Revision.objects.filter(model="image").count() == 3


def test_another_file_takes_the_place_of_an_attachment_at_its_address(
    staff: Client, admin_user: Any
) -> None:
    work = a_work()
    file = SimpleUploadedFile("보고서 2026.pdf", a_pdf("Old words"))
    typed = {"attachments-TOTAL_FORMS": "1", "attachments-0-position": "1"}
    save(staff, "publication", work.pk, **typed, **{"attachments-0-file": file})
    attachment = Attachment.objects.get()
    address = attachment.get_absolute_url()
    first = staff.get(address)
    disposition = first["Content-Disposition"]
    assert disposition == ("inline; filename*=utf-8''%EB%B3%B4%EA%B3%A0%EC%84%9C_2026.pdf")
    spent(first)
    file = SimpleUploadedFile("final-FINAL.pdf", a_pdf("New words", "Page two"))
    assert save(staff, "publication", work.pk, **{"attachments-0-file": file}).status_code == 302
    attachment.refresh_from_db()
    assert (attachment.get_absolute_url(), attachment.page_count) == (address, 2)
    second = staff.get(address)
    assert (second["ETag"] != first["ETag"], second["Content-Disposition"]) == (True, disposition)
    spent(second)
    editing.restore(work, 2, by=admin_user)
    attachment.refresh_from_db()
    assert (attachment.get_absolute_url(), attachment.page_count) == (address, 1)


def test_what_is_replaced_by_another_type_is_downloaded_under_its_true_ending(
    reader: Client,
) -> None:
    attachment = an_attachment("table.csv", b"year,ships")
    attachment.file = ContentFile(b"words", "table.txt")
    attachment.save()
    response = reader.get(attachment.get_absolute_url())
    assert attachment.get_absolute_url().endswith("/table.csv")
    assert response["Content-Type"].startswith("text/plain")
    assert 'filename="table.txt"' in response["Content-Disposition"]
    spent(response)


@pytest.mark.parametrize(
    ("header", "said", "length"),
    [
        ("bytes=0-3", "bytes 0-3/{size}", 4),
        ("bytes=9-", "bytes 9-{last}/{size}", len(PDF) - 9),
        ("bytes=-16", "bytes {tail}-{last}/{size}", 16),
        ("bytes=0-99999999", "bytes 0-{last}/{size}", len(PDF)),
    ],
)
def test_a_part_of_a_file_can_be_had(reader: Client, header: str, said: str, length: int) -> None:
    asked = {"Range": header, "Accept-Encoding": "gzip"}
    response = reader.get(an_attachment().get_absolute_url(), headers=asked)
    size = len(PDF)
    assert response.status_code == 206
    assert response["Content-Range"] == said.format(size=size, last=size - 1, tail=size - 16)
    assert response["Content-Length"] == str(length)
    assert "Content-Encoding" not in response
    begin = int(response["Content-Range"].split()[1].partition("-")[0])
    assert body_of(response) == PDF[begin : begin + length]


@pytest.mark.parametrize(
    "header", ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=-", "bytes", ""]
)
def test_what_cannot_be_understood_is_answered_with_all_of_it(reader: Client, header: str) -> None:
    response = reader.get(an_attachment().get_absolute_url(), headers={"Range": header})
    assert (response.status_code, response["Accept-Ranges"]) == (200, "bytes")
    assert response["Content-Length"] == str(len(PDF))
    assert body_of(response) == PDF


def test_a_part_that_is_not_there_is_refused(reader: Client) -> None:
    address = an_attachment().get_absolute_url()
    response = reader.get(address, headers={"Range": "bytes=999999-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(PDF)}")


def test_who_has_the_beginning_of_another_file_gets_all_of_this_one(reader: Client) -> None:
    attachment = an_attachment()
    address = attachment.get_absolute_url()
    first = reader.get(address, headers={"Range": "bytes=0-3"})
    spent(first)
    asked = {"Range": "bytes=4-", "If-Range": first["ETag"]}
    same = reader.get(address, headers=asked)
    assert same.status_code == 206
    spent(same)
    attachment.file = ContentFile(b"%PDF-1.7 another", "b.pdf")
    attachment.save()
    other = reader.get(address, headers=asked)
    assert (other.status_code, body_of(other)) == (200, b"%PDF-1.7 another")


@given(header=st.text(max_size=40), size=st.integers(0, 10**6))
def test_any_range_has_an_answer(header: str, size: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            part = parse_range(text, size)
        except OutOfRangeError:
            continue
        assert part is None or 0 <= part.first <= part.last < size


@given(first=st.integers(-5, 300), last=st.integers(-5, 300))
def test_a_part_is_the_bytes_it_says(first: int, last: int) -> None:
    data = bytes(range(200))
    try:
        part = parse_range(f"bytes={first}-{last}", len(data))
    except OutOfRangeError:
        assert first >= 200
        return
    if part == Part(first, min(last, 199)):
        stream = PartOfFile(io.BytesIO(data), part)
        assert b"".join(iter(lambda: stream.read(7), b"")) == data[first : last + 1]


def test_a_pdf_without_text_is_flagged_in_the_form_and_in_the_list(staff: Client) -> None:
    work = a_work("Scanned")
    file = SimpleUploadedFile("scan.pdf", a_pdf("", ""))
    typed = {"attachments-TOTAL_FORMS": "1", "attachments-0-position": "1"}
    url = desk_url("publication", "change", work.pk)
    fields = form_in(staff.get(url), "publication") | {"_continue": "Save"} | typed
    response = staff.post(url, fields | {"attachments-0-file": file}, follow=True)
    page = response.content.decode()
    assert "has no text layer" in page
    assert "2 pages" in page
    assert "No text layer" in page
    good = Attachment(publication=work, file=ContentFile(a_pdf("Words"), "words.pdf"))
    bad = Attachment(publication=work, file=ContentFile(b"%PDF-1.7 broken", "broken.pdf"))
    for each in (good, bad):
        editing.write(each)
    listed = staff.get(desk_url("attachment")).content.decode()
    assert listed.count("No text layer</span>") == 1
    assert listed.count("Cannot be read</span>") == 1

    def names(**asked: str) -> set[str]:
        page = staff.get(desk_url("attachment"), asked).content.decode()
        return {name for name in ("scan.pdf", "words.pdf", "broken.pdf") if name in page}

    assert names(text="none") == {"scan.pdf"}
    assert names(text="unreadable") == {"broken.pdf"}
    assert names(text="some") == {"words.pdf"}
    assert names(q="words") == {"words.pdf"}


def test_the_list_of_files_takes_as_many_queries_for_many(
    staff: Client,
) -> None:
    staff.get(desk_url("attachment"))
    counts = []
    for _ in range(2):
        for _ in range(5):
            an_attachment()
        with CaptureQueriesContext(connection) as queries:
            staff.get(desk_url("attachment"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_files_are_handled_in_the_form_of_their_work_alone(staff: Client) -> None:
    attachment = an_attachment()
    for page in ("change", "delete", "history"):
        assert staff.get(desk_url("attachment", page, attachment.pk)).status_code == 403
    assert (
        staff.post(desk_url("attachment", "delete", attachment.pk), {"post": "yes"}).status_code
        == 403
    )
    work = attachment.publication
    staff.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    assert not Attachment.objects.exists()


def test_the_list_of_files_asks_for_the_right_to_see_publications(client: Client) -> None:
    sign_in_with(client, "view_attachment")
    assert client.get(desk_url("attachment")).status_code == 403
    sign_in_with(client, "view_publication")
    assert client.get(desk_url("attachment")).status_code == 200
