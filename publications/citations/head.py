"""Everything that the head of a publication's page says about the work to machines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from publications.citations.dublin_core import dublin_core
from publications.citations.highwire import highwire
from publications.citations.jsonld import jsonld
from publications.citations.opengraph import opengraph
from publications.citations.record import CitationRecord
from publications.translations import Translation

# Without these three no text can end the script element or open a comment in it.
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of the page: its media type, a label, its address."""

    type: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class HeadMetadata:
    """The head of a page; `metas` are (attribute, name, content) with name or property."""

    title: str
    description: str
    canonical: str
    metas: tuple[tuple[str, str, str], ...]
    jsonld: SafeString
    alternates: tuple[Alternate, ...]


def head_metadata(record: CitationRecord, family: Sequence[Translation] = ()) -> HeadMetadata:
    """Return the head of the work's page; `family` is the work in all its languages."""
    card = "summary_large_image" if record.image else "summary"
    named = [
        *(("author", name.display) for name in record.creators),
        *highwire(record),
        *dublin_core(record),
        ("twitter:card", card),
    ]
    return HeadMetadata(
        title=record.headline,
        description=record.description,
        canonical=record.url,
        metas=(
            *(("name", name, content) for name, content in named),
            *(("property", name, content) for name, content in opengraph(record)),
        ),
        jsonld=_script(record, family),
        alternates=(
            Alternate("application/x-bibtex", "BibTeX", record.bibtex_url),
            Alternate("application/x-research-info-systems", "RIS", record.ris_url),
        ),
    )


def _script(record: CitationRecord, family: Sequence[Translation]) -> SafeString:
    """Write the graph so that it may stand in a script element, as `json_script` does."""
    text = json.dumps(jsonld(record, family), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(SCRIPT_ESCAPES))  # noqa: S308
