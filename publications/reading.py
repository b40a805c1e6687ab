"""What is made of a work's text for reading: outline, opening, reading time."""

import re
from dataclasses import dataclass

from django.utils.text import slugify

from kei_site.common.html import to_text

WORDS_A_MINUTE = 230
# A syllable block carries about as much as half an English word.
HANGUL = re.compile(r"[가-힣]")
HEADING = re.compile(r"<h([23])([^>]*)>(.*?)</h\1>", re.DOTALL)
PARAGRAPH = re.compile(r"<p[^>]*>.*?</p>", re.DOTALL)
ID = re.compile(r'\bid="([^"]*)"')
LONG = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of a table of contents."""

    id: str
    text: str
    level: int


def reading_minutes(body: str) -> int:
    """Return how many minutes the text takes, at least one."""
    text = to_text(body)
    words = len(HANGUL.sub(" ", text).split()) + len(HANGUL.findall(text)) / 2
    return max(1, round(words / WORDS_A_MINUTE))


def opening(body: str) -> str:
    """Return the first paragraph of sanitized `body`, with its markup."""
    found = PARAGRAPH.search(body)
    return found.group() if found else ""


def outline(body: str) -> tuple[str, list[Heading]]:
    """Give every h2 and h3 of sanitized `body` an id; return the text and its headings.

    A text with fewer than four headings needs no table of contents: its list is empty.
    """
    headings: list[Heading] = []
    taken = set(ID.findall(body))

    def with_id(found: re.Match[str]) -> str:
        level, attributes, inner = found.groups()
        text = to_text(inner)
        given = ID.search(attributes)
        name = given.group(1) if given else _unused(slugify(text, allow_unicode=True), taken)
        headings.append(Heading(name, text, int(level)))
        own = attributes if given else f'{attributes} id="{name}"'
        return f"<h{level}{own}>{inner}</h{level}>"

    text = HEADING.sub(with_id, body)
    return text, headings if len(headings) >= LONG else []


def _unused(name: str, taken: set[str]) -> str:
    """Make `name` an id that stands nowhere else on the page; `s-` keeps it clear of the frame."""
    candidate = base = f"s-{name or 'section'}"
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    taken.add(candidate)
    return candidate
