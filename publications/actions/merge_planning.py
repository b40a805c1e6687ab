"""What a merge would change, and what taking one back would: looked at, not written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef
from django.utils.html import strip_tags
from django.utils.text import Truncator

from publications.models import (
    Author,
    Contribution,
    Merge,
    MergeableModel,
    MergedRow,
    Outlet,
    Publication,
    Tag,
    Tagging,
)
from publications.snapshots.shapes import own_fields

SHOWN = 20
MERGEABLE: dict[str, type[Model]] = {
    MergeableModel.AUTHOR: Author,
    MergeableModel.OUTLET: Outlet,
    MergeableModel.TAG: Tag,
}
# What names a thing is its own, and whoever has left says nothing about the other.
NEVER_FILLED = {"type", "display_name", "name", "slug", "group", "left_on"}


@dataclass(frozen=True, slots=True)
class Going:
    """One thing that would go into the one that stays."""

    thing: Any
    total: int
    works: Sequence[Any]
    # Names of fields that are empty in the one that stays, and what they would get.
    fills: Sequence[tuple[str, str]]
    old_path: str
    both_total: int
    both: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Undoing:
    """What would come back."""

    total: int
    works: Sequence[Any]
    changed_since: int


def plan(kept: Any, gone: Sequence[Any]) -> list[Going]:
    """Say what merging these things into `kept` would change."""
    plans, filled = [], set[str]()
    for number, thing in enumerate(gone):
        works = works_with(thing)
        both = works_with_both(thing, [kept, *gone[:number]])
        fields = [field for field in fillable(kept, thing) if field.name not in filled]
        filled |= {field.name for field in fields}
        plans.append(
            Going(
                thing=thing,
                total=works.count(),
                works=works.order_by("-published_at", "-pk")[:SHOWN],
                fills=[(str(field.verbose_name), _in_short(field, thing)) for field in fields],
                old_path=thing.get_absolute_url(),
                both_total=both.count(),
                both=both.order_by("-published_at", "-pk")[:SHOWN],
            )
        )
    return plans


def plan_undoing(merge: Merge) -> Undoing:
    """Say what taking a merge back would change, and what stays because it was changed since."""
    rows = MergedRow.objects.filter(merge=merge)
    standing = _still_there(merge)
    works = Publication.objects.filter(pk__in=rows.filter(standing).values("publication_id"))
    changed = rows.exclude(standing).aggregate(n=Count("publication_id", distinct=True))
    return Undoing(
        total=works.count(),
        works=list(works.defer("body").order_by("-published_at", "-pk")[:SHOWN]),
        changed_since=changed["n"],
    )


def works_with(thing: Any) -> Any:
    """Return the publications in whose byline, tags or outlet a thing stands."""
    works = Publication.objects.defer("body")
    match thing:
        case Author():
            return works.by_author(thing)
        case Tag():
            return works.tagged(thing)
    return works.filter(outlet=thing)


def works_with_both(thing: Any, others: Iterable[Any]) -> Any:
    """Return the publications in which a thing stands where one of the others does as well."""
    works = Publication.objects.defer("body")
    match thing:
        case Author():
            same = Contribution.objects.filter(
                author__in=others, publication=OuterRef("publication"), role=OuterRef("role")
            )
            rows = Contribution.objects.filter(Exists(same), author=thing)
            return works.filter(pk__in=rows.values("publication"))
        case Tag():
            marked = Tagging.objects.filter(tag__in=others).values("content_object")
            return works.tagged(thing).filter(pk__in=marked)
    return works.none()


def fillable(kept: Any, thing: Any) -> list[Any]:
    """Return the fields that are empty in `kept` and not in `thing`."""
    model: type[Model] = type(kept)
    return [
        field
        for field in own_fields(model)
        if field.name not in NEVER_FILLED
        and getattr(kept, field.attname) in field.empty_values
        and getattr(thing, field.attname) not in field.empty_values
    ]


def _still_there(merge: Merge) -> Exists:
    """Match rows of a merge whose place is still held by the one that stays."""
    work = OuterRef("publication_id")
    match merge.model:
        case MergeableModel.AUTHOR:
            return Exists(
                Contribution.objects.filter(
                    publication=work, author=merge.kept_id, role=OuterRef("role")
                )
            )
        case MergeableModel.TAG:
            return Exists(Tagging.objects.filter(content_object=work, tag=merge.kept_id))
    return Exists(Publication.objects.filter(pk=work, outlet=merge.kept_id))


def _in_short(field: Any, thing: Any) -> str:
    value = getattr(thing, field.name)
    return Truncator(strip_tags(str(value))).chars(120)
