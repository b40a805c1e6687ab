"""Writing a work only to look at it: the caller takes all of it back."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import FileField, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.addresses import free_slug
from publications.actions.bylines import write_byline
from publications.models import Attachment, Contribution, Kind, Publication, Rights, Spotlight
from publications.states import Status


def write_to_look(
    work: Publication, *, parts: Sequence[Model] = (), removed: Sequence[Model] = ()
) -> set[int]:
    """Write a work and its rows as far as they can be; return the ids of files that are not kept.

    There is no step, no history, no search document and no file: none of it shows on a page.
    A row that cannot be is left out, and a fact that cannot be is left open.
    """
    _make_possible(work)
    work.save()
    for part in removed:
        part.delete()
    _write_all([part for part in parts if isinstance(part, Contribution)])
    unsaved = set()
    for part in parts:
        if isinstance(part, Contribution | Spotlight):
            continue
        is_new = _keep_no_file(part)
        with suppress(DatabaseError), transaction.atomic():
            part.save()
            if is_new and isinstance(part, Attachment):
                unsaved.add(part.pk)
    return unsaved


def _write_all(byline: list[Contribution]) -> None:
    """Write a byline; one that collides with itself, as far as it goes."""
    with suppress(DatabaseError), transaction.atomic():
        write_byline(byline)
        return
    for row in byline:
        with suppress(DatabaseError), transaction.atomic():
            write_byline([row])


def _keep_no_file(thing: Any) -> bool:
    """Let a file that was just sent count as stored; say if there was one."""
    is_new = False
    for field in thing._meta.concrete_fields:  # noqa: SLF001
        if not isinstance(field, FileField):
            continue
        file = getattr(thing, field.name)
        if file and not file._committed:  # noqa: SLF001 - Django's own mark of a file to be stored
            if isinstance(thing, Attachment):
                thing.size = file.size
            file._committed = is_new = True  # noqa: SLF001
    return is_new


def _make_possible(work: Publication) -> None:
    """Fill in what no row can be without, and leave open what contradicts itself."""
    work.title = work.title.strip() or _("(No headline yet)")
    if work.kind_id is None:
        work.kind = Kind.objects.order_by("position", "name")[0]
    work.slug = free_slug(work, work.slug or work.title)
    work.withdraw_at = None
    if work.status == Status.PUBLISHED and work.published_at is None:
        work.published_at = timezone.now()
    if work.outlet_id is None:
        work.outlet_url, work.outlet_date = "", None
    _make_rights_possible(work)
    numbered = Publication.objects.exclude(pk=work.pk).filter(
        series=work.series_id, series_number=work.series_number
    )
    if work.series_id is None or numbered.exists():
        work.series_number = None


def _make_rights_possible(work: Publication) -> None:
    if work.rights != Rights.FULL and not work.outlet_url:
        work.rights = Rights.FULL
    if work.rights == Rights.FULL_FROM and work.full_text_from is None:
        work.rights = Rights.EXCERPT
    if work.rights != Rights.FULL_FROM:
        work.full_text_from = None
