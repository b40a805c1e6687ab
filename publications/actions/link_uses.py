"""Which addresses a work uses: derived from its text, its outlet and its files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from publications.hyperlinks import checkable, host_of, read_markup
from publications.models import Attachment, LinkPlace, Publication

# A page of links is no text; the rest of it is not checked.
MOST_IN_A_WORK = 500

type Use = tuple[int, str, str]

# In the order of the addresses, so that two writers never wait for each other in a circle.
ADD_LINKS = """
INSERT INTO publications_linkcheck (
    url, host, status, reason, final_url, next_at, failures, ignored, archive_url
)
SELECT url, host, 'waiting', '', '', now(), 0, false, ''
FROM unnest(%(urls)s::text[], %(hosts)s::text[]) AS new (url, host) ORDER BY url
ON CONFLICT (url) DO NOTHING
"""
FORGET_USES = """
DELETE FROM publications_linkuse AS stored USING publications_linkcheck AS link
WHERE stored.publication_id = ANY(%(works)s) AND link.id = stored.link_id
AND NOT EXISTS (
    SELECT FROM unnest(%(uses_of)s::bigint[], %(places)s::text[], %(used)s::text[])
        AS wanted (publication_id, place, url)
    WHERE wanted.publication_id = stored.publication_id AND wanted.place = stored.place
        AND wanted.url = link.url
)
"""
ADD_USES = """
INSERT INTO publications_linkuse (publication_id, place, link_id)
SELECT wanted.publication_id, wanted.place, link.id
FROM unnest(%(uses_of)s::bigint[], %(places)s::text[], %(used)s::text[])
    AS wanted (publication_id, place, url)
JOIN publications_linkcheck AS link ON link.url = wanted.url
ON CONFLICT DO NOTHING
"""


def note_links(work_ids: Sequence[int]) -> None:
    """Make the table of uses say what the works of these ids lead to, in five statements."""
    if not work_ids:
        return
    uses = list(_uses(work_ids))
    urls = sorted({url for _work, _place, url in uses})
    facts: dict[str, Any] = {
        "works": list(work_ids),
        "urls": urls,
        "hosts": [host_of(url) for url in urls],
        "uses_of": [work for work, _place, _url in uses],
        "places": [place for _work, place, _url in uses],
        "used": [url for _work, _place, url in uses],
    }
    with connection.cursor() as cursor:
        for statement in (ADD_LINKS, FORGET_USES, ADD_USES):
            cursor.execute(statement, facts)


def _uses(work_ids: Sequence[int]) -> Iterator[Use]:
    works = Publication.objects.filter(pk__in=work_ids).order_by("pk")
    for pk, body, outlet_url in works.values_list("pk", "body", "outlet_url"):
        for url in _addresses(read_markup(body).links):
            yield pk, LinkPlace.BODY, url
        for url in _addresses([outlet_url] if outlet_url else ()):
            yield pk, LinkPlace.OUTLET, url
    for file in Attachment.objects.filter(publication__in=work_ids).order_by("pk"):
        for url in _addresses([file.get_absolute_url()]):
            yield file.publication_id, LinkPlace.FILE, url


def _addresses(links: Iterable[str]) -> list[str]:
    # A fragment alone is a place in the same text.
    found = (checkable(each) for each in links if each.strip() and not each.startswith("#"))
    return list(dict.fromkeys(url for url in found if url))[:MOST_IN_A_WORK]
