"""What people changed last, from the revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.urls import reverse

from publications.models import Act, Publication, RevisableModel, Revision
from publications.snapshots import name_of

SHOWN = 8
# Somebody who saves often takes one line.
LOOKED_AT = 60
FACTS = (
    "pk", "model", "object_id", "act", "comment", "made_by_id", "made_by_name", "made_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recent:
    """One change: to what, of what sort, how, by whom and when."""

    title: str
    sort: str
    act: str
    comment: str
    by: str
    at: datetime
    url: str


def recent_changes(user: Any) -> list[Recent]:
    """Return what people changed last among what `user` may see, in two queries."""
    rows = _last_of_each(_seen_by(user))
    ids = [row["pk"] for row in rows]
    titles = dict(Revision.objects.filter(pk__in=ids).values_list("pk", _title()))
    return [
        Recent(
            title=titles[row["pk"]] or str(RevisableModel(row["model"]).label),
            sort=str(RevisableModel(row["model"]).label),
            act=str(Act(row["act"]).label),
            comment=row["comment"],
            by=row["made_by_name"],
            at=row["made_at"],
            url=reverse(f"admin:publications_{row['model']}_change", args=[row["object_id"]]),
        )
        for row in rows
    ]


def _last_of_each(models: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row for all that somebody did lately to one thing."""
    found = (
        Revision.objects.filter(made_by__isnull=False, model__in=models)
        # An import or a merge leaves a revision of every work it touches.
        .exclude(act=Act.IMPORTED)
        .exclude(Q(act=Act.MERGED, model=name_of(Publication)))
        .order_by("-made_at", "-pk")
        .values(*FACTS)[:LOOKED_AT]
    )
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found:
        known.setdefault((row["model"], row["object_id"], row["made_by_id"]), row)
    return list(known.values())[:SHOWN]


def _seen_by(user: Any) -> list[str]:
    return [name for name in RevisableModel.values if user.has_perm(f"publications.view_{name}")]


def _title() -> Coalesce:
    names = ("title", "display_name", "name", "alt")
    return Coalesce(*(KT(f"snapshot__fields__{name}") for name in names))
