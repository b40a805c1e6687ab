"""The history of a thing, a page at a time, and the versions of it that can be compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kei_site.common.pagination import Page, paginate
from publications.models import PendingChange, Publication, Revision
from publications.snapshots.diffing import changes
from publications.snapshots.shapes import Snapshot, name_of
from publications.snapshots.taking import take

LINES = 25
# Snapshots hold whole texts: only a handful is ever read at once.
AT_ONCE = 4
NAMED = 4
# What a version is called in an address that is no number.
NOW = "now"
PENDING = "pending"
MAX_DIGITS = 9
OFFERED = 50


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One revision as the list shows it: its facts, and which fields it changed."""

    revision: Any
    changed: Sequence[str]
    # How many more fields than those named in `changed`.
    more: int
    begins: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A thing at one time: by what name an address knows it, what people call it, and all of it."""

    key: str
    label: str
    snapshot: Snapshot
    revision: Any = None


def read_history(thing: Model, number: int, *, url: Callable[[int], str]) -> Page:
    """Return one page of the history of a thing, the newest revision first."""
    rows = _revisions(thing).order_by("-number")
    page = paginate(rows, number, total=rows.count(), url=url, load=_without_texts, size=LINES)
    changed = _changed_in(thing, [revision.number for revision in page.items])
    lines = [_line(revision, changed.get(revision.number)) for revision in page.items]
    return Page(
        items=lines,
        number=page.number,
        pages=page.pages,
        total=page.total,
        numbers=page.numbers,
        previous_url=page.previous_url,
        next_url=page.next_url,
    )


def read_version(thing: Model, key: str) -> Version | None:
    """Return the version of a thing that `key` names; None for one that is not there."""
    if key == NOW:
        return Version(NOW, _("As it is now"), take(thing))
    if key == PENDING:
        return _pending(thing)
    if not (key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS):
        return None
    revision = _revisions(thing).filter(number=int(key)).first()
    if revision is None:
        return None
    label = _("Revision %(number)s") % {"number": revision.number}
    return Version(key, label, revision.snapshot, revision)


def version_choices(thing: Model, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Return what can be compared, by name: the present, what waits, the newest revisions."""
    rows = _revisions(thing).order_by("-number").values_list("number", "made_at", "made_by_name")
    old = {int(key) for key in chosen if key.isdigit()}
    newest = list(rows[:OFFERED])
    newest += rows.filter(number__in=old - {number for number, _at, _by in newest})
    choices = [(NOW, _("As it is now"))]
    if isinstance(thing, Publication) and PendingChange.objects.filter(publication=thing).exists():
        choices.append((PENDING, _("Changes that wait")))
    return choices + [
        (
            str(number),
            f"{number} · {date_format(localtime(at), 'DATETIME_FORMAT')}{by and f' · {by}'}",
        )
        for number, at, by in newest
    ]


def _pending(thing: Model) -> Version | None:
    if not isinstance(thing, Publication):
        return None
    pending = PendingChange.objects.filter(publication=thing).first()
    label = _("Changes that wait")
    return Version(PENDING, label, pending.snapshot) if pending else None


def _revisions(thing: Model) -> QuerySet[Revision]:
    return Revision.objects.filter(model=name_of(type(thing)), object_id=thing.pk)


def _without_texts(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    return rows.defer("snapshot").select_related("made_by")


def _changed_in(thing: Model, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the labels of what each of these revisions changed against the one before it."""
    if not numbers:
        return {}
    rows = _revisions(thing).filter(number__gte=min(numbers) - 1, number__lte=max(numbers))
    found: dict[int, list[str]] = {}
    before: Snapshot | None = None
    snapshots = rows.order_by("number").values_list("number", "snapshot")
    for number, snapshot in snapshots.iterator(chunk_size=AT_ONCE):
        if before is not None:
            found[number] = [each.label for each in changes(type(thing), before, snapshot)]
        before = snapshot
    return found


def _line(revision: Any, changed: Sequence[str] | None) -> HistoryLine:
    names = changed or []
    return HistoryLine(
        revision=revision,
        changed=names[:NAMED],
        more=max(0, len(names) - NAMED),
        begins=changed is None,
    )
