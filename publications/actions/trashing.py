"""The trash: what is deleted waits there, comes back when asked, and goes for good in the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.after import after_rename, after_write, refresh
from publications.actions.recording import begin_history, record, signed
from publications.actions.returning import bring_back
from publications.models import (
    Act,
    Author,
    MergedRow,
    Outlet,
    Page,
    Publication,
    Series,
    Tag,
    Tagging,
    Trash,
)
from publications.models.merging import UNDOABLE
from publications.models.trash import KEPT
from publications.permissions import Account
from publications.snapshots import name_of, take
from publications.states import Status

TRASHED: dict[str, type[Model]] = {
    name_of(model): model for model in (Publication, Author, Outlet, Tag, Series, Page)
}
# Facts of a row that no form shows but that must not get lost.
FACTS: dict[type[Model], tuple[str, ...]] = {
    Publication: ("source", "external_id", "content_hash", "created_at"),
}
ORIGIN = ("source", "external_id", "content_hash")


def keep_in_trash(thing: Any, *, by: Account, works: Sequence[int], was_public: bool) -> None:
    """Keep a thing that is about to be deleted; nothing for what the trash does not take."""
    model = type(thing)
    if model not in TRASHED.values():
        return
    begin_history(thing)
    who = signed(by)
    facts = {name: _plain(getattr(thing, name)) for name in FACTS.get(model, ())}
    Trash.objects.update_or_create(
        model=name_of(model),
        object_id=thing.pk,
        defaults={
            "title": str(thing)[:500],
            "snapshot": take(thing),
            "facts": facts,
            "works": list(works) if model is Tag else [],
            "path": unquote(thing.get_absolute_url()),
            "was_public": was_public,
            "deleted_by": who["made_by"],
            "deleted_by_name": who["made_by_name"],
            "deleted_at": timezone.now(),
        },
    )


@transaction.atomic
def restore(trash: Trash, *, by: Account) -> tuple[Any, list[str]]:
    """Bring a thing back under its old id; return it and what could not be had back.

    A publication is never public by itself: it comes back withdrawn when readers knew it, so
    that its address says what happened, and else as a draft.
    """
    trash = Trash.objects.select_for_update().get(pk=trash.pk)
    remarks: list[str] = []
    try:
        with transaction.atomic():
            thing = bring_back(TRASHED[trash.model], trash.object_id, _standing(trash), remarks)
            _give_facts_back(trash, thing, remarks)
    except IntegrityError as error:
        raise ValidationError(
            _("“%(title)s” collides with something that was added since."),
            code="collides",
            params={"title": trash.title},
        ) from error
    _refresh(trash, thing)
    record(thing, by=by, act=Act.RESTORED, comment=_("From the trash"))
    trash.delete()
    return thing, remarks


def due(now: datetime | None = None) -> Any:
    """Return what has been in the trash for 90 days."""
    return Trash.objects.filter(deleted_at__lte=(now or timezone.now()) - KEPT)


@transaction.atomic
def empty() -> int:
    """Forget for good what has been in the trash for 90 days; return how much that was.

    What merges moved is forgotten as well once they can no longer be undone.
    """
    MergedRow.objects.filter(merge__merged_at__lte=timezone.now() - UNDOABLE).delete()
    return int(due().delete()[0])


def was_deleted(path: str) -> bool:
    """Say whether readers knew something at this path that is in the trash now."""
    return Trash.objects.filter(path=path, was_public=True).exists()


def _standing(trash: Trash) -> dict[str, Any]:
    snapshot: dict[str, Any] = trash.snapshot
    if trash.model != name_of(Publication):
        return snapshot
    status = Status.WITHDRAWN if trash.was_public else Status.DRAFT
    return {**snapshot, "fields": {**snapshot["fields"], "status": status.value}}


def _give_facts_back(trash: Trash, thing: Any, remarks: list[str]) -> None:
    facts = dict(trash.facts)
    rows = type(thing)._default_manager  # noqa: SLF001
    origin = {name: facts.get(name) for name in ORIGIN[:2]}
    if facts.get("external_id") and rows.filter(**origin).exists():
        remarks.append(_("It was imported again meanwhile: the two are separate works now."))
        facts = {name: value for name, value in facts.items() if name not in ORIGIN}
    if facts:
        rows.filter(pk=thing.pk).update(**facts)


def _refresh(trash: Trash, thing: Any) -> None:
    if isinstance(thing, Publication):
        after_write(thing)
        return
    if isinstance(thing, Tag):
        standing = Publication.objects.filter(pk__in=trash.works).values_list("pk", flat=True)
        Tagging.objects.bulk_create(Tagging(tag=thing, content_object_id=pk) for pk in standing)
        refresh(standing)
    after_rename(thing)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
