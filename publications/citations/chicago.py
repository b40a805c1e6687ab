"""Chicago style, notes and bibliography, as an entry of the bibliography.

The Chicago Manual of Style, 18th edition (2024), chapters 13 and 14: first name
inverted, up to six names listed, of more the first three and “et al.”;
organizations as authors; names in Hangul in their own order; newspapers and
blogs with the title in quotation marks, reports with institution and number;
an unsigned newspaper article under the newspaper; “n.d.” without a date.
"""

from publications.citations.prose import long_date, numbered, quoted, sentences, stop
from publications.citations.record import CitationRecord
from publications.models import Role

MOST_NAMES = 6
NAMES_BEFORE_ET_AL = 3
ROLE_LABELS = {
    Role.HOST: ("host", "hosts"),
    Role.EDITOR: ("ed.", "eds."),
    Role.GUEST: ("guest", "guests"),
    Role.TRANSLATOR: ("trans.", "trans."),
}
# Kinds whose source says what they are; every other is named after its title.
PLAIN_TYPES = {"article-newspaper", "article-magazine", "article-journal", "post-weblog"}


def chicago(record: CitationRecord) -> str:
    """Write the entry of the bibliography."""
    who = _names(record) or record.publisher
    return sentences(
        stop(who),
        _title(record),
        _translators(record),
        _source(record, who),
        f"{record.cited_url}.",
    )


def _names(record: CitationRecord) -> str:
    names = record.creators
    if not names:
        return ""
    written = [names[0].inverted, *(name.direct for name in names[1:])]
    labels = ROLE_LABELS.get(Role(names[0].role))
    label = f", {labels[len(names) > 1]}" if labels else ""
    if len(written) > MOST_NAMES:
        return f"{', '.join(written[:NAMES_BEFORE_ET_AL])} et al.{label}"
    if len(written) == 1:
        return written[0] + label
    # The comma before “and” closes an inverted name or a list; 김철수 and another need none.
    comma = "," if len(written) > 2 or names[0].family else ""
    return f"{', '.join(written[:-1])}{comma} and {written[-1]}{label}"


def _title(record: CitationRecord) -> str:
    if not record.is_report:
        return quoted(record.title)
    number = numbered(record.number, series=record.series, report=record.report_number, word="no.")
    return sentences(stop(record.title), stop(number))


def _translators(record: CitationRecord) -> str:
    names = record.in_role(Role.TRANSLATOR)
    if not names or names == record.creators:
        return ""
    return f"Translated by {' and '.join(name.direct for name in names)}."


def _source(record: CitationRecord, who: str) -> str:
    """Write where and when: “The Korea Times, July 10, 2024.”"""
    date = long_date(record.date) if record.date else "n.d."
    if record.is_report:
        return stop(f"{record.publisher}, {date}")
    if record.outlet:
        return stop(date if who == record.outlet else f"{record.outlet}, {date}")
    kind = "" if record.csl in PLAIN_TYPES else stop(record.kind)
    places = [place for place in (record.series, record.site.name) if place and place != who]
    return sentences(kind, stop(", ".join([*places, date])))
