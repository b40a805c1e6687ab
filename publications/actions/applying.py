"""Making a thing what a snapshot says: the one way back from history, and from drafts to live."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import FileField, ForeignKey, Model
from django.utils.translation import gettext as _

from publications.actions.addresses import free_slug
from publications.actions.attachments import read
from publications.actions.following import heir
from publications.actions.spotlight import make_room
from publications.actions.translations import ensure_fits
from publications.models import Attachment, Publication, Spotlight
from publications.snapshots import Snapshot
from publications.snapshots.shapes import PARTS, own_fields, owner, part_fields, part_model

# Where a work stands is no content: it is changed by steps, not by going back.
STANDING = frozenset({"status", "published_at", "withdraw_at", "withdrawal_note"})


def apply(
    thing: Model, snapshot: Snapshot, *, keep: Iterable[str] = STANDING, derive: bool = True
) -> list[str]:
    """Write a thing and its parts as they are in `snapshot`; return what could not be had back.

    Fields named in `keep` stay as they are. Rows come back under their old ids. Without
    `derive` no file is read anew: enough for looking at it in a transaction that is rolled back.
    The caller holds the row, and refreshes what derives from the thing.
    """
    remarks: list[str] = []
    kept = set(keep)
    for field in own_fields(type(thing)):
        if field.name in snapshot["fields"] and field.name not in kept:
            _set(thing, field, snapshot["fields"][field.name], remarks)
    _give_free_address(thing, remarks)
    _keep_language_free(thing, remarks)
    thing.full_clean()
    thing.save()
    for part in PARTS.get(type(thing), ()):
        if part in snapshot["parts"]:
            _apply_part(thing, part, snapshot["parts"][part], remarks, derive=derive)
    return remarks


def _give_free_address(thing: Any, remarks: list[str]) -> None:
    if not hasattr(thing, "slug"):
        return
    others = type(thing)._default_manager.exclude(pk=thing.pk)  # noqa: SLF001
    if others.filter(slug=thing.slug).exists():
        taken, thing.slug = thing.slug, free_slug(thing, thing.slug)
        remarks.append(_("The address “%(slug)s” belongs to another one now.") % {"slug": taken})


def _keep_language_free(thing: Any, remarks: list[str]) -> None:
    """Cut the tie to the original where another work took the language meanwhile."""
    if not isinstance(thing, Publication) or thing.translation_of_id is None:
        return
    try:
        ensure_fits(thing)
    except ValidationError as refusal:
        thing.translation_of = None
        remarks.extend(refusal.messages)


def _set(thing: Model, field: Any, value: Any, remarks: list[str]) -> bool:
    """Set one field from its value in a snapshot; say whether that was possible."""
    if isinstance(field, ForeignKey):
        return _set_key(thing, field, value, remarks)
    if isinstance(field, FileField) and value and not field.storage.exists(value):
        remarks.append(_("The file “%(file)s” is gone.") % {"file": value})
        return False
    setattr(thing, field.name, field.to_python(value))
    return True


def _set_key(thing: Model, field: Any, value: Any, remarks: list[str]) -> bool:
    if value is None:
        setattr(thing, field.attname, None)
        return True
    model = field.remote_field.model
    target = model._default_manager.filter(pk=value["id"]).first() or heir(model, value["id"])  # noqa: SLF001
    if target is None:
        remarks.append(
            _("%(what)s “%(name)s” no longer exists.")
            % {"what": str(field.verbose_name).capitalize(), "name": value["name"]}
        )
        if not field.null:
            return False
    setattr(thing, field.name, target)
    return True


def _apply_part(
    thing: Any, part: str, rows: Sequence[Mapping[str, Any]], remarks: list[str], *, derive: bool
) -> None:
    model = part_model(type(thing), part)
    made = (_row(thing, part, facts, remarks) for facts in rows)
    wanted = _each_once(row for row in made if row)
    known = {row.pk: row for row in getattr(thing, part).all()}
    # Rows that trade places or names never meet in the database when all are written anew.
    anew = part in {"contributions", "taggings"}
    goes = set(known) if anew else set(known) - {row.pk for row in wanted}
    model._default_manager.filter(pk__in=goes).delete()  # noqa: SLF001
    for row in wanted:
        _write_row(row, known.get(row.pk) if row.pk not in goes else None, remarks, derive=derive)


def _each_once(rows: Iterable[Any]) -> list[Any]:
    """Keep the first of rows that say the same since two names were merged into one."""
    names = ("author_id", "role", "tag_id")
    known: dict[Any, Any] = {}
    for row in rows:
        says = tuple(getattr(row, name) for name in names if hasattr(row, name))
        known.setdefault(says or row.pk, row)
    return list(known.values())


def _row(thing: Any, part: str, facts: Mapping[str, Any], remarks: list[str]) -> Any:
    """Make the row of a part; None where what it cannot be without is gone."""
    model: type[Model] = type(thing)
    row = part_model(model, part)(pk=facts["id"])
    setattr(row, owner(model, part), thing)
    fields: Sequence[Any] = part_fields(model, part)
    for field in fields:
        if field.name in facts and not _set(row, field, facts[field.name], remarks):
            return None
    return row


def _write_row(row: Any, before: Any, remarks: list[str], *, derive: bool) -> None:
    if isinstance(row, Spotlight):
        try:
            make_room(row)
        except ValidationError as refusal:
            remarks.extend(refusal.messages)
            return
    if isinstance(row, Attachment) and before is not None:
        # The address of a file stays, whatever is put behind it.
        row.public_name = before.public_name
    row.save(force_insert=before is None, force_update=before is not None)
    if isinstance(row, Attachment) and derive and (before is None or before.file != row.file):
        read(row)
