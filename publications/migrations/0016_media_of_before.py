"""What is derived from files and texts that were there before: names, pages with text, uses."""

import re
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db import connection, migrations

BATCH = 500
PICTURE = re.compile(r'(?:src|href)="/images/(\d{1,15})/')
OPENING = re.compile(r"<p[^>]*>.*?</p>", re.DOTALL)

NAMES = """
UPDATE {table} SET public_name = right(regexp_replace(file, '^.*/', ''), 200)
WHERE public_name = '' AND id BETWEEN %s AND %s
"""
TEXT_PAGES = """
UPDATE publications_attachment AS file SET text_pages = (
    SELECT count(*) FROM publications_attachmentpage AS page
    WHERE page.attachment_id = file.id AND page.text ~ '\\S'
) WHERE page_count IS NOT NULL AND text_pages IS NULL AND id BETWEEN %s AND %s
"""
# Each model with a text, the field that holds it, and the column that leads to it from a use.
TEXTS = [
    ("Publication", "body", "publication_id"),
    ("Page", "body", "page_id"),
    ("Author", "biography", "author_id"),
    ("Series", "description", "series_id"),
]


def derive(apps: Any, schema_editor: Any) -> None:
    for statement, model in [
        (NAMES.format(table="publications_image"), "Image"),
        (NAMES.format(table="publications_attachment"), "Attachment"),
        (TEXT_PAGES, "Attachment"),
    ]:
        for first, last in _ranges(apps.get_model("publications", model)):
            with connection.cursor() as cursor:
                cursor.execute(statement, [first, last])
    for model, field, column in TEXTS:
        _write_uses(apps, apps.get_model("publications", model), field, column)


def _ranges(model: Any) -> Iterator[tuple[int, int]]:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(1, last + 1, BATCH):
        yield first, first + BATCH - 1


def _write_uses(apps: Any, model: Any, field: str, column: str) -> None:
    image, use = apps.get_model("publications", "Image"), apps.get_model("publications", "ImageUse")
    rows = model.objects.filter(**{f"{field}__contains": '="/images/'}).order_by("pk")
    for batch in batched(rows.values_list("pk", field).iterator(BATCH), BATCH):
        found = {
            (int(number), pk): bool(in_opening)
            for pk, text in batch
            for in_opening, part in ((False, text), (True, _opening(text)))
            for number in PICTURE.findall(part)
        }
        known = set(
            image.objects.filter(pk__in={pk for pk, _ in found}).values_list("pk", flat=True)
        )
        use.objects.bulk_create(
            [
                use(
                    image_id=number, in_opening=shown and column == "publication_id", **{column: pk}
                )
                for (number, pk), shown in found.items()
                if number in known
            ],
            ignore_conflicts=True,
        )


def _opening(text: str) -> str:
    found = OPENING.search(text)
    return found.group() if found else ""


class Migration(migrations.Migration):
    dependencies = [("publications", "0015_media")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop, elidable=True)]
