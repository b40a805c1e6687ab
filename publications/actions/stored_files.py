"""Removing stored files that nothing needs: neither what is there now, nor its history."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from publications.models import Image

BATCH = 2000
# An upload is stored before its row is written.
YOUNG = timedelta(days=1)
FOLDERS = ("images", "attachments", "site")
RENDITIONS = "renditions"
# One scan of the history for each batch of files. A snapshot may hold a file at any place.
NEEDED = """
SELECT file FROM unnest(%(names)s::text[]) AS file WHERE file IN (
    SELECT file FROM publications_image WHERE file = ANY(%(names)s)
    UNION ALL SELECT file FROM publications_attachment WHERE file = ANY(%(names)s)
    UNION ALL SELECT logo FROM publications_sitesettings
    UNION ALL SELECT value #>> '{}' FROM (
        SELECT snapshot FROM publications_revision
        WHERE model IN ('image', 'publication', 'sitesettings')
        UNION ALL SELECT snapshot FROM publications_pendingchange
        UNION ALL SELECT snapshot FROM publications_workingcopy WHERE snapshot IS NOT NULL
    ) AS kept, LATERAL (
        SELECT jsonb_path_query(snapshot, '$.fields.file')
        UNION ALL SELECT jsonb_path_query(snapshot, '$.fields.logo')
        UNION ALL SELECT jsonb_path_query(snapshot, '$.parts.attachments[*].file')
    ) AS held (value)
)
"""


def unneeded_files() -> Iterator[str]:
    """Yield the names of stored files that no row and no revision leads to."""
    for folder in FOLDERS:
        for names in batched(_files_in(folder), BATCH):
            needed = _needed(names)
            yield from (name for name in names if name not in needed)
    for names in batched(_files_in(RENDITIONS), BATCH):
        yield from _old_renditions(names)


def remove(names: Iterable[str]) -> int:
    """Remove stored files; return how many."""
    number = 0
    for name in names:
        default_storage.delete(name)
        number += 1
    return number


def _files_in(folder: str) -> Iterator[str]:
    """Yield the files in a folder and those in it, but for what came today."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    for name in files:
        path = f"{folder}/{name}"
        if timezone.now() - default_storage.get_modified_time(path) > YOUNG:
            yield path
    for name in folders:
        yield from _files_in(f"{folder}/{name}")


def _needed(names: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(NEEDED, {"names": list(names)})
        return {name for (name,) in cursor.fetchall()}


def _old_renditions(names: Iterable[str]) -> Iterator[str]:
    """Yield the renditions of files that images no longer have."""
    owners = {name: name.split("/")[1] for name in names}
    ids = [int(owner) for owner in set(owners.values()) if owner.isdecimal()]
    images: dict[int, Any] = Image.objects.in_bulk(ids)
    for name, owner in owners.items():
        image = images.get(int(owner)) if owner.isdecimal() else None
        current = [image.rendition_path(each) for each in image.renditions] if image else []
        if name not in current:
            yield name
