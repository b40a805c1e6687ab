"""What readers searched, added up for staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

# An often repeated search of which nobody opened a result.
OFTEN = 3

BY_DAY = """
SELECT day, sum(searches), sum(empty) FROM publications_searchtally
WHERE day BETWEEN %s AND %s GROUP BY day
"""

# The tally is read once for all three lists.
LISTS = """
WITH summed AS MATERIALIZED (
    SELECT query, sum(searches) AS searches, sum(empty) AS empty, sum(opened) AS opened
    FROM publications_searchtally WHERE day BETWEEN %(first)s AND %(last)s GROUP BY query
)
(SELECT 'top', * FROM summed ORDER BY searches DESC, query LIMIT %(most)s)
UNION ALL
(SELECT 'empty', * FROM summed WHERE empty > 0 ORDER BY empty DESC, query LIMIT %(most)s)
UNION ALL
(SELECT 'abandoned', * FROM summed WHERE searches >= %(often)s AND opened = 0 AND empty = 0
ORDER BY searches DESC, query LIMIT %(most)s)
"""


class Period(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date


class Searched(NamedTuple):
    """One search, and how often in the period."""

    query: str
    searches: int
    empty: int
    opened: int


class Day(NamedTuple):
    """All searches of one day."""

    day: date
    searches: int
    empty: int


@dataclass(frozen=True, slots=True)
class Insight:
    """What readers searched in a period; the lists are the longest first."""

    days: Sequence[Day]
    top: Sequence[Searched]
    empty: Sequence[Searched]
    abandoned: Sequence[Searched]

    @property
    def searches(self) -> int:
        """Return the number of all searches."""
        return sum(day.searches for day in self.days)

    @property
    def found_nothing(self) -> int:
        """Return the number of searches without a result."""
        return sum(day.empty for day in self.days)


def read_insight(period: Period, *, most: int) -> Insight:
    """Read a period in two queries, however much was searched in it."""
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, period)
        counted = {day: Day(day, searches, empty) for day, searches, empty in cursor.fetchall()}
        cursor.execute(LISTS, {**period._asdict(), "most": most, "often": OFTEN})
        rows = cursor.fetchall()
    lists: dict[str, list[Searched]] = {"top": [], "empty": [], "abandoned": []}
    for name, *row in rows:
        lists[name].append(Searched(*row))
    return Insight(
        days=[counted.get(day, Day(day, 0, 0)) for day in _days(period)],
        top=lists["top"],
        empty=lists["empty"],
        abandoned=lists["abandoned"],
    )


def _days(period: Period) -> Iterator[date]:
    for number in range((period.last - period.first).days + 1):
        yield period.first + timedelta(days=number)
