"""Works that wait for somebody: for review, for their moment, for their author."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber

from publications.models import Act, Publication, Revision
from publications.snapshots import name_of
from publications.states import Status

SHOWN = 6
# Whoever has saved so much since has forgotten the draft.
LAST_SAVES = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of mine; who sent it back and why, where somebody did."""

    work: Any
    sent_back_by: str = ""
    comment: str = ""


def briefly(works: QuerySet[Any]) -> Any:
    """Load of works no more than a line shows."""
    names = ("title", "status", "published_at", "updated_at", "withdraw_at", "review_by")
    owner = ("owner__username", "owner__first_name", "owner__last_name")
    shown = works.select_related("kind", "owner")
    return shown.only(*names, "kind__name", *owner)


def in_steps() -> tuple[list[Any], list[Any]]:
    """Return works in review and works approved, those first that have waited longest."""
    place = Window(RowNumber(), partition_by="status", order_by=["updated_at", "pk"])
    waiting = Publication.objects.filter(status__in=[Status.IN_REVIEW, Status.APPROVED])
    works = list(
        briefly(waiting).annotate(place=place).filter(place__lte=SHOWN).order_by("updated_at", "pk")
    )
    return (
        [work for work in works if work.status == Status.IN_REVIEW],
        [work for work in works if work.status == Status.APPROVED],
    )


def my_drafts(user: Any) -> tuple[list[Draft], list[Draft]]:
    """Return my drafts that somebody sent back, and the others, the last changed first."""
    mine = Revision.objects.filter(made_by=user).order_by("-made_at")
    saved = [
        pk
        for model, pk in mine.values_list("model", "object_id")[:LAST_SAVES]
        if model == name_of(Publication)
    ]
    drafts = Publication.objects.filter(status=Status.DRAFT).filter(Q(owner=user) | Q(pk__in=saved))
    works = list(briefly(drafts).order_by("-updated_at", "-pk")[: 2 * SHOWN])
    last = _last_moves([work.pk for work in works])
    rows = [_draft(work, last.get(work.pk), user) for work in works]
    sent_back = [row for row in rows if row.sent_back_by]
    return sent_back[:SHOWN], [row for row in rows if not row.sent_back_by][:SHOWN]


def _last_moves(ids: list[int]) -> dict[int, Revision]:
    """Return the last revision of each of these works."""
    rows = Revision.objects.filter(model=name_of(Publication), object_id__in=ids)
    last = rows.order_by("object_id", "-number").distinct("object_id").defer("snapshot")
    return {row.object_id: row for row in last}


def _draft(work: Any, last: Revision | None, user: Any) -> Draft:
    if last is None or last.act != Act.MOVED or last.made_by_id == user.pk:
        return Draft(work)
    return Draft(work, last.made_by_name, last.comment)
