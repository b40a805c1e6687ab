"""Files of a publication, and what is known about them."""

from itertools import batched

from django.db import transaction

from publications.extraction import PdfText, read_pdf
from publications.models import Attachment, AttachmentPage
from publications.search.file_text import index_files

PAGES = 100


@transaction.atomic
def attach(attachment: Attachment) -> Attachment:
    """Write an attachment and all that can be learned from its file.

    A PDF that cannot be read is kept as it is, with an unknown number of pages.
    """
    stored = Attachment.objects.filter(pk=attachment.pk).values_list("file", flat=True).first()
    is_new_file = attachment.file.name != stored
    if is_new_file:
        attachment.size = attachment.file.size
    attachment.save()
    if is_new_file:
        read(attachment)
    return attachment


@transaction.atomic
def read(attachment: Attachment) -> PdfText | None:
    """Count the pages of a PDF, keep their text and index it; nothing for other files."""
    found = _text_of(attachment)
    attachment.page_count = found.page_count if found else None
    attachment.text_pages = sum(1 for _, text in found.pages if text.strip()) if found else None
    attachment.save(update_fields=["page_count", "text_pages"])
    attachment.pages.all().delete()
    for pages in batched(found.pages if found else (), PAGES):
        AttachmentPage.objects.bulk_create(
            AttachmentPage(attachment=attachment, number=number, text=text)
            for number, text in pages
        )
    index_files([attachment.pk])
    return found


def _text_of(attachment: Attachment) -> PdfText | None:
    if not attachment.is_pdf:
        return None
    with attachment.file.open("rb") as stream:
        return read_pdf(stream)
