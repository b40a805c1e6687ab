"""What to suggest while somebody types: headlines, people, topics and whatever else has a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext

from publications.models import SuggestionSource
from publications.search.beginnings import beginning, is_brief, typed_words, unfinished, whole
from publications.search.candidates import Candidate, busiest_things, newest_titles
from publications.search.facets import Facet, count
from publications.states import Status


class Shown(NamedTuple):
    """How many of a source are shown, their page, the query of their rows, and their facets."""

    most: int
    page: str
    rows: str
    facets: Sequence[Facet] = ()


TITLES = """
SELECT 'title', work.id, title, work.slug, language, kind.name,
    extract(year FROM published_at AT TIME ZONE %(zone)s)::text
FROM publications_publication AS work JOIN publications_kind AS kind ON kind.id = kind_id
WHERE work.id = ANY(%(title)s) AND status = %(published)s AND published_at <= %(now)s
"""
NAMES = """
SELECT '{source}', id, {name}, slug, '', {other}, ''
FROM publications_{source} WHERE id = ANY(%({source})s)
"""


def _names(source: str, name: str, other: str = "''") -> str:
    return NAMES.format(source=source, name=name, other=other)


# In the order of the list.
SHOWN = {
    SuggestionSource.TITLE: Shown(5, "publication", TITLES),
    SuggestionSource.AUTHOR: Shown(
        3, "author", _names("author", "display_name", "native_name"), [Facet.AUTHOR]
    ),
    SuggestionSource.TAG: Shown(3, "tag", _names("tag", "name"), [Facet.TOPIC, Facet.REGION]),
    SuggestionSource.OUTLET: Shown(2, "outlet", _names("outlet", "name"), [Facet.OUTLET]),
    SuggestionSource.SERIES: Shown(2, "series", _names("series", "title"), [Facet.SERIES]),
    SuggestionSource.KIND: Shown(2, "named", _names("kind", "plural"), [Facet.KIND]),
}
SCHEDULED = "SELECT facets FROM publications_searchdocument WHERE public_from > %s"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of what is suggested, and where it leads."""

    source: SuggestionSource
    label: str
    url: str
    detail: str
    # Of a headline; a name is in no language.
    language: str = ""


def suggest(typed: str, now: datetime) -> list[Suggestion]:
    """Return what begins like the words typed so far and has something to read at `now`."""
    words = typed_words(typed)
    if not words:
        return []
    ranges = [*map(beginning, words[:-1]), unfinished(words[-1])]
    # So short a word begins too many headlines: it stands for itself.
    exact = [*map(whole, words)] if all(map(is_brief, words)) else ranges
    found = [*newest_titles(exact, now), *_readable(busiest_things(ranges), now)]
    rows = _rows(found, now)
    suggestions: dict[SuggestionSource, list[Suggestion]] = defaultdict(list)
    for each in found:
        if row := rows.get((each.source, each.pk)):
            suggestions[each.source].append(_suggestion(each, row))
    return [each for source, shown in SHOWN.items() for each in suggestions[source][: shown.most]]


def _readable(things: Sequence[Candidate], now: datetime) -> list[Candidate]:
    """Keep what readers find a work of, and count only such works."""
    if not things:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SCHEDULED, [now])
        scheduled = count(b"".join(bytes(facets) for (facets,) in cursor.fetchall()))
    counted = [
        each._replace(
            works=each.works - sum(scheduled[facet][each.pk] for facet in SHOWN[each.source].facets)
        )
        for each in things
    ]
    return [each for each in counted if each.works > 0]


def _rows(
    found: Iterable[Candidate], now: datetime
) -> Mapping[tuple[SuggestionSource, int], Sequence[str]]:
    """Read what is shown of each."""
    ids: dict[SuggestionSource, list[int]] = defaultdict(list)
    for each in found:
        ids[each.source].append(each.pk)
    if not ids:
        return {}
    parameters: dict[str, Any] = {
        **{source.value: some for source, some in ids.items()},
        "now": now,
        "published": Status.PUBLISHED.value,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        # Only what is needed: planning all of it would take longer than reading it.
        cursor.execute(" UNION ALL ".join(SHOWN[source].rows for source in ids), parameters)
        return {(SuggestionSource(source), pk): row for source, pk, *row in cursor.fetchall()}


def _suggestion(found: Candidate, row: Sequence[str]) -> Suggestion:
    label, slug, language, *details = row
    if found.works:
        details.append(_counted(found.works))
    url = reverse(f"publications:{SHOWN[found.source].page}", args=[slug])
    return Suggestion(found.source, label, url, " · ".join(filter(None, details)), language)


def _counted(works: int) -> str:
    number = number_format(works, use_l10n=True, force_grouping=True)
    return ngettext("%(number)s publication", "%(number)s publications", works) % {"number": number}
