"""Highwire `citation_*` tags, which Zotero and Google Scholar read.

Names and rules: Google Scholar’s inclusion guidelines, and Zotero’s “Embedded
Metadata” translator. There is no `citation_journal_title` on purpose: with it
Zotero takes every work for a journal article.
"""

from collections.abc import Iterator

from publications.citations.record import CitationRecord, Name
from publications.models import Role


def highwire(record: CitationRecord) -> list[tuple[str, str]]:
    """Return the tags of a work; what only scholars’ indexes want, only where the kind says so."""
    tags = [("citation_title", record.title)]
    for name in record.creators:
        tags.extend(_person("citation_author", name))
    if record.in_role(Role.AUTHOR):
        for name in record.in_role(Role.EDITOR):
            tags.extend(_person("citation_editor", name))
    if record.date:
        tags.append(("citation_publication_date", f"{record.date:%Y/%m/%d}"))
    tags.append(("citation_language", record.language))
    tags.append(("citation_public_url", record.url))
    tags.extend(("citation_keywords", keyword) for keyword in record.keywords)
    if record.is_report:
        tags.append(("citation_technical_report_institution", record.publisher))
        if record.number:
            tags.append(("citation_technical_report_number", record.number))
    if record.for_scholars:
        tags.append(("citation_abstract_html_url", record.url))
        if record.pdf:
            tags.append(("citation_pdf_url", record.pdf.url))
    return tags


def _person(tag: str, name: Name) -> Iterator[tuple[str, str]]:
    """Yield a name and what belongs to it; readers tie the latter to the name before it."""
    yield tag, name.inverted
    if name.affiliation:
        yield f"{tag}_institution", name.affiliation
    if name.orcid:
        yield f"{tag}_orcid", name.orcid
