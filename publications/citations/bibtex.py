"""A work as a BibTeX entry.

Entry types and fields: Oren Patashnik, “BibTeXing” (1988), with `url`,
`keywords` and `day`, which biblatex and reference managers add. Text is UTF-8.
"""

import re
import unicodedata

from publications.citations.record import CitationRecord, Name
from publications.models import Role

# Braces as commands: BibTeX counts every brace, also one with a backslash before it.
SPECIALS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
ESCAPES = str.maketrans(SPECIALS)
URL_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", "%": r"\%", "#": r"\#"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A name with one of these would be taken apart: BibTeX splits at commas and “and”.
SPLITS_A_NAME = re.compile(r",|\band\b")
STOP_WORDS = {"a", "an", "the", "on", "of", "in", "to", "and", "for"}


def bibtex(record: CitationRecord) -> str:
    """Write the entry."""
    kind = "techreport" if record.is_report else "article" if record.outlet else "misc"
    lines = [f"  {name} = {value}," for name, value in _fields(record) if value]
    return "\n".join([f"@{kind}{{{_key(record)},", *lines, "}", ""])


def _fields(record: CitationRecord) -> list[tuple[str, str]]:
    day = record.date
    return [
        *_people(record),
        # The second pair of braces keeps the capitals of the title.
        ("title", f"{{{{{_escape(record.title)}}}}}"),
        *_place(record),
        ("year", f"{{{day.year}}}" if day else ""),
        ("month", MONTHS[day.month - 1] if day else ""),
        ("day", f"{{{day.day}}}" if day else ""),
        ("language", _braced(record.language)),
        ("keywords", _braced(", ".join(record.keywords))),
        ("url", f"{{{record.cited_url.translate(URL_ESCAPES)}}}"),
    ]


def _people(record: CitationRecord) -> list[tuple[str, str]]:
    creators = record.creators
    others = [
        (field, names)
        for field, role in (("editor", Role.EDITOR), ("translator", Role.TRANSLATOR))
        if (names := record.in_role(role)) and names != creators
    ]
    if not creators:
        institute = () if record.outlet else (Name(record.site.name, is_organization=True),)
        return [("author", _names(institute)), *((field, _names(names)) for field, names in others)]
    first = "editor" if creators[0].role == Role.EDITOR else "author"
    return [(first, _names(creators)), *((field, _names(names)) for field, names in others)]


def _names(names: tuple[Name, ...]) -> str:
    return f"{{{' and '.join(_name(name) for name in names)}}}" if names else ""


def _name(name: Name) -> str:
    """Write “Kim, Chul-soo”; what must stay whole, as organizations and 김철수, is in braces."""
    if not name.family:
        return f"{{{_escape(name.display)}}}"
    parts = (
        f"{{{_escape(part)}}}" if SPLITS_A_NAME.search(part) else _escape(part)
        for part in (name.family, name.given)
    )
    return ", ".join(parts)


def _place(record: CitationRecord) -> list[tuple[str, str]]:
    if record.is_report:
        return [
            ("institution", _braced(record.publisher)),
            ("type", _braced(record.series or record.kind)),
            ("number", _braced(record.number)),
        ]
    if record.outlet:
        return [("journal", _braced(record.outlet))]
    return [
        ("howpublished", _braced(record.series or record.kind)),
        ("publisher", _braced(record.site.name)),
    ]


def _key(record: CitationRecord) -> str:
    """Make the key from name, year and the first word that counts: `kim2024rethink`."""
    names = [name.family or name.display for name in record.creators]
    who = next(filter(None, map(_plain, [*names, record.publisher])), "work")
    words = (_plain(word) for word in record.title.split())
    word = next((word for word in words if word and word not in STOP_WORDS), "")
    year = str(record.date.year) if record.date else ""
    return f"{who}{year}{word}"


def _plain(text: str) -> str:
    """Keep the ASCII letters and digits, which are all that a key may safely have."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())


def _braced(text: str) -> str:
    return f"{{{_escape(text)}}}" if text else ""


def _escape(text: str) -> str:
    return text.translate(ESCAPES)
