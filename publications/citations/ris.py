"""A work in RIS, the format that every reference manager imports.

Tags: the RIS specification of Reference Manager and what Zotero’s translator
reads: the number of a report is taken from `SN`, the newspaper from `T2`.
"""

from publications.citations.record import CitationRecord
from publications.models import Role

TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "broadcast": "SOUND",
    "event": "SLIDE",
    "hearing": "HEAR",
    "interview": "PCOMM",
    "motion_picture": "VIDEO",
    "post": "ELEC",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "webpage": "ELEC",
}


def ris(record: CitationRecord) -> str:
    """Write the record; each tag is one line, since texts of the record are."""
    tags = [("TY", TYPES.get(record.csl, "GEN")), ("TI", record.title), *_people(record)]
    if record.date:
        tags += [("PY", str(record.date.year)), ("DA", f"{record.date:%Y/%m/%d}/")]
    if record.is_report:
        tags += [("T2", record.series), ("PB", record.publisher), ("SN", record.number)]
    else:
        tags.append(("T2", record.outlet or record.series or record.site.name))
    tags += [("AB", record.description), ("LA", record.language)]
    tags += [("KW", keyword) for keyword in record.keywords]
    tags += [("UR", record.cited_url), ("L1", record.pdf.url if record.pdf else "")]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _people(record: CitationRecord) -> list[tuple[str, str]]:
    creators = record.creators
    tags = [("AU", name.inverted) for name in creators]
    if not creators and not record.outlet:
        tags.append(("AU", record.site.name))
    for tag, role in (("A2", Role.EDITOR), ("A4", Role.TRANSLATOR)):
        if (names := record.in_role(role)) != creators:
            tags += [(tag, name.inverted) for name in names]
    return tags
