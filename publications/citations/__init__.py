"""A work as others cite and index it: one frozen record, one module per format."""

from publications.citations.bibtex import bibtex
from publications.citations.coins import coins
from publications.citations.head import Alternate, HeadMetadata, head_metadata
from publications.citations.record import (
    CitationRecord,
    SiteFacts,
    card_record,
    citation_record,
    read_site_facts,
    site_facts,
)
from publications.citations.ris import ris
from publications.citations.text import citation_texts

__all__ = [
    "Alternate",
    "CitationRecord",
    "HeadMetadata",
    "SiteFacts",
    "bibtex",
    "card_record",
    "citation_record",
    "citation_texts",
    "coins",
    "head_metadata",
    "read_site_facts",
    "ris",
    "site_facts",
]
