"""Words in PDF files: they find their work, and the pages they are on."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.actions import editing
from publications.models import Attachment, AttachmentPage, AttachmentText, PageText
from publications.search.documents import LAST_POSITION, MOST_TERMS, term_base
from publications.search.file_text import ROOM, index_files
from publications.search.indexing import index
from publications.search.page_hits import page_hits
from publications.search.query import parse
from publications.states import Status
from tests.factories import a_user, a_work
from tests.publications.test_extraction import a_pdf

REAL = settings.BASE_DIR.parent / "shared" / "data" / "files" / "pdf"

pytestmark = pytest.mark.django_db


def publish_with(name: str, content: bytes, **facts):
    """Save a work with a file, as staff do."""
    work = a_work(**facts)
    attachment = Attachment(publication=work, file=SimpleUploadedFile(name, content))
    editing.save(work, by=a_user("change_publication", "publish_publication"), parts=[attachment])
    return work, attachment


def a_file_of(*pages: str, title: str = "", **facts):
    """A work with a file of these pages, as importers write it."""
    work = a_work(**facts)
    attachment = Attachment.objects.create(publication=work, file="a.pdf", title=title, size=1)
    AttachmentPage.objects.bulk_create(
        AttachmentPage(attachment=attachment, number=number, text=text)
        for number, text in enumerate(pages, start=1)
    )
    index_files([attachment.pk])
    index([work.pk])
    return work, attachment


def found(reader, typed: str, **more: str) -> list[str]:
    response = reader.get("/search/results.json", {"q": typed, **more})
    return [item["title"] for item in response.json()["items"]]


def pages_of(work, typed: str) -> list[int]:
    return [hit.number for hit in page_hits(parse(typed), [work.pk]).get(work.pk, ())]


def test_a_word_on_a_page_finds_the_work_and_the_page(reader):
    work, attachment = publish_with("r.pdf", a_pdf("Cover", "Graphite anodes"), title="Minerals")
    assert found(reader, "graphite") == ["Minerals"]
    (hit,) = page_hits(parse("graphite"), [work.pk])[work.pk]
    assert (hit.number, hit.title) == (2, "")
    assert hit.url == f"{attachment.get_absolute_url()}#page=2"


def test_a_word_in_a_file_of_a_draft_finds_nothing(reader):
    publish_with("r.pdf", a_pdf("Graphite"), status=Status.DRAFT)
    assert found(reader, "graphite") == []


def test_a_file_that_is_removed_is_found_no_more(reader):
    work, attachment = publish_with("r.pdf", a_pdf("Graphite"))
    editing.save(work, by=a_user("change_publication", "publish_publication"), removed=[attachment])
    assert found(reader, "graphite") == []
    assert not AttachmentText.objects.exists()
    assert not PageText.objects.exists()


def test_a_file_that_takes_the_place_of_another_is_found_by_its_own_words(reader):
    work, attachment = publish_with("r.pdf", a_pdf("Graphite", "Nickel"), title="Minerals")
    attachment.file = SimpleUploadedFile("s.pdf", a_pdf("Cobalt"))
    editing.save(work, by=a_user("change_publication", "publish_publication"), parts=[attachment])
    assert found(reader, "graphite") == []
    assert found(reader, "cobalt") == ["Minerals"]
    assert pages_of(work, "nickel") == []


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"year,ships"])
def test_a_file_without_text_has_no_words(content):
    _, attachment = publish_with("r.pdf" if content[:1] == b"%" else "r.csv", content)
    assert not PageText.objects.exists()
    assert list(attachment.pages.all()) == []


def test_pages_with_all_words_come_first_and_then_those_that_tell_most():
    a_file_of("Export, export and export")
    work, _ = a_file_of("Export rules", "Graphite alone", "Export of graphite", "Nothing")
    assert pages_of(work, "graphite export") == [3, 2]


def test_no_more_than_three_pages_of_a_work_are_shown():
    work, _ = a_file_of(*["Graphite"] * 9)
    other, _ = a_file_of("Nothing", "Graphite")
    hits = page_hits(parse("graphite"), [work.pk, other.pk])
    assert [hit.number for hit in hits[work.pk]] == [1, 2, 3]
    assert [hit.number for hit in hits[other.pk]] == [2]


def test_a_phrase_is_on_a_page_or_not():
    work, _ = a_file_of("Control of export", "Export control", "Export, then control")
    assert pages_of(work, '"export control"') == [2]


def test_korean_words_and_their_endings_are_found_on_their_page():
    work, _ = a_file_of("흑연은 광물이다", "북한의 흑연")
    assert pages_of(work, "북한") == [2]


def test_the_name_of_a_file_goes_with_its_pages():
    work, _ = a_file_of("Graphite", title="Annex <b>")
    assert page_hits(parse("graphite"), [work.pk])[work.pk][0].title == "Annex <b>"


@pytest.mark.parametrize("typed", ["", "-graphite", "the of", "author:kim"])
def test_without_words_there_are_no_pages(typed):
    work, _ = a_file_of("Graphite")
    assert page_hits(parse(typed), [work.pk]) == {}
    assert page_hits(parse("graphite"), []) == {}


def test_twenty_works_cost_as_many_queries_as_one():
    works = [a_file_of("Graphite")[0].pk for _ in range(20)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        page_hits(parse("graphite"), works[:1])
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(page_hits(parse("graphite"), works)) == 20
    assert len(one) == len(all_of_them) == 2


def test_the_words_of_a_file_follow_each_other_over_its_pages():
    _, attachment = a_file_of("Of graphite", "Anodes and graphite")
    text = AttachmentText.objects.get(attachment=attachment)
    assert text.length == 3
    assert term_base("graphit") + 2 in text.terms
    assert text.terms == sorted(text.terms)
    # Stop words count a position: of(1) graphite(2) anodes(3) and(4) graphite(5).
    assert text.vector == "'anod':3 'graphit':2,5"
    assert PageText.objects.get(page__number=2).vector == "'anod':1 'graphit':3"


def test_a_very_long_file_keeps_what_fits():
    words = [f"word{number}" for number in range(60_000)]
    pages = [" ".join(words[at : at + 600]) for at in range(0, len(words), 600)]
    work, attachment = a_file_of(*pages)
    text = AttachmentText.objects.get(attachment=attachment)
    assert len(text.terms) == MOST_TERMS
    assert len(text.vector) < 2 * ROOM
    assert f":{LAST_POSITION}" in text.vector
    assert pages_of(work, "word59999") == [100]


def test_files_are_indexed_again_from_their_pages():
    _, attachment = a_file_of("Graphite")
    before = AttachmentText.objects.values().get(), PageText.objects.values().get()
    index_files([attachment.pk])
    assert (AttachmentText.objects.values().get(), PageText.objects.values().get()) == before
    AttachmentPage.objects.update(text="Cobalt")
    index_files([attachment.pk])
    assert AttachmentText.objects.get().vector == "'cobalt':1"


def test_a_real_report_is_found_by_a_word_of_its_pages(reader):
    path = REAL / "18f-crisis-support-it-acquisitions.pdf"
    if not path.exists():
        pytest.skip("the real data is not beside the checkout")
    work, attachment = publish_with("18f.pdf", path.read_bytes(), title="A real report")
    page = attachment.pages.order_by("-number").first()
    word = max(page.text.split(), key=lambda each: (each.isalpha(), len(each)))
    assert found(reader, word) == ["A real report"]
    assert pages_of(work, word)
