"""Keeping the search documents equal to the publications they describe."""

from collections.abc import Iterable

from django.db import connection

# One statement for any number of works: bulk writers need nothing else.
# Weights: A headline, B names and tags, C standfirst and outlet, D text.
INDEX = """
INSERT INTO publications_searchdocument (publication_id, vector)
SELECT
    work.id,
    setweight(to_tsvector('publications', work.title), 'A')
    || setweight(to_tsvector('publications', concat_ws(' ', names.text, labels.text)), 'B')
    || setweight(
        to_tsvector('publications', concat_ws(' ', work.standfirst, outlet.name, series.title)), 'C'
    )
    -- Tags become spaces; a tsvector holds at most 1 MB, Hangul takes 3 bytes: cap what goes in.
    || setweight(
        to_tsvector('publications', left(regexp_replace(work.body, '<[^>]*>', ' ', 'g'), 250000)),
        'D'
    )
FROM publications_publication AS work
LEFT JOIN publications_outlet AS outlet ON outlet.id = work.outlet_id
LEFT JOIN publications_series AS series ON series.id = work.series_id
LEFT JOIN LATERAL (
    SELECT string_agg(concat_ws(' ', author.display_name, author.native_name), ' ') AS text
    FROM publications_contribution AS contribution
    JOIN publications_author AS author ON author.id = contribution.author_id
    WHERE contribution.publication_id = work.id
) AS names ON true
LEFT JOIN LATERAL (
    SELECT string_agg(tag.name, ' ') AS text
    FROM publications_tagging AS tagging
    JOIN publications_tag AS tag ON tag.id = tagging.tag_id
    WHERE tagging.content_object_id = work.id
) AS labels ON true
WHERE work.id = ANY(%s)
ON CONFLICT (publication_id) DO UPDATE SET vector = excluded.vector
"""


def index(publication_ids: Iterable[int]) -> None:
    """Write the search documents of these publications from what the database holds now."""
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [list(publication_ids)])
