"""A work as written citations, ready to copy.

Titles keep the capitals they were published with in every style: no program can
tell a proper noun.
"""

from publications.citations.apa import apa
from publications.citations.chicago import chicago
from publications.citations.mla import mla
from publications.citations.record import CitationRecord

STYLES = {"APA": apa, "Chicago": chicago, "MLA": mla}


def citation_texts(record: CitationRecord) -> list[tuple[str, str]]:
    """Return the name of each style and the work cited in it."""
    return [(style, write(record)) for style, write in STYLES.items()]
