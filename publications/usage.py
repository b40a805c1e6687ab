"""Where images are used: a few statements for any number of images, none of them reads a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from publications.models import Image


class How(StrEnum):
    """In what way a thing uses an image."""

    LEAD = "lead"
    SPOTLIGHT = "spotlight"
    TEXT = "text"
    PENDING = "pending"
    PORTRAIT = "portrait"


WORDS = {
    (How.LEAD, "publication"): _("lead image of"),
    (How.SPOTLIGHT, "publication"): _("Spotlight of"),
    (How.TEXT, "publication"): _("in the text of"),
    (How.PENDING, "publication"): _("in a waiting change of"),
    (How.PORTRAIT, "author"): _("portrait of"),
    (How.TEXT, "author"): _("in the biography of"),
    (How.TEXT, "page"): _("on the page"),
    (How.TEXT, "series"): _("in the description of"),
}
# Changes that wait are a handful beside a library, so that they are read as they are.
USES = """
WITH wanted AS (SELECT unnest(%(ids)s::bigint[]) AS image),
pending AS (
    SELECT publication_id, (number[1])::bigint AS image
    FROM publications_pendingchange, regexp_matches(
        snapshot->'fields'->>'body', '(?:src|href)="/images/(\\d{1,15})/', 'g'
    ) AS number
    UNION
    SELECT publication_id, (snapshot #>> '{fields,lead_image,id}')::bigint
    FROM publications_pendingchange
    UNION
    SELECT publication_id, (spotlight #>> '{image,id}')::bigint
    FROM publications_pendingchange,
        jsonb_array_elements(coalesce(snapshot #> '{parts,spotlights}', '[]')) AS spotlight
),
uses AS (
    SELECT lead_image_id AS image, 'lead' AS how, 'publication' AS model, id
    FROM publications_publication WHERE lead_image_id = ANY(%(ids)s)
    UNION
    SELECT image_id, 'spotlight', 'publication', publication_id
    FROM publications_spotlight WHERE image_id = ANY(%(ids)s)
    UNION
    SELECT image_id, 'text',
        CASE WHEN publication_id IS NOT NULL THEN 'publication' WHEN page_id IS NOT NULL
            THEN 'page' WHEN author_id IS NOT NULL THEN 'author' ELSE 'series' END,
        coalesce(publication_id, page_id, author_id, series_id)
    FROM publications_imageuse WHERE image_id = ANY(%(ids)s)
    UNION
    SELECT pending.image, 'pending', 'publication', publication_id
    FROM pending JOIN wanted ON wanted.image = pending.image
    UNION
    SELECT portrait_id, 'portrait', 'author', id
    FROM publications_author WHERE portrait_id = ANY(%(ids)s)
)
"""
PLACES = f"""
{USES}
SELECT how, model, uses.id,
    coalesce(work.title, page.title, author.display_name, series.title),
    count(*) OVER ()
FROM uses
LEFT JOIN publications_publication AS work ON model = 'publication' AND work.id = uses.id
LEFT JOIN publications_page AS page ON model = 'page' AND page.id = uses.id
LEFT JOIN publications_author AS author ON model = 'author' AND author.id = uses.id
LEFT JOIN publications_series AS series ON model = 'series' AND series.id = uses.id
ORDER BY model <> 'publication', uses.id DESC, how LIMIT %(most)s
"""  # noqa: S608 - no value is written into it
COUNTS = f"""
{USES}
SELECT image, model, count(DISTINCT id) FROM uses GROUP BY image, model
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that uses an image: how, which model, which row, by what name."""

    what: str
    model: str
    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Uses:
    """Some of the places where an image is used, and how many there are."""

    places: Sequence[Place]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many things of each sort an image is used."""

    publications: int = 0
    authors: int = 0
    pages: int = 0
    series: int = 0


def uses_of(image: Image, most: int) -> Uses:
    """Return where an image is used, works first, and no more than `most` places by name."""
    rows = _rows(PLACES, {"ids": [image.pk], "most": most})
    places = [
        Place(str(WORDS[How(how), model]), model, pk, name) for how, model, pk, name, _all in rows
    ]
    return Uses(places, rows[0][-1] if rows else 0)


def count_uses(ids: Iterable[int]) -> dict[int, Counts]:
    """Return in how many things each of these images is used, in one statement."""
    found: dict[int, dict[str, int]] = {}
    for image, model, number in _rows(COUNTS, {"ids": list(ids)}):
        name = "series" if model == "series" else f"{model}s"
        found.setdefault(image, {})[name] = number
    return {image: Counts(**numbers) for image, numbers in found.items()}


def pending_images() -> list[int]:
    """Return the ids of images that changes use which still wait."""
    statement = f"{USES} SELECT DISTINCT image FROM pending WHERE image IS NOT NULL"  # noqa: S608
    return [image for (image,) in _rows(statement, {"ids": []})]


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
