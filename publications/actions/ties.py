"""What is tied to an author, tag or outlet besides publications, such as lists about a tag.

The tables belong to whoever made them; here they are known only as many-to-many relations.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from publications.models import Merge


def hand_ties_over(thing: Model, kept: Model) -> list[dict[str, Any]]:
    """Tie to `kept` what is tied to `thing`; return what was, for the way back."""
    ties = []
    for name, through, near, far in _relations(thing):
        theirs = list(through.objects.filter(**{near: thing.pk}).values_list(far, flat=True))
        had = set(through.objects.filter(**{near: kept.pk}).values_list(far, flat=True))
        new = [pk for pk in theirs if pk not in had]
        through.objects.bulk_create(through(**{near: kept.pk, far: pk}) for pk in new)
        if theirs:
            ties.append({"relation": name, "theirs": theirs, "new": new})
    return ties


def give_ties_back(merge: Merge, kept: Model, thing: Model) -> None:
    """Tie to `thing` again what still exists, and to `kept` only what was its own."""
    relations = {name: (through, near, far) for name, through, near, far in _relations(thing)}
    for tie in merge.ties:
        if tie["relation"] not in relations:
            continue
        through, near, far = relations[tie["relation"]]
        standing = set(
            through.objects.filter(**{near: kept.pk, f"{far}__in": tie["theirs"]}).values_list(
                far, flat=True
            )
        )
        through.objects.bulk_create(through(**{near: thing.pk, far: pk}) for pk in standing)
        through.objects.filter(**{near: kept.pk, f"{far}__in": tie["new"]}).delete()


def _relations(thing: Model) -> Iterator[tuple[str, Any, str, str]]:
    """Yield the tables of pairs alone: their model, and its columns for `thing` and the other."""
    for relation in thing._meta.related_objects:  # noqa: SLF001
        field: Any = relation.field
        through = getattr(field.remote_field, "through", None)
        if relation.many_to_many and through is not None and through._meta.auto_created:  # noqa: SLF001
            yield (
                through._meta.label,  # noqa: SLF001
                through,
                f"{field.m2m_reverse_field_name()}_id",
                f"{field.m2m_field_name()}_id",
            )
