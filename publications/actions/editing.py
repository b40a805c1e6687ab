"""Saving and deleting what staff edit."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.addresses import keep_old_address
from publications.actions.after import (
    after_rename,
    after_write,
    before_delete,
    refresh,
    works_showing,
)
from publications.actions.attachments import attach
from publications.actions.bylines import write_byline
from publications.actions.redirects import save_redirect
from publications.actions.search_words import save_best_bet, save_synonym
from publications.actions.spotlight import feature
from publications.actions.workflow import take_step
from publications.models import (
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
    Spotlight,
    Synonym,
    Tag,
)
from publications.permissions import Account, may_delete

# What of a thing searching knows: in the documents of its works, or as a suggestion.
INDEXED: dict[type[Model], tuple[str, ...]] = {
    Author: ("display_name", "native_name"),
    Image: ("caption",),
    Kind: ("name", "plural"),
    Outlet: ("name",),
    Series: ("title",),
    Tag: ("name", "group"),
}


@transaction.atomic
def save(
    thing: Model,
    *,
    by: Account,
    parts: Sequence[Model] = (),
    removed: Sequence[Model] = (),
) -> None:
    """Write a thing with the parts that were changed and without those removed.

    An address that changes leaves a redirect, a publication obeys the table in
    `states`, and whatever is derived from the thing is brought up to date.
    """
    before = as_stored(thing)
    if isinstance(thing, Publication):
        take_step(before if isinstance(before, Publication) else Publication(), thing, by=by)
    write(thing)
    for part in removed:
        part.delete()
    write_byline([part for part in parts if isinstance(part, Contribution)])
    for part in parts:
        if not isinstance(part, Contribution):
            write(part)
    if before is not None and has_been_public(before):
        keep_old_address(before, thing)
    _refresh(before, thing)


@transaction.atomic
def delete(thing: Model, *, by: Account) -> None:
    """Remove a thing that nothing else needs."""
    if isinstance(thing, Publication) and not may_delete(by, thing):
        raise PermissionDenied(_("Your account may not delete what readers can see."))
    shown_on = list(works_showing(thing))
    before_delete(thing)
    try:
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


def _refresh(before: Model | None, thing: Model) -> None:
    if isinstance(thing, Publication):
        after_write(thing)
    elif any(
        before is None or getattr(before, name) != getattr(thing, name)
        for name in INDEXED.get(type(thing), ())
    ):
        after_rename(thing)
