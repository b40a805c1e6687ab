"""A published work as a file for reference managers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from publications.citations import (
    CitationRecord,
    bibtex,
    citation_record,
    read_site_facts,
    ris,
)
from publications.models import Publication


def bibtex_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a work as BibTeX."""
    return _file(slug, bibtex, "application/x-bibtex", "bib")


def ris_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a work as RIS."""
    return _file(slug, ris, "application/x-research-info-systems", "ris")


def _file(
    slug: str, write: Callable[[CitationRecord], str], content_type: str, extension: str
) -> HttpResponse:
    work = get_object_or_404(Publication.objects.published().with_detail(), slug=slug)
    text = write(citation_record(work, read_site_facts()))
    filename = content_disposition_header(as_attachment=True, filename=f"{slug}.{extension}")
    return HttpResponse(
        text,
        content_type=f"{content_type}; charset=utf-8",
        headers={
            "Content-Disposition": filename or "attachment",
            "Cache-Control": "public, no-cache",
        },
    )
