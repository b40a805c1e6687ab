"""The passage of a text that shows why it was found, with the words that were found marked."""

import html
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from kei_site.common.html import to_text
from publications.models import Publication
from publications.reading import opening
from publications.search.places import (
    MOST_PLACES,
    Place,
    exact_places,
    likely_places,
    terms_of,
)
from publications.search.query import Query

LENGTH = 240
# How much of it stands before the first word found.
LEAD = 60
MOST_OF_BODY = 100_000
# So many passages are read as tokens; nearly always the first is the best.
MOST_READ = 6
# Passages start and end between words, unless a word is longer than this.
LONGEST_WORD = 40


def passage(work: Publication, query: Query) -> SafeString:
    """Return the best passage of a work's text, as far as the rights let it stand here."""
    return fragment(work.body if work.shows_full_text else opening(work.body), query)


def highlight(text: str, query: Query) -> SafeString:
    """Escape plain `text` and mark what `query` finds in it."""
    return _marked(text, exact_places(text, terms_of(query.groups)))


def fragment(body: str, query: Query) -> SafeString:
    """Return the 240 or so characters of sanitized `body` that have most of what is asked for.

    Nothing for a body that has none of it.
    """
    terms = terms_of(query.groups)
    text = unicodedata.normalize("NFC", to_text(_beginning(body)))
    places = likely_places(text, terms)
    numbers = Counter(place.group for place in places)
    # What is rare in this text tells more.
    worth = {group: 1000 + 1000 // number for group, number in numbers.items()}
    best, most = SafeString(""), 0
    for promised, found in islice(_promising(places, worth), MOST_READ):
        if promised <= most:
            break
        start, end = _cut(text, found)
        matches = exact_places(text[start:end], terms)
        total = sum(worth.get(group, 0) for group in {match.group for match in matches})
        if total > most:
            marked = _marked(text[start:end], matches)
            before, after = "… " if start else "", " …" if end < len(text) else ""
            best, most = mark_safe(f"{before}{marked}{after}"), total  # noqa: S308 - escaped
    return best


def _beginning(body: str) -> str:
    """Return as much of a long body as is looked through, not cut inside a tag."""
    start = body[:MOST_OF_BODY]
    tag = start.rfind("<")
    return start[:tag] if tag > start.rfind(">") else start


def _promising(places: Sequence[Place], worth: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield what passages seem to be worth and where in the text they are, the best first.

    Of equals, the one in which words are nearest to each other, and then the first.
    """
    passages = []
    for number, first in enumerate(places):
        ends: dict[int, int] = {}
        for place in places[number : number + MOST_PLACES]:
            if place.start > first.start + LENGTH - LEAD - LONGEST_WORD or len(ends) == len(worth):
                break
            ends.setdefault(place.group, place.end)
        total = sum(worth[group] for group in ends)
        passages.append((-total, max(ends.values()) - first.start, first.start))
    return ((-total, start) for total, _width, start in sorted(passages))


def _cut(text: str, found: int) -> tuple[int, int]:
    """Return start and end of the passage around a place, between words."""
    start = max(0, min(found - LEAD, len(text) - LENGTH))
    if start:
        start = text.find(" ", start - 1, min(start + LONGEST_WORD, found)) + 1 or start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = text.rfind(" ", end - LONGEST_WORD, end + 1)
        end = space if space > 0 else end
    return start, end


def _marked(text: str, matches: Iterable[Place]) -> SafeString:
    """Escape `text` and mark the matches in it."""
    pieces: list[str] = []
    done = 0
    for start, end in _joined(matches):
        pieces += [html.escape(text[done:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*pieces, html.escape(text[done:])]))  # noqa: S308 - escaped


def _joined(matches: Iterable[Place]) -> list[tuple[int, int]]:
    """Join matches that overlap or touch."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in matches:
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans
