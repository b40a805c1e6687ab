"""Finding what became of a thing that went into another one."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from publications.models import Merge

# Longer chains than this are no history but a mistake.
MOST_HOPS = 20


def heir(model: type[Model], pk: int) -> Any:
    """Return the thing that one which is gone was merged into, in however many steps."""
    name = str(model._meta.model_name)  # noqa: SLF001
    for _hop in range(MOST_HOPS):
        merges = Merge.objects.filter(model=name, gone_id=pk, undone_at=None)
        onward = merges.values_list("kept_id", flat=True).first()
        if onward is None:
            return None
        pk = onward
        if found := model._default_manager.filter(pk=pk).first():  # noqa: SLF001
            return found
    return None


def heirs_by_name(model: type[Model]) -> Iterator[tuple[str, int]]:
    """Yield the name of everything that was merged, and the id of what it is part of now."""
    name = str(model._meta.model_name)  # noqa: SLF001
    merges = Merge.objects.filter(model=name, undone_at=None).order_by("-pk")
    rows = list(merges.values_list("gone_id", "gone_name", "kept_id"))
    onward = {gone: kept for gone, _name, kept in rows}
    for _gone, gone_name, kept in rows:
        pk = kept
        for _hop in range(MOST_HOPS):
            pk = onward.get(pk, pk)
        yield gone_name, pk
