"""A work as a ContextObject in a span (COinS), which reference managers find in any page.

Keys: ANSI/NISO Z39.88-2004, its KEV formats for journals and for Dublin Core. Zotero takes
whatever is in the first for a journal article, so that all other works are in the second.
"""

from urllib.parse import quote_plus

from django.utils.safestring import SafeString, mark_safe

from publications.citations.record import CitationRecord

FORMAT = "info:ofi/fmt:kev:mtx:"


def coins(record: CitationRecord) -> SafeString:
    """Write the span of a work; readers see nothing of it."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        *(_article(record) if _is_article(record) else _dc(record)),
    ]
    # Keys need no quoting, and what is quoted has nothing left that HTML would have to escape.
    query = "&amp;".join(f"{key}={quote_plus(value)}" for key, value in pairs if value)
    return mark_safe(f'<span class="Z3988" title="{query}"></span>')  # noqa: S308 - quoted


def _is_article(record: CitationRecord) -> bool:
    return record.csl == "article-journal" and bool(record.outlet)


def _article(record: CitationRecord) -> list[tuple[str, str]]:
    first = record.creators[0] if record.creators else None
    return [
        ("rft_val_fmt", f"{FORMAT}journal"),
        ("rft_id", record.url),
        ("rft.genre", "article"),
        ("rft.atitle", record.title),
        ("rft.jtitle", record.outlet),
        *([("rft.aulast", first.family), ("rft.aufirst", first.given)] if first else []),
        *(("rft.au", name.direct) for name in record.creators),
        ("rft.date", _date(record)),
        ("rft.language", record.language),
    ]


def _dc(record: CitationRecord) -> list[tuple[str, str]]:
    return [
        ("rft_val_fmt", f"{FORMAT}dc"),
        ("rft.identifier", record.url),
        ("rft.type", record.dublin_core),
        ("rft.title", record.title),
        *(("rft.creator", name.inverted) for name in record.creators),
        ("rft.source", record.outlet or record.series),
        ("rft.publisher", record.publisher),
        ("rft.date", _date(record)),
        ("rft.language", record.language),
    ]


def _date(record: CitationRecord) -> str:
    return record.date.isoformat() if record.date else ""
