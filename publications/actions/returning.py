"""Bringing back under its old id what was deleted or went into another."""

from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.actions.applying import apply
from publications.actions.recording import revisions_of
from publications.models import Outlet, Publication, Redirect, Series, Tag
from publications.snapshots import Snapshot

# Names of which there may be only one, in any case.
UNIQUE_NAMES: dict[type[Model], str] = {Outlet: "name", Tag: "name", Series: "title"}


def bring_back(model: type[Model], pk: int, snapshot: Snapshot, remarks: list[str]) -> Any:
    """Write a thing again as its snapshot has it; what cannot be had back goes to `remarks`.

    Its history goes on where it ended; the caller records what happened.
    """
    if model._default_manager.filter(pk=pk).exists():  # noqa: SLF001
        raise ValidationError(_("This exists again already."), code="exists")
    _ensure_name_is_free(model, snapshot)
    if model is Publication:
        snapshot = _with_free_number(snapshot, remarks)
    thing: Any = model(pk=pk)
    remarks += apply(thing, snapshot, keep=())
    last = revisions_of(thing).order_by("-number").values_list("number", flat=True).first()
    thing.revision = last or 0
    # The page answers again.
    Redirect.objects.filter(old_path=unquote(thing.get_absolute_url())).delete()
    return thing


def _ensure_name_is_free(model: type[Model], snapshot: Snapshot) -> None:
    field = UNIQUE_NAMES.get(model)
    if field is None:
        return
    name = snapshot["fields"][field]
    if model._default_manager.filter(**{f"{field}__iexact": name}).exists():  # noqa: SLF001
        raise ValidationError(
            _("There is another %(what)s “%(name)s” by now. Rename it first."),
            code="name_taken",
            params={"what": model._meta.verbose_name, "name": name},  # noqa: SLF001
        )


def _with_free_number(snapshot: Snapshot, remarks: list[str]) -> Snapshot:
    fields = snapshot["fields"]
    series, number = fields.get("series"), fields.get("series_number")
    if not series or number is None:
        return snapshot
    if not Publication.objects.filter(series=series["id"], series_number=number).exists():
        return snapshot
    remarks.append(_("Another work has the number %(number)s in the series.") % {"number": number})
    return {**snapshot, "fields": {**fields, "series_number": None}}
