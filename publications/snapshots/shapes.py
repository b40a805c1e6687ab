"""What a snapshot of each model holds: its own editable fields, and those of its parts."""

from functools import cache
from typing import Any

from django.db.models import Model

from publications.models import (
    Author,
    Image,
    Kind,
    Outlet,
    Page,
    Publication,
    Series,
    SiteSettings,
    Tag,
)

type Snapshot = dict[str, Any]

# The rows that belong to a thing, by the name of the relation that leads to them.
PARTS: dict[type[Model], tuple[str, ...]] = {
    Publication: ("contributions", "taggings", "attachments", "spotlights", "corrections"),
    SiteSettings: ("social_links",),
}
REVISABLE: dict[str, type[Model]] = {
    model._meta.model_name or "": model  # noqa: SLF001
    for model in (Publication, Author, Outlet, Tag, Series, Kind, Page, Image, SiteSettings)
}
# Known of a file without asking for it again.
DERIVED = {"attachments": ("public_name", "size", "page_count", "text_pages")}


def is_revisable(model: type[Model]) -> bool:
    """Say whether a model has a history."""
    return model in REVISABLE.values()


def name_of(model: type[Model]) -> str:
    """Return the name by which revisions know a model."""
    return str(model._meta.model_name)  # noqa: SLF001


def model_named(name: str) -> type[Model]:
    """Return the model of that name; KeyError for one without history."""
    return REVISABLE[name]


@cache
def own_fields(model: type[Model]) -> tuple[Any, ...]:
    """Return the fields of a model that people edit."""
    return tuple(_editable(model))


@cache
def part_fields(model: type[Model], part: str) -> tuple[Any, ...]:
    """Return the fields of the rows of a part, without the one that leads to the thing."""
    return (
        *(each for each in _editable(part_model(model, part)) if each.name != owner(model, part)),
        *(part_model(model, part)._meta.get_field(name) for name in DERIVED.get(part, ())),  # noqa: SLF001
    )


def part_model(model: type[Model], part: str) -> type[Model]:
    """Return the model of the rows of a part."""
    relation: Any = model._meta.get_field(part)  # noqa: SLF001
    found: type[Model] = relation.related_model
    return found


def owner(model: type[Model], part: str) -> str:
    """Return the name of the field by which the rows of a part know their thing."""
    relation: Any = model._meta.get_field(part)  # noqa: SLF001
    return str(relation.field.name)


def _editable(model: type[Model]) -> list[Any]:
    fields = model._meta.concrete_fields  # noqa: SLF001
    return [each for each in fields if each.editable and not each.primary_key]
