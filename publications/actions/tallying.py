"""Counting what readers search; never who."""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from unicodedata import normalize as compose

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from publications.search.tokens import normalize

logger = logging.getLogger(__name__)

LONGEST = 200
# Different searches kept for one day: whoever types at random cannot fill the table.
PER_DAY = 5000
KEPT = timedelta(days=400)
# An address of mail, a telephone number, a number of a card or a passport.
PERSONAL = re.compile(r"@|\d{7}|(?:\d[ ().-]{0,2}){9}")

WITHOUT_WAITING = """
SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '200ms', true)
"""

# The first part forgets; where nothing is old it looks at one entry of the index.
COUNT_SEARCH = """
WITH old AS (DELETE FROM publications_searchtally WHERE day < %(oldest)s)
INSERT INTO publications_searchtally AS tally (day, query, searches, empty, opened)
SELECT %(day)s, %(query)s, 1, %(empty)s, 0
WHERE EXISTS (
        SELECT FROM publications_searchtally WHERE day = %(day)s AND lower(query) = lower(%(query)s)
    )
    OR NOT EXISTS (
        SELECT FROM publications_searchtally WHERE day = %(day)s OFFSET %(others)s
    )
ON CONFLICT (day, lower(query)) DO UPDATE
SET searches = tally.searches + 1, empty = tally.empty + excluded.empty
"""

COUNT_OPENING = """
UPDATE publications_searchtally SET opened = opened + 1
WHERE day = %(day)s AND lower(query) = lower(%(query)s)
"""


def tally_search(typed: str, found: int) -> None:
    """Count a search that found so many works; what could name a person is not kept."""
    today = timezone.localdate()
    _count(
        COUNT_SEARCH,
        typed,
        {"day": today, "oldest": today - KEPT, "empty": int(not found), "others": PER_DAY - 1},
    )


def tally_opening(typed: str) -> None:
    """Count that a result of a search of today was opened."""
    _count(COUNT_OPENING, typed, {"day": timezone.localdate()})


def _count(statement: str, typed: str, facts: Mapping[str, Any]) -> None:
    """Write without waiting for the disk or long for a lock; no page is lost over a count."""
    query = _kept(typed)
    if not query:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WITHOUT_WAITING)
            cursor.execute(statement, {**facts, "query": query})
    except DatabaseError as error:
        logger.warning("A search was not counted: %s", error)


def _kept(typed: str) -> str:
    """Return the words as they are counted, or nothing for what could name a person."""
    if PERSONAL.search(compose("NFKC", typed)):
        return ""
    return normalize(typed).lower()[:LONGEST].rstrip()
