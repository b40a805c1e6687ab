"""Where pictures are used: derived from texts whenever these are written, asked before deleting."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.models import Author, Image, ImageUse, Page, Publication, Series
from publications.reading import opening
from publications.usage import uses_of

PICTURE = re.compile(r'(?:src|href)="/images/(\d{1,15})/')
# The field that holds the text, and the column that leads from a use to its thing.
TEXTS: dict[type[Model], tuple[str, str]] = {
    Publication: ("body", "publication_id"),
    Page: ("body", "page_id"),
    Author: ("biography", "author_id"),
    Series: ("description", "series_id"),
}
NAMED = 3


def pictures_in(markup: str) -> set[int]:
    """Return the ids of the images that sanitized `markup` shows or leads to."""
    return {int(number) for number in PICTURE.findall(markup)}


def note_uses(model: type[Model], ids: Iterable[int]) -> None:
    """Write down which pictures stand in the texts of things of one model."""
    field, column = TEXTS[model]
    ids = list(ids)
    rows = model._default_manager.filter(pk__in=ids, **{f"{field}__contains": '="/images/'})  # noqa: SLF001
    found: dict[tuple[int, int], bool] = {}
    for pk, text in rows.values_list("pk", field):
        at_the_top = pictures_in(opening(text)) if model is Publication else set()
        found |= {(image, pk): image in at_the_top for image in pictures_in(text)}
    wanted = _of_known_images(found)
    stored = {
        (image, pk): (use, in_opening)
        for use, image, pk, in_opening in ImageUse.objects.filter(
            **{f"{column}__in": ids}
        ).values_list("pk", "image_id", column, "in_opening")
    }
    gone = [use for key, (use, shown) in stored.items() if wanted.get(key) is not shown]
    if gone:
        ImageUse.objects.filter(pk__in=gone).delete()
    ImageUse.objects.bulk_create(
        (
            ImageUse(image_id=image, in_opening=shown, **{column: pk})
            for (image, pk), shown in wanted.items()
            if stored.get((image, pk), (0, None))[1] is not shown
        ),
        ignore_conflicts=True,
    )


def _of_known_images(found: dict[tuple[int, int], bool]) -> dict[tuple[int, int], bool]:
    """Leave out addresses at which there is no image."""
    if not found:
        return {}
    images = Image.objects.filter(pk__in={image for image, _ in found})
    known = set(images.values_list("pk", flat=True))
    return {key: shown for key, shown in found.items() if key[0] in known}


def ensure_unused(image: Image) -> None:
    """Refuse to delete a picture that something shows or is about to show; say where."""
    used = uses_of(image, most=NAMED)
    if not used.total:
        return
    names = "; ".join(_named(each.what, each.name) for each in used.places)
    more = used.total - len(used.places)
    raise ValidationError(
        _("“%(image)s” cannot be deleted while it is used: %(places)s%(more)s.")
        % {
            "image": image,
            "places": names,
            "more": _(" and %(number)s more") % {"number": more} if more else "",
        },
        code="used",
    )


def _named(what: str, name: str) -> str:
    return f"{what} “{name}”"
