"""How a record becomes the content of a publication: kind, date, byline, rights."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from kei_site.common.html import MAX_DEPTH, is_too_deep, to_text
from publications.importing import cleaning
from publications.importing.content import Content, fold
from publications.importing.kinds import Rules, kind_of
from publications.importing.languages import SAMPLE as LANGUAGE_SAMPLE
from publications.importing.languages import language_of
from publications.importing.names import Name, name_of
from publications.importing.records import ImportedWork, Problem
from publications.importing.remarks import Noted, Remark
from publications.models import Rights
from publications.states import Status

MAX_TITLE = 500
MAX_STANDFIRST = 5000
MAX_NAME = 200
MAX_TAG = 100
MAX_SLUG = 200
MAX_SOURCE = 60
MAX_EXTERNAL_ID = 300
# Nothing that an institute holds is older; an earlier year is a slip of the pen.
EARLIEST = date(1900, 1, 1)
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class PreparedWork:
    """A work as it will be written, and what is to be said about it."""

    line: int
    source: str
    external_id: str
    slug: str
    content: Content
    fingerprint: str
    authors: tuple[Name, ...]
    remarks: tuple[Noted, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What a work is known by over all runs."""
        return self.source, self.external_id


def prepare(record: ImportedWork, rules: Rules) -> PreparedWork | Problem:
    """Map one record; the same record gives the same result on any day after its date."""
    source = cleaning.plain(rules.source or record.source)
    title, shortened = cleaning.shorten(cleaning.plain(record.title), MAX_TITLE)
    refusal = _refusal(record, source, title)
    if refusal:
        return Problem(record.line, refusal, record.external_id)
    content, names, notes = _content(record, rules, title)
    return PreparedWork(
        line=record.line,
        source=_key(source, MAX_SOURCE),
        external_id=_key(record.external_id, MAX_EXTERNAL_ID),
        slug=cleaning.slug_base(record.slug or title, "publication", MAX_SLUG),
        content=content,
        fingerprint=content.fingerprint,
        authors=names,
        remarks=(*shortened, *notes),
    )


def _refusal(record: ImportedWork, source: str, title: str) -> str:
    """Say why a record cannot be mapped, if it cannot."""
    if not source:
        return "no source: name one with --source"
    if not title:
        return "no title"
    if len(record.body_html) > cleaning.MAX_BODY:
        return f"the text is longer than {cleaning.MAX_BODY:,} characters"
    if is_too_deep(record.body_html):
        return f"tags in the text nest more than {MAX_DEPTH} deep"
    return ""


def _content(
    record: ImportedWork, rules: Rules, title: str
) -> tuple[Content, tuple[Name, ...], list[Noted]]:
    outlet, outlet_url, outlet_notes = _outlet(record)
    body, body_notes = cleaning.body(record.body_html, outlet_url)
    standfirst, cut = cleaning.shorten(cleaning.summary(record.summary), MAX_STANDFIRST)
    when, date_notes = _date(record.date)
    names, name_notes = _authors(record, outlet)
    tags, tag_notes = _tags(record)
    sample = f"{title} {standfirst} {to_text(body[: 2 * LANGUAGE_SAMPLE])}"
    language, language_notes = language_of(record.language, sample)
    kind, kind_notes = kind_of(record, rules, outlet=outlet, outlet_url=outlet_url)
    rights, rights_notes = _rights(body, standfirst, outlet_url)
    is_draft = when is None or Noted(Remark.NOTHING_TO_READ) in rights_notes
    content = Content(
        kind=kind,
        title=title,
        standfirst=standfirst,
        body=body,
        language=language,
        status=Status.DRAFT if is_draft else Status.PUBLISHED,
        published_at=_noon(when) if when else None,
        outlet=outlet,
        outlet_url=outlet_url,
        outlet_date=when if outlet else None,
        rights=rights,
        authors=tuple(name.display for name in names),
        tags=tags,
    )
    notes = [
        *outlet_notes, *body_notes, *cut, *date_notes, *name_notes, *tag_notes, *language_notes,
        *kind_notes, *rights_notes,
    ]  # fmt: skip
    return content, names, notes


def _key(text: str, limit: int) -> str:
    """Return an identifier that fits its column; a long one ends in a digest, to stay its own."""
    if len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: limit - 17]}~{digest}"


def _noon(day: date) -> datetime:
    """Return noon of the day on the site's clock.

    A file gives days, the database holds moments. Noon is the moment whose date is
    the same in UTC (sitemaps, OAI-PMH) for nearly every time zone a site can have, and
    no clock change falls on it; midnight in Seoul is the day before in UTC.
    """
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


def _date(text: str) -> tuple[date | None, list[Noted]]:
    found = DATE.fullmatch(text.strip())
    if not text.strip():
        return None, [Noted(Remark.NO_DATE)]
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        return None, [Noted(Remark.ODD_DATE, text[:40])]
    if day > timezone.localdate():
        return None, [Noted(Remark.FUTURE_DATE, day.isoformat())]
    return day, []


def _outlet(record: ImportedWork) -> tuple[str, str, list[Noted]]:
    name, notes = cleaning.shorten(cleaning.plain(record.outlet), MAX_NAME)
    address = cleaning.web_address(record.outlet_url)
    if record.outlet_url.strip() and not address:
        notes.append(Noted(Remark.BAD_ADDRESS, record.outlet_url[:80]))
    if address and not name:
        name = cleaning.site_name(address)[:MAX_NAME]
        notes.append(Noted(Remark.OUTLET_FROM_ADDRESS, name))
    return name, address, notes


def _authors(record: ImportedWork, outlet: str) -> tuple[tuple[Name, ...], list[Noted]]:
    displays, notes = _distinct(record.authors, MAX_NAME)
    if not displays:
        notes.append(Noted(Remark.NO_AUTHOR))
    return tuple(name_of(display, outlet=outlet) for display in displays), notes


def _tags(record: ImportedWork) -> tuple[tuple[str, ...], list[Noted]]:
    commas = [Noted(Remark.COMMA_IN_TAG, tag[:MAX_TAG]) for tag in record.tags if "," in tag]
    tags, notes = _distinct((tag.replace(",", " ") for tag in record.tags), MAX_TAG)
    return tuple(tags), notes + commas


def _distinct(names: Iterable[str], limit: int) -> tuple[list[str], list[Noted]]:
    """Return the names cleaned, each once, in their order."""
    kept: dict[str, str] = {}
    notes: list[Noted] = []
    for raw in names:
        name, shortened = cleaning.shorten(cleaning.plain(raw), limit)
        if name:
            kept.setdefault(fold(name), name)
            notes += shortened
    return list(kept.values()), notes


def _rights(body: str, standfirst: str, outlet_url: str) -> tuple[Rights, list[Noted]]:
    if body:
        return Rights.FULL, []
    if outlet_url:
        return Rights.EXCERPT, [Noted(Remark.EXCERPT)]
    return Rights.FULL, [] if standfirst else [Noted(Remark.NOTHING_TO_READ)]
