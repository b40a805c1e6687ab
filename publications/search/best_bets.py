"""Publications that staff put above the results of a search."""

from datetime import datetime

from django.db import connection

from publications.search.query import Query
from publications.search.tokens import normalize

LONGEST_KEY = 300

READ = """
SELECT publication_id FROM publications_bestbet AS bet
JOIN publications_searchdocument AS document USING (publication_id)
WHERE bet.key = %s AND document.public_from <= %s
ORDER BY bet.position, bet.id
"""


def bet_key(typed: str) -> str:
    """Return what is the same for all ways to type a search; empty if it has no words."""
    return normalize(typed)[:LONGEST_KEY]


def best_bets(query: Query, *, now: datetime) -> list[int]:
    """Return the ids of publications to show above the results, of those readers may see."""
    key = bet_key(query.text)
    if not key:
        return []
    with connection.cursor() as cursor:
        cursor.execute(READ, [key, now])
        return [publication for (publication,) in cursor.fetchall()]
