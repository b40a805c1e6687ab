"""One work as an entry of a feed, whatever the format."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.utils.feedgenerator import Enclosure
from django.utils.html import escape
from django.utils.safestring import mark_safe

from kei_site.common.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, URL_SCHEMES
from publications.citations import CitationRecord
from publications.models import Image, Publication
from publications.prose import with_pictures
from publications.reading import opening

# What PostgreSQL stores as text and XML 1.0 does not allow.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def feed_item(
    work: Publication, record: CitationRecord, pictures: Mapping[int, Image]
) -> dict[str, Any]:
    """Return the facts of the entry, as `add_item` of a feed takes them."""
    creators = record.creators
    return {
        "title": xml_text(record.headline),
        "link": record.url,
        "unique_id": record.url,
        "unique_id_is_permalink": True,
        # Readers take a summary for HTML, so plain text is escaped.
        "description": escape(xml_text(record.description)),
        "content": xml_text(_content(work, record, pictures)),
        "pubdate": record.published,
        "updateddate": record.modified,
        "categories": [xml_text(each) for each in (record.kind, *record.keywords)],
        "enclosures": _enclosures(record),
        "language": record.language,
        "creators": [(xml_text(name.display), name.url) for name in creators],
        "contributors": [
            (xml_text(name.display), name.url) for name in record.names if name not in creators
        ],
    }


def _content(work: Publication, record: CitationRecord, pictures: Mapping[int, Image]) -> str:
    """Return as much of the text as the rights allow, with where it ran first."""
    full = work.shows_full_text
    text = with_pictures(work.body, pictures) if full else opening(work.body)
    markup = render_to_string(
        "feeds/content.html",
        # Sanitized when it was stored, and once more below.
        {"work": work, "text": mark_safe(text), "full": full},  # noqa: S308
    )
    return _whole_links(markup, record.url).strip()


def _whole_links(markup: str, page: str) -> str:
    """Make links and pictures work away from the page, and leave out what only it can style."""
    return nh3.clean(
        markup,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        url_relative=("rewrite_with_base", page),
        link_rel="noopener",
    )


def _enclosures(record: CitationRecord) -> Sequence[Enclosure]:
    if record.pdf is None:
        return ()
    return (Enclosure(record.pdf.url, str(record.pdf.size), "application/pdf"),)


def xml_text(text: str) -> str:
    """Leave out the characters that would make a feed unreadable."""
    return NOT_IN_XML.sub("", text)
