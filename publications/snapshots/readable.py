"""Rich text as plain text that shows its structure, and the values of fields in words."""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    FileField,
    ForeignKey,
)
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from publications.models.fields import RichTextField

# One look at each character, also where a tag or a quotation never ends.
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*+")*+)>')
_ATTRIBUTE = re.compile(r'\b(href|src|alt)="([^"]*+)"')
_BLOCKS = {
    "address", "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
}  # fmt: skip
_BEGIN = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• ", "blockquote": "> ", "hr": "———"}
_BEGINNINGS = {mark.strip() for mark in _BEGIN.values()} - {"———"}
# As writers of plain text mark what they stress.
_MARKS = {
    "strong": "**", "b": "**", "em": "*", "i": "*", "u": "__", "s": "~~", "del": "~~", "sup": "^",
    "sub": "~", "code": "`", "mark": "==",
}  # fmt: skip


def readable(markup: str) -> str:
    """Return sanitized `markup` as plain text: a line a block, with links and stress marked."""
    parts: list[str] = []
    links: list[str] = []
    end = 0
    for tag in _TAG.finditer(markup):
        parts.append(_text(markup[end : tag.start()]))
        end = tag.end()
        parts.append(_mark(tag[2].lower(), tag[3], links, closes=bool(tag[1])))
    parts.append(_text(markup[end:]))
    return "\n".join(_lines("".join(parts)))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that are not empty; what begins a block stands before its first words."""
    begun = ""
    for line in text.split("\n"):
        words = line.strip()
        if words in _BEGINNINGS:
            begun = f"{begun}{words} "
        elif words:
            yield begun + words
            begun = ""
    if begun:
        yield begun.strip()


def _text(markup: str) -> str:
    return html.unescape(markup).replace("\n", " ")


def _mark(tag: str, attributes: str, links: list[str], *, closes: bool) -> str:
    """Return what stands for a tag."""
    if tag in _BLOCKS:
        return "\n" if closes else "\n" + _BEGIN.get(tag, "")
    match tag:
        case "br":
            return "\n"
        case "td" | "th":
            return " | " if closes else ""
        case "img":
            known = _known(attributes)
            return f"![{known.get('alt', '')}]({known.get('src', '')})"
        case "a" if closes:
            return f" [{links.pop()}]" if links and links[-1] else ""
        case "a":
            links.append(_known(attributes).get("href", ""))
            return ""
    return _MARKS.get(tag, "")


def _known(attributes: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}


def in_words(field: Any, value: Any) -> str:
    """Return the value of a field in a snapshot as a person reads it."""
    if value is None or value == "":
        return ""
    match field:
        case ForeignKey():
            return str(value["name"])
        case RichTextField():
            return readable(str(value))
        case FileField():
            return str(value).rpartition("/")[2]
        case BooleanField():
            return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _moment(field, value)


def _moment(field: Any, value: Any) -> str:
    match field:
        case DateTimeField():
            return date_format(localtime(field.to_python(value)), "DATETIME_FORMAT")
        case DateField():
            return date_format(field.to_python(value), "DATE_FORMAT")
    return str(value)
