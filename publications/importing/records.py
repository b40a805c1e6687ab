"""One line of an import file as a frozen record; whatever a line holds, parsing it never raises."""

import json
from dataclasses import dataclass
from typing import Any

MAX_NAMES = 500


@dataclass(frozen=True, slots=True)
class ImportedWork:
    """What one line says, as it says it."""

    line: int
    source: str
    external_id: str
    title: str
    date: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    outlet: str = ""
    outlet_url: str = ""
    summary: str = ""
    body_html: str = ""
    language: str = ""
    kind: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot become a publication."""

    line: int
    what: str
    external_id: str = ""


def parse(line: int, data: bytes) -> ImportedWork | Problem:
    """Read one line of JSON; a line that is no work gives the reason instead."""
    try:
        fields = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Problem(line, "not UTF-8 text")
    except (ValueError, RecursionError):
        return Problem(line, "not JSON")
    if not isinstance(fields, dict):
        return Problem(line, "not a JSON object")
    external_id = _identifier(fields.get("id"))
    try:
        return _work(line, external_id, fields)
    except _WrongFieldError as wrong:
        return Problem(line, str(wrong), external_id)


class _WrongFieldError(Exception):
    """A field is missing or of the wrong type."""


def _work(line: int, external_id: str, fields: dict[str, Any]) -> ImportedWork:
    if not external_id:
        raise _WrongFieldError("no id")
    title = _text(fields, "title")
    if not title.strip():
        raise _WrongFieldError("no title")
    return ImportedWork(
        line=line,
        source=_text(fields, "source"),
        external_id=external_id,
        title=title,
        date=_text(fields, "date"),
        authors=_names(fields, "authors"),
        tags=_names(fields, "tags"),
        outlet=_text(fields, "outlet"),
        outlet_url=_text(fields, "outlet_url"),
        summary=_text(fields, "summary"),
        body_html=_text(fields, "body_html"),
        language=_text(fields, "lang"),
        kind=_text(fields, "kind"),
        slug=_text(fields, "slug"),
    )


def _identifier(value: object) -> str:
    """Return an id as text; numbers are common and welcome, `true` is not a number here."""
    if isinstance(value, int) and not isinstance(value, bool):
        # Huge integers refuse to become decimal text.
        return str(value) if value.bit_length() < 1000 else ""
    return _storable(value).strip() if isinstance(value, str) else ""


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _WrongFieldError(f"“{name}” is not text")
    return _storable(value)


def _names(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _WrongFieldError(f"“{name}” is not a list of texts")
    if len(value) > MAX_NAMES:
        raise _WrongFieldError(f"“{name}” has more than {MAX_NAMES} entries")
    return tuple(_storable(each) for each in value)


def _storable(text: str) -> str:
    r"""Drop what PostgreSQL cannot store: NUL, and halves of a pair such as \ud800."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
