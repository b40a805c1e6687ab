"""Citation records without a database, in one line each."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from publications.citations import CitationRecord, SiteFacts
from publications.citations.record import Name

ZONE = ZoneInfo("America/New_York")
SITE = SiteFacts("Institute for Korean Affairs", "https://www.example.org")
STANGARONE = Name("Troy Stangarone", "Stangarone", "Troy")
KIM = Name("Chul-soo Kim", "Kim", "Chul-soo")
HONG = Name("홍길동")
MINISTRY = Name("Ministry of Trade, Industry and Energy", is_organization=True)


def a_record(**facts: Any) -> CitationRecord:
    """An op-ed of July 10, 2024 by Troy Stangarone, unless said otherwise."""
    moment = datetime(2024, 7, 10, 9, 30, tzinfo=ZONE)
    given = {
        "site": SITE,
        "slug": "rethink",
        "url": "https://www.example.org/publications/rethink/",
        "bibtex_url": "https://www.example.org/publications/rethink/cite.bib",
        "ris_url": "https://www.example.org/publications/rethink/cite.ris",
        "title": "Rethink North Korea-Russia relations",
        "headline": "[Op-Ed] Rethink North Korea-Russia relations",
        "description": "Why the two grew closer.",
        "language": "en",
        "names": (STANGARONE,),
        "kind": "Op-Ed",
        "kind_plural": "Op-Eds",
        "kind_url": "https://www.example.org/op-eds/",
        "schema_org": "OpinionNewsArticle",
        "csl": "article-newspaper",
        "dublin_core": "newspaperArticle",
        "for_scholars": False,
        "date": date(2024, 7, 10),
        "published": moment,
        "modified": moment,
    }
    return CitationRecord(**given | facts)


def in_the_korea_times(**facts: Any) -> CitationRecord:
    """The op-ed as it ran in The Korea Times."""
    outlet = {
        "outlet": "The Korea Times",
        "outlet_url": "https://www.koreatimes.example/opinion/378",
    }
    return a_record(**outlet | facts)


def a_report(**facts: Any) -> CitationRecord:
    """A report of the institute."""
    report = {
        "title": "Supply chains after the storm",
        "headline": "Supply chains after the storm",
        "kind": "Report",
        "kind_plural": "Reports",
        "schema_org": "Report",
        "csl": "report",
        "dublin_core": "report",
        "for_scholars": True,
    }
    return a_record(**report | facts)


def authors(count: int) -> tuple[Name, ...]:
    """As many authors as asked for, told apart by a letter."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]
    return tuple(
        Name(f"{each}na Author{each}", f"Author{each}", f"{each}na Lee") for each in letters
    )
