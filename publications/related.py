"""Works to read next."""

from typing import Any

from django.db import connection
from django.utils import timezone

from publications.models import Publication
from publications.states import Status

RELATED = 4
MORE_BY = 3
# Newest works looked at for each tag: the cost stays flat when a tag grows.
PER_TAG = 200

NEIGHBORS = """
WITH published AS NOT MATERIALIZED (
    SELECT id, published_at FROM publications_publication
    WHERE status = %(published)s AND published_at <= %(now)s AND id <> %(work)s
),
related AS (
    SELECT published.id, count(*) AS shared, max(published_at) AS newest
    FROM publications_tagging AS own
    CROSS JOIN LATERAL (
        SELECT content_object_id FROM publications_tagging
        WHERE tag_id = own.tag_id ORDER BY content_object_id DESC LIMIT %(per_tag)s
    ) AS other
    JOIN published ON published.id = other.content_object_id
    WHERE own.content_object_id = %(work)s
    GROUP BY published.id ORDER BY shared DESC, newest DESC LIMIT %(related)s
),
more_by AS (
    SELECT DISTINCT published.id, published_at
    FROM publications_contribution AS own
    JOIN publications_contribution AS other
        ON other.author_id = own.author_id AND other.publication_id <> own.publication_id
    JOIN published ON published.id = other.publication_id
    WHERE own.publication_id = %(work)s AND own.position = 1
        AND published.id NOT IN (SELECT id FROM related)
    ORDER BY published_at DESC LIMIT %(more_by)s
)
SELECT 'related', id FROM related UNION ALL SELECT 'more_by', id FROM more_by
"""


def neighbors(work: Publication) -> tuple[list[Any], list[Any]]:
    """Return works that share the most tags, and others by the first author, with their cards."""
    with connection.cursor() as cursor:
        cursor.execute(
            NEIGHBORS,
            {
                "work": work.pk,
                "now": timezone.now(),
                "published": Status.PUBLISHED.value,
                "per_tag": PER_TAG,
                "related": RELATED,
                "more_by": MORE_BY,
            },
        )
        found = cursor.fetchall()
    cards = Publication.objects.with_cards().in_bulk([pk for _, pk in found])
    related = [cards[pk] for group, pk in found if group == "related"]
    more_by = [cards[pk] for group, pk in found if group == "more_by"]
    return related, more_by
