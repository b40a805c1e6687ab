"""Dublin Core and PRISM tags.

Zotero takes the type of a work from `DC.type` and its newspaper, magazine or
blog from `prism.publicationName`.
"""

from publications.citations.record import CitationRecord


def dublin_core(record: CitationRecord) -> list[tuple[str, str]]:
    """Return the tags of a work; PRISM names the outlet, if the work ran in one."""
    tags = [("DC.type", record.dublin_core), ("DC.title", record.title)]
    tags.extend(("DC.creator", name.inverted) for name in record.creators)
    if record.date:
        tags.append(("DC.date", record.date.isoformat()))
    tags.append(("DC.language", record.language))
    tags.append(("DC.identifier", record.url))
    tags.append(("DC.publisher", record.publisher))
    tags.extend(("DC.subject", keyword) for keyword in record.keywords)
    if record.description:
        tags.append(("DC.description", record.description))
    if record.outlet:
        tags.append(("prism.publicationName", record.outlet))
        if record.date:
            tags.append(("prism.publicationDate", record.date.isoformat()))
    return tags
