"""APA style, 7th edition, as an entry of the reference list.

Publication Manual (2020), chapter 9: initials, hyphens and the twenty names 9.8,
group authors 9.11, no author 9.12, no date 9.17, descriptions in brackets 9.21;
chapter 10: newspaper articles (example 16), blogs (17), reports (50).
"""

import re

from publications.citations.prose import MONTHS, numbered, sentences, stop
from publications.citations.record import CitationRecord, Name
from publications.models import Role

MOST_NAMES = 20
ROLE_LABELS = {
    Role.HOST: ("Host", "Hosts"),
    Role.EDITOR: ("Ed.", "Eds."),
    Role.GUEST: ("Guest", "Guests"),
    Role.TRANSLATOR: ("Trans.", "Trans."),
}
# Kinds whose source says what they are; every other is described in brackets.
PLAIN_TYPES = {"article-newspaper", "article-magazine", "article-journal", "report", "post-weblog"}
DESCRIPTIONS = {"broadcast": "Audio podcast episode", "motion_picture": "Video"}


def apa(record: CitationRecord) -> str:
    """Write the reference; a work without a name here is cited under the institute’s."""
    title = sentences(record.title, _bracketed(record))
    date = f"({_date(record)})."
    who = _who(record)
    start = (stop(who), date, stop(title)) if who else (stop(title), date)
    return sentences(*start, stop(_source(record, who)), record.cited_url)


def _who(record: CitationRecord) -> str:
    names = record.creators
    if not names:
        return "" if record.outlet else record.publisher
    listed = _list([_inverted(name) for name in names])
    labels = ROLE_LABELS.get(Role(names[0].role))
    return f"{listed} ({labels[len(names) > 1]})." if labels else listed


def _list(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[: MOST_NAMES - 1])}, . . . {names[-1]}"
    return f"{', '.join(names[:-1])}, & {names[-1]}"


def _inverted(name: Name) -> str:
    """Write “Kim, C.-S.”; a name that is not taken apart stays as it is."""
    initials = _initials(name.given)
    return f"{name.family}, {initials}" if initials else name.inverted


def _initials(given: str) -> str:
    words = (re.findall(r"[^\W\d_][^-]*", word) for word in re.split(r"[\s.]+", given))
    return " ".join("-".join(f"{part[0].upper()}." for part in word) for word in words if word)


def _date(record: CitationRecord) -> str:
    day = record.date
    if day is None:
        return "n.d."
    if record.is_report:
        return str(day.year)
    return f"{day.year}, {MONTHS[day.month - 1]} {day.day}"


def _bracketed(record: CitationRecord) -> str:
    """Return what stands between a title and its full stop: number, translator, description."""
    parts = []
    translators = record.in_role(Role.TRANSLATOR)
    if translators and translators != record.creators:
        names = " & ".join(f"{_initials(name.given)} {name.family}".strip() or name.display
                           for name in translators)  # fmt: skip
        parts.append(f"({names}, Trans.)")
    if record.is_report:
        number = numbered(
            record.number, series=record.series, report=record.report_number, word="No."
        )
        parts.append(f"({number})" if number else "")
    elif not record.outlet and record.csl not in PLAIN_TYPES:
        parts.append(f"[{DESCRIPTIONS.get(record.csl, record.kind.capitalize())}]")
    return sentences(*parts)


def _source(record: CitationRecord, who: str) -> str:
    if record.outlet:
        return record.outlet
    if record.series and not record.is_report:
        place = f"In {record.series}" if record.csl == "broadcast" else record.series
        return place if who == record.site.name else f"{place}. {record.site.name}"
    return "" if who == record.site.name else record.site.name
