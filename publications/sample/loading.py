"""Writing an invented library into the database, a batch and a transaction at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

import pypdfium2
from django.core.files.base import ContentFile
from django.db import transaction

from publications.actions.after import refresh
from publications.extraction import page_texts
from publications.models import (
    Attachment,
    AttachmentPage,
    Contribution,
    Correction,
    Image,
    Publication,
    Tagging,
)
from publications.sample import papers, plates
from publications.sample.motifs import ALTS, CREDIT
from publications.sample.shelves import Shelves
from publications.sample.works import SampleWork
from publications.search.file_text import index_files
from publications.states import Status

SOURCE = "sample"
BATCH = 500


@dataclass(slots=True)
class Loaded:
    """What a run has done so far."""

    works: int = 0
    known: int = 0
    images: int = 0
    papers: int = 0


def load(works: Iterable[SampleWork], advance: Callable[[int], None] = lambda _: None) -> Loaded:
    """Write all works; those that an earlier run wrote are left as they are."""
    loaded = Loaded()
    shelves = Shelves()
    for batch in batched(works, BATCH):
        with transaction.atomic():
            _write(_unknown(batch, loaded), shelves, loaded)
        advance(len(batch))
    return loaded


def _unknown(batch: Sequence[SampleWork], loaded: Loaded) -> list[SampleWork]:
    """Return the works of a batch that are not in the library."""
    keys = [work.key for work in batch]
    stored = Publication.objects.filter(source=SOURCE, external_id__in=keys)
    known = set(stored.values_list("external_id", flat=True))
    loaded.known += len(known)
    return [work for work in batch if work.key not in known]


def _write(works: list[SampleWork], shelves: Shelves, loaded: Loaded) -> None:
    images = {work.key: _image(work) for work in works if work.plate}
    Image.objects.bulk_create(images.values())
    taken = set(
        Publication.objects.filter(slug__in=[work.slug for work in works]).values_list(
            "slug", flat=True
        )
    )
    rows = Publication.objects.bulk_create(
        _publication(work, shelves, images.get(work.key), taken) for work in works
    )
    pairs = list(zip(works, rows, strict=True))
    shelves.add_authors(credit.author for work in works for credit in work.byline)
    Contribution.objects.bulk_create(
        Contribution(
            publication=row,
            author_id=shelves.authors[credit.author.name],
            position=position,
            role=credit.role,
            affiliation=credit.affiliation,
        )
        for work, row in pairs
        for position, credit in enumerate(work.byline, start=1)
    )
    Tagging.objects.bulk_create(
        Tagging(content_object=row, tag_id=shelves.tag(name))
        for work, row in pairs
        for name in work.tags
    )
    Correction.objects.bulk_create(
        Correction(publication=row, date=day, note=note)
        for work, row in pairs
        for day, note in work.corrections
    )
    if papers.CAN_DRAW:
        loaded.papers += _attach([pair for pair in pairs if pair[0].has_pdf])
    refresh(row.pk for row in rows)
    loaded.works += len(rows)
    loaded.images += len(images)


def _publication(
    work: SampleWork, shelves: Shelves, image: Image | None, taken: set[str]
) -> Publication:
    series = shelves.series_of(work.series) if work.series else None
    is_numbered = series is not None and work.status == Status.PUBLISHED
    row = Publication(
        kind_id=shelves.kind(work.kind),
        title=work.title,
        standfirst=work.standfirst,
        slug=f"{work.slug}-{work.key}" if work.slug in taken else work.slug,
        language=work.language,
        body=work.body,
        lead_image=image,
        report_number=work.report_number,
        status=work.status,
        published_at=work.published_at,
        withdrawal_note=work.withdrawal_note,
        series_id=series,
        series_number=shelves.next_number(series) if series and is_numbered else None,
        source=SOURCE,
        external_id=work.key,
    )
    if work.placement:
        row.outlet_id = shelves.outlet(work.placement.outlet)
        row.outlet_url = work.placement.url
        row.outlet_date = work.placement.day
        row.rights = work.placement.rights
        row.full_text_from = work.placement.full_text_from
    return row


def _image(work: SampleWork) -> Image:
    if work.plate is None:
        raise TypeError("a picture needs a plate")
    image = Image(alt=ALTS[work.language][work.plate.motif], credit=CREDIT)
    image.file.save(f"{work.slug[:80]}.jpg", ContentFile(plates.draw(work.plate)), save=False)
    image.width, image.height = plates.SIZE
    return image


def _attach(pairs: list[tuple[SampleWork, Publication]]) -> int:
    """Write the PDF files of works; they are our own, so they are read in this process."""
    attachments: list[Attachment] = []
    pages: list[AttachmentPage] = []
    for work, row in pairs:
        content = papers.draw(work)
        document = pypdfium2.PdfDocument(content)
        attachment = Attachment(publication=row, size=len(content), page_count=len(document))
        attachment.file.save(f"{work.slug[:80]}.pdf", ContentFile(content), save=False)
        attachments.append(attachment)
        before = len(pages)
        pages += [
            AttachmentPage(attachment=attachment, number=number, text=text)
            for number, text in page_texts(document)
        ]
        attachment.text_pages = len(pages) - before
    Attachment.objects.bulk_create(attachments)
    for page in pages:
        page.attachment_id = page.attachment.pk
    AttachmentPage.objects.bulk_create(pages)
    index_files(attachment.pk for attachment in attachments)
    return len(attachments)
