"""The part of an address that names a thing, and what happens when it changes."""

from typing import Any

from django.utils.text import slugify

from publications.actions.redirects import lead


def free_slug(thing: Any, text: str) -> str:
    """Make an address for `thing` from `text`: Hangul stays, a taken one gets -2, -3 and so on."""
    field = thing._meta.get_field("slug")  # noqa: SLF001
    longest: int = field.max_length
    stem = slugify(text, allow_unicode=field.allow_unicode)[:longest].rstrip("-_")
    stem = stem or slugify(str(thing._meta.verbose_name))  # noqa: SLF001
    others = type(thing)._default_manager.exclude(pk=thing.pk)  # noqa: SLF001
    taken = set(others.filter(slug__startswith=stem[: longest - 6]).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem[: longest - 6].rstrip('-_')}-{number}"
    return slug


def keep_old_address(before: Any, thing: Any) -> None:
    """Lead from the address that `before` had to the one that `thing` has."""
    if before is None or not hasattr(thing, "slug") or before.slug == thing.slug:
        return
    lead(before.get_absolute_url(), thing.get_absolute_url())
