"""Saving and deleting what staff edit."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.addresses import keep_old_address
from publications.actions.after import (
    after_rename,
    after_text,
    after_write,
    before_delete,
    refresh,
    works_showing,
)
from publications.actions.applying import apply
from publications.actions.attachments import attach
from publications.actions.bylines import write_byline
from publications.actions.images import forget_renditions, store_image, store_settings
from publications.actions.locking import lock
from publications.actions.picture_uses import ensure_unused
from publications.actions.pinning import approved_content, reopen
from publications.actions.recording import begin_history, is_stale, record, revisions_of
from publications.actions.redirects import save_redirect
from publications.actions.search_words import save_best_bet, save_synonym
from publications.actions.spotlight import feature
from publications.actions.spotlit import spotlit_recorded
from publications.actions.stepping import is_redated, note_save
from publications.actions.translations import ensure_fits
from publications.actions.trashing import keep_in_trash
from publications.actions.visible_content import content_allowed
from publications.models import (
    Act,
    Attachment,
    Author,
    BestBet,
    Contribution,
    Image,
    Kind,
    Outlet,
    Publication,
    Redirect,
    Series,
    SiteSettings,
    Spotlight,
    Synonym,
    Tag,
)
from publications.permissions import Account, may_delete
from publications.snapshots import Snapshot, is_revisable, take

# What of a thing searching knows: in the documents of its works, or as a suggestion.
INDEXED: dict[type[Model], tuple[str, ...]] = {
    Author: ("display_name", "native_name"),
    Image: ("caption",),
    Kind: ("name", "plural"),
    Outlet: ("name",),
    Series: ("title",),
    Tag: ("name", "group"),
}


class StaleError(ValidationError):
    """Somebody else saved the thing since this form was opened; nothing of it was written.

    `mine` is what the thing would have become.
    """

    def __init__(self, mine: Snapshot) -> None:
        super().__init__(_("Somebody else saved this since you opened it."), code="stale")
        self.mine = mine


class GoneError(ValidationError):
    """Somebody else deleted the thing since this form was opened; it is not made anew."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else deleted this since you opened it."), code="gone")


@transaction.atomic
def save(
    thing: Model,
    *,
    by: Account,
    parts: Sequence[Model] = (),
    removed: Sequence[Model] = (),
    base: int | None = None,
) -> None:
    """Write a thing with the parts that were changed and without those removed.

    An address that changes leaves a redirect, an approved work that changes goes back
    to review, whatever is derived from the thing is brought up to date, and the
    history gets a revision. `base` is the revision that the person saw before
    typing: when it is no longer the last, nothing is written but `StaleError` raised.
    """
    before = as_stored(thing)
    if base is not None and before is None and thing.pk is not None:
        raise GoneError
    stale = base is not None and before is not None and is_stale(before, base)
    approved = approved_content(before)
    if before is not None:
        begin_history(before)
        _take_number(thing, before)
    redated = is_redated(before, thing, by=by)
    if isinstance(thing, Publication):
        ensure_fits(thing)
    with (
        content_allowed(before, by=by),
        spotlit_recorded(thing, (before, thing, *parts, *removed), by=by),
    ):
        write_content(thing, parts=parts, removed=removed)
    if stale:
        raise StaleError(take(thing))
    if before is not None and has_been_public(before):
        keep_old_address(before, thing)
    reopened = reopen(thing, approved)
    _refresh(before, thing)
    record(thing, by=by)
    note_save(thing, reopened=reopened, redated=redated, by=by)


def write_content(
    thing: Model, *, parts: Sequence[Model] = (), removed: Sequence[Model] = ()
) -> None:
    """Write a thing and its parts, and nothing that follows from them."""
    write(thing)
    for part in removed:
        part.delete()
    write_byline([part for part in parts if isinstance(part, Contribution)])
    for part in parts:
        if not isinstance(part, Contribution):
            write(part)


@transaction.atomic
def restore(thing: Model, number: int, *, by: Account) -> list[str]:
    """Make a thing what it was in one of its revisions; return what could not be had back.

    The result is a new revision. Where a work stands does not change.
    """
    wanted = revisions_of(thing).get(number=number)
    return become(thing, wanted.snapshot, by=by, act=Act.RESTORED, restored_from=number)


@transaction.atomic
def become(
    thing: Model,
    snapshot: Snapshot,
    *,
    by: Account | None,
    act: Act,
    restored_from: int | None = None,
) -> list[str]:
    """Make a thing what `snapshot` says, as a new revision; return what could not be had back."""
    before, thing = lock(thing), lock(thing)
    approved = approved_content(before)
    begin_history(before)
    _take_number(thing, before)
    featured = [Spotlight(publication_id=thing.pk) for _ in snapshot["parts"].get("spotlights", ())]
    with content_allowed(before, by=by), spotlit_recorded(thing, featured, by=by):
        remarks = apply(thing, snapshot)
    if has_been_public(before):
        keep_old_address(before, thing)
    reopened = reopen(thing, approved)
    _refresh(before, thing)
    record(thing, by=by, act=act, restored_from=restored_from)
    note_save(thing, reopened=reopened, redated=False, by=by)
    return remarks


@transaction.atomic
def delete(thing: Model, *, by: Account) -> None:
    """Remove a thing that nothing else needs; what people wrote goes to the trash."""
    if isinstance(thing, Publication) and not may_delete(by, thing):
        raise PermissionDenied(_("Your account may not delete what readers can see."))
    if isinstance(thing, Image):
        ensure_unused(lock(thing))
    shown_on = list(works_showing(thing))
    keep_in_trash(thing, by=by, works=shown_on, was_public=has_been_public(thing))
    before_delete(thing)
    try:
        with spotlit_recorded(thing, [thing], by=by):
            thing.delete()
    except ProtectedError as error:
        raise ValidationError(
            _("“%(thing)s” cannot be deleted: publications still need it (%(count)s)."),
            code="still_needed",
            params={"thing": thing, "count": len(error.protected_objects)},
        ) from error
    refresh(shown_on)


def as_stored(thing: Model) -> Model | None:
    """Return the row as it is, held until the transaction ends; None for a new thing."""
    rows = type(thing)._default_manager.select_for_update(of=("self",))  # noqa: SLF001
    return None if thing.pk is None else rows.filter(pk=thing.pk).first()


def write(thing: Model) -> None:
    """Save one thing in the way of its kind."""
    match thing:
        case Attachment():
            attach(thing)
        case Image():
            store_image(thing)
        case SiteSettings():
            store_settings(thing)
        case Spotlight():
            feature(thing)
        case Redirect():
            save_redirect(thing)
        case Synonym():
            save_synonym(thing)
        case BestBet():
            save_best_bet(thing)
        case _:
            thing.save()


def has_been_public(thing: Model) -> bool:
    """Say whether readers may know the address of a thing."""
    if not isinstance(thing, Publication):
        return True
    return thing.published_at is not None and thing.published_at <= timezone.now()


def _take_number(thing: Any, before: Any) -> None:
    """Count on from the last revision, not from the one that `thing` was read with."""
    if is_revisable(type(thing)):
        thing.revision = before.revision


def _refresh(before: Model | None, thing: Model) -> None:
    after_text(before, thing)
    if isinstance(thing, Image) and isinstance(before, Image) and before.file != thing.file:
        forget_renditions(thing)
    if isinstance(thing, Publication):
        after_write(thing)
    elif any(
        before is None or getattr(before, name) != getattr(thing, name)
        for name in INDEXED.get(type(thing), ())
    ):
        after_rename(thing)
