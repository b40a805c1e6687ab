"""What to suggest while somebody types: headlines, people, topics and whatever else has a page."""

from collections import defaultdict
from collections.abc import Sequence
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
from publications.states import Status

TITLE_ROWS = """
SELECT 'title', work.id, work.title, work.slug, work.language, kind.name,
    extract(year FROM work.published_at AT TIME ZONE %(zone)s)::int
FROM publications_publication AS work JOIN publications_kind AS kind ON kind.id = work.kind_id
WHERE work.id = ANY(%(title)s) AND work.status = %(published)s AND work.published_at <= %(now)s
"""
# The number is that of the works still to come: the counts of the index have them.
THING_ROWS = """
SELECT '{source}', thing.id, {label}, thing.slug, '', {detail}, (
    SELECT count(DISTINCT work.id)::int FROM {works}
    AND work.status = %(published)s AND work.published_at > %(now)s
)
FROM publications_{source} AS thing
WHERE thing.id = ANY(%({source})s) AND EXISTS (
    SELECT FROM {works} AND work.status = %(published)s AND work.published_at <= %(now)s
)
"""
WORKS = "publications_publication AS work WHERE work.{source}_id = thing.id"
LINKED_WORKS = """
publications_{link} AS link JOIN publications_publication AS work ON work.id = link.{work}_id
WHERE link.{source}_id = thing.id
"""


class Shown(NamedTuple):
    """How many of a source are shown, what leads to each, and the query of what is shown."""

    most: int
    page: str
    rows: str


def _thing(
    source: str,
    most: int,
    label: str,
    page: str = "",
    link: str = "",
    work: str = "",
    detail: str = "''",
) -> Shown:
    works = (LINKED_WORKS if link else WORKS).format(source=source, link=link, work=work)
    rows = THING_ROWS.format(source=source, label=f"thing.{label}", detail=detail, works=works)
    return Shown(most, f"publications:{page or source}", rows)


# In the order of the list.
SHOWN = {
    SuggestionSource.TITLE: Shown(5, "publications:publication", TITLE_ROWS),
    SuggestionSource.AUTHOR: _thing(
        "author", 3, "display_name", link="contribution", work="publication", detail="native_name"
    ),
    SuggestionSource.TAG: _thing("tag", 3, "name", link="tagging", work="content_object"),
    SuggestionSource.OUTLET: _thing("outlet", 2, "name"),
    SuggestionSource.SERIES: _thing("series", 2, "title"),
    SuggestionSource.KIND: _thing("kind", 2, "plural", page="named"),
}


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
    found = [*newest_titles(exact, now), *busiest_things(ranges)]
    rows = _rows(found, now)
    suggestions: dict[SuggestionSource, list[Suggestion]] = defaultdict(list)
    for source, pk, works in found:
        if (source, pk) in rows:
            suggestions[source].append(_suggestion(source, rows[source, pk], works))
    return [each for source, shown in SHOWN.items() for each in suggestions[source][: shown.most]]


def _rows(
    found: Sequence[Candidate], now: datetime
) -> dict[tuple[SuggestionSource, int], Sequence[Any]]:
    """Read what is shown of those that readers may see."""
    ids: dict[SuggestionSource, list[int]] = defaultdict(list)
    for source, pk, _works in found:
        ids[source].append(pk)
    if not ids:
        return {}
    # Only what is needed: a database takes longer to plan the whole than to answer it.
    query = " UNION ALL ".join(SHOWN[source].rows for source in ids)
    parameters: dict[str, Any] = {
        **{source.value: some for source, some in ids.items()},
        "now": now,
        "published": Status.PUBLISHED.value,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return {(SuggestionSource(source), pk): row for source, pk, *row in cursor.fetchall()}


def _suggestion(source: SuggestionSource, row: Sequence[Any], works: int) -> Suggestion:
    label, slug, language, detail, number = row
    url = reverse(SHOWN[source].page, args=[slug])
    last = str(number) if source == SuggestionSource.TITLE else _counted(works - number)
    return Suggestion(source, label, url, " · ".join(filter(None, [detail, last])), language)


def _counted(works: int) -> str:
    """Write how many works there are, unless the count has not caught up with the first of them."""
    if works < 1:
        return ""
    number = number_format(works, use_l10n=True, force_grouping=True)
    return ngettext("%(number)s publication", "%(number)s publications", works) % {"number": number}
