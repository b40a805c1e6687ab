"""MLA style, 9th edition, as an entry of the list of works cited.

MLA Handbook (2021), chapter 5 (the core elements and their order): one name
inverted, two with “and”, of three or more the first and “et al.”; no comma in
names that put the family first; an organization that is also the publisher is
named only as that; day month year with long months shortened; what is not known,
the date too, is left out.
"""

from datetime import date

from publications.citations.prose import numbered, quoted, sentences, stop
from publications.citations.record import CitationRecord
from publications.models import Role

MONTHS = (
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip
ROLE_LABELS = {
    Role.HOST: ("host", "hosts"),
    Role.EDITOR: ("editor", "editors"),
    Role.GUEST: ("guest", "guests"),
    Role.TRANSLATOR: ("translator", "translators"),
}


def mla(record: CitationRecord) -> str:
    """Write the entry of the list of works cited."""
    title = stop(record.title) if record.is_report else quoted(record.title)
    return sentences(stop(_names(record)), title, stop(", ".join(_container(record))))


def _names(record: CitationRecord) -> str:
    names = record.creators
    if not names or (len(names) == 1 and names[0].display == record.publisher):
        return ""
    first = names[0]
    labels = ROLE_LABELS.get(Role(first.role))
    label = f", {labels[len(names) > 1]}" if labels else ""
    if len(names) > 2:
        return f"{first.inverted}, et al.{label}"
    if len(names) == 2:
        comma = "," if first.family else ""
        return f"{first.inverted}{comma} and {names[1].direct}{label}"
    return first.inverted + label


def _container(record: CitationRecord) -> list[str]:
    """Return the elements of the container in their order; what is not known is left out."""
    translators = record.in_role(Role.TRANSLATOR)
    named = " and ".join(name.direct for name in translators)
    elements = [f"Translated by {named}" if named and translators != record.creators else ""]
    if record.is_report:
        elements.append(_number(record))
    elif not record.outlet:
        elements.append(record.series)
    elements.append(record.publisher)
    elements.append(_date(record.date))
    elements.append(record.cited_url)
    return [element for element in elements if element]


def _number(record: CitationRecord) -> str:
    number = numbered(record.number, series=record.series, report=record.report_number, word="no.")
    if record.series and not record.report_number and record.number:
        return f"{record.series}, no. {record.number}"
    return number


def _date(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""
