"""A work as it would be: nothing of what is written for it stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from publications.actions.applying import apply
from publications.actions.locking import lock
from publications.actions.previewing import write_to_look
from publications.actions.recording import rolled_back
from publications.models import Publication
from publications.snapshots import Snapshot
from publications.views.banners import Banner
from publications.views.reading import publication_page


def preview_of_snapshot(
    request: HttpRequest, work: Publication, snapshot: Snapshot, *, text: str
) -> HttpResponse:
    """Show a work as a snapshot has it, under a banner that says what this is."""
    with rolled_back():
        remarks = apply(lock(work), snapshot, derive=False)
        return publication_page(request, _loaded(work), banner=Banner(text, remarks))


def preview_of_form(
    request: HttpRequest,
    work: Publication,
    *,
    parts: Sequence[Model],
    removed: Sequence[Model],
    banner: Banner,
) -> HttpResponse:
    """Show a work as a form has it, whether it was ever saved or not."""
    with rolled_back():
        unsaved = write_to_look(work, parts=parts, removed=removed)
        work = _loaded(work)
        files: Iterable[Any] = work.attachments.all()
        for file in files:
            file.is_unsaved = file.pk in unsaved
        return publication_page(request, work, banner=banner)


def _loaded(work: Publication) -> Publication:
    loaded: Publication = Publication.objects.with_detail().get(pk=work.pk)
    return loaded
