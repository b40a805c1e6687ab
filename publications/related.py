"""Works to read next."""

from typing import Any

from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from publications.models import Publication
from publications.search.similar import similar
from publications.states import Status

RELATED = 4
MORE_BY = 3
# Newest works looked at for each tag: the cost stays flat when a tag grows.
PER_TAG = 200
# Seconds. More works are kept than shown: some may be withdrawn meanwhile.
KEPT_FOR = 600
SPARE = 4

# Shared tags stand in for a work whose words nobody shares.
NEIGHBORS = """
WITH published AS NOT MATERIALIZED (
    SELECT id, published_at FROM publications_publication
    WHERE status = %(published)s AND published_at <= %(now)s AND id <> %(work)s
),
tagged AS (
    SELECT published.id, count(*) AS shared, max(published_at) AS newest
    FROM publications_tagging AS own
    CROSS JOIN LATERAL (
        SELECT content_object_id FROM publications_tagging
        WHERE tag_id = own.tag_id ORDER BY content_object_id DESC LIMIT %(per_tag)s
    ) AS other
    JOIN published ON published.id = other.content_object_id
    WHERE own.content_object_id = %(work)s AND cardinality(%(similar)s::bigint[]) = 0
    GROUP BY published.id ORDER BY shared DESC, newest DESC LIMIT %(related)s
),
related AS (
    SELECT id, place
    FROM unnest(%(similar)s::bigint[]) WITH ORDINALITY AS near (id, place)
    JOIN published USING (id)
    UNION ALL SELECT id, row_number() OVER (ORDER BY shared DESC, newest DESC) FROM tagged
    ORDER BY place LIMIT %(related)s
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
SELECT 'related', id, place FROM related
UNION ALL SELECT 'more_by', id, row_number() OVER (ORDER BY published_at DESC) FROM more_by
ORDER BY 3
"""


def neighbors(work: Publication) -> tuple[list[Any], list[Any]]:
    """Return works about the same things, and others by the first author, with their cards."""
    now = timezone.now()
    ids = caches["nearby"].get_or_set(
        f"similar:{work.pk}:{work.updated_at.timestamp()}",
        lambda: similar(work.pk, limit=RELATED + SPARE, now=now),
        KEPT_FOR,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            NEIGHBORS,
            {
                "work": work.pk,
                "now": now,
                "published": Status.PUBLISHED.value,
                "similar": ids,
                "per_tag": PER_TAG,
                "related": RELATED,
                "more_by": MORE_BY,
            },
        )
        found = cursor.fetchall()
    cards = Publication.objects.with_cards().in_bulk([pk for _, pk, _ in found])
    related = [cards[pk] for group, pk, _ in found if group == "related"]
    more_by = [cards[pk] for group, pk, _ in found if group == "more_by"]
    return related, more_by
