"""What a set time does: works are withdrawn, changes published, and whole texts searched.

Nothing has to run for it. Whoever asks for a page first asks whether something is due, and
does it: any number of processes may, at once and again. What cannot be done is noted for the
desk and left alone, so that neither pages nor what else is due suffer from it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from publications.actions.after import after_write
from publications.actions.editing import become
from publications.actions.recording import begin_history, record, revisions_of
from publications.models import Act, DueAct, DueProblem, PendingChange, Publication
from publications.search.indexing import index
from publications.snapshots import Snapshot, take
from publications.states import Status

logger = logging.getLogger(__name__)
# One page does so much at most; the next one goes on.
MOST = 50
# So long a page waits for somebody who is saving the work at this moment.
PATIENCE = "2s"
# Planned in a quarter of the time of what follows, and before every page.
MAYBE = """
SELECT WHERE EXISTS (
    SELECT FROM publications_publication WHERE status = %(published)s AND withdraw_at <= %(now)s
) OR EXISTS (SELECT FROM publications_pendingchange WHERE publish_at <= %(now)s)
OR EXISTS (SELECT FROM publications_searchdocument WHERE whole_from <= %(now)s)
"""
DUE = """
SELECT withdraw_at, 'withdraw', id FROM publications_publication AS work
WHERE status = %(published)s AND withdraw_at <= %(now)s AND NOT EXISTS (
    SELECT FROM publications_dueproblem
    WHERE publication_id = work.id AND act = 'withdraw' AND due_at = work.withdraw_at
)
UNION ALL
SELECT publish_at, 'release', publication_id FROM publications_pendingchange AS change
JOIN publications_publication AS work ON work.id = change.publication_id
WHERE work.status = %(published)s AND publish_at <= %(now)s AND NOT EXISTS (
    SELECT FROM publications_dueproblem
    WHERE publication_id = work.id AND act = 'release' AND due_at = change.publish_at
)
UNION ALL
SELECT whole_from, 'disclose', publication_id FROM publications_searchdocument AS document
WHERE whole_from <= %(now)s AND NOT EXISTS (
    SELECT FROM publications_dueproblem
    WHERE publication_id = document.publication_id AND act = 'disclose' AND due_at = whole_from
)
ORDER BY 1, 3 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: since when, what, and for which work."""

    at: datetime
    act: DueAct
    publication_id: int


def apply_due(now: datetime, *, most: int | None = None) -> int:
    """Do what is due at the moment `now`, the earliest first; return how much was done."""
    return sum(_apply(due, now) for due in find_due(now, most=most))


def find_due(now: datetime, *, most: int | None = None) -> list[Due]:
    """Return what is due and has not failed before; nearly always nothing, by one statement."""
    asked: dict[str, Any] = {"now": now, "published": Status.PUBLISHED.value, "most": most or MOST}
    with connection.cursor() as cursor:
        cursor.execute(MAYBE, asked)
        if not cursor.fetchall():
            return []
        cursor.execute(DUE, asked)
        return [Due(at, DueAct(act), pk) for at, act, pk in cursor.fetchall()]


def _apply(due: Due, now: datetime) -> bool:
    try:
        with transaction.atomic():
            _be_patient()
            return ACTS[due.act](due, now)
    except OperationalError:
        # Somebody holds the work just now. The next page tries again.
        logger.warning("Not done yet, the work is being saved: %s", due)
    except Exception as error:  # one that is broken must not take down the site
        logger.exception("Could not be done: %s", due)
        _note(due, _in_words(error))
    return False


def _withdraw(due: Due, now: datetime) -> bool:
    """Take a work back; what is already done, by another process, is not done again."""
    waiting = Publication.objects.to_be_withdrawn(now).filter(pk=due.publication_id)
    work = waiting.select_for_update(of=("self",)).first()
    if work is None:
        return False
    begin_history(work)
    work.status, work.withdraw_at = Status.WITHDRAWN, None
    work.save(update_fields=["status", "withdraw_at", "updated_at"])
    after_write(work)
    record(work, by=None, act=Act.MOVED, comment=_("Withdrawn at the time that was set."))
    return True


def _release(due: Due, now: datetime) -> bool:
    """Publish changes that wait; the work is held first, in the order of every other action."""
    works = Publication.objects.select_for_update(of=("self",))
    work = works.filter(pk=due.publication_id, status=Status.PUBLISHED).first()
    waiting = PendingChange.objects.select_for_update(of=("self",)).select_related("made_by")
    pending = waiting.filter(publication=work, publish_at__lte=now).first() if work else None
    if work is None or pending is None:
        return False
    snapshot, remarks = _up_to_date(work, pending)
    remarks += become(work, snapshot, by=pending.made_by, act=Act.RELEASED)
    pending.delete()
    if remarks:
        _note(due, " ".join(remarks), is_done=True)
    return True


def _disclose(due: Due, _now: datetime) -> bool:
    """Search the whole text of a work of which only the opening was shown."""
    index([due.publication_id])
    return True


ACTS: Mapping[DueAct, Callable[[Due, datetime], bool]] = {
    DueAct.WITHDRAW: _withdraw,
    DueAct.RELEASE: _release,
    DueAct.DISCLOSE: _disclose,
}


def _up_to_date(work: Publication, pending: PendingChange) -> tuple[Snapshot, list[str]]:
    """Return the changes over what the work is by now, and what they replace of it.

    Nobody is there to ask: what was changed in the live work meanwhile stays, unless the
    waiting changes touch the same, and that is said.
    """
    begun = revisions_of(work).filter(number=pending.base_revision).first()
    if begun is None or pending.base_revision == work.revision:
        return pending.snapshot, []
    live, replaced = take(work), []
    merged: Snapshot = {"fields": {}, "parts": {}}
    for group in merged:
        for name, wanted in pending.snapshot[group].items():
            base, now = begun.snapshot[group].get(name), live[group].get(name)
            merged[group][name] = now if wanted == base else wanted
            if wanted not in (base, now) and now != base:
                replaced.append(name)
    if not replaced:
        return merged, []
    said = _(
        "Meanwhile the live work was changed too; its history has what was replaced: %(names)s."
    )
    return merged, [said % {"names": ", ".join(replaced)}]


def _note(due: Due, said: str, *, is_done: bool = False) -> None:
    problem = DueProblem(
        publication_id=due.publication_id, act=due.act, due_at=due.at, said=said, is_done=is_done
    )
    DueProblem.objects.bulk_create([problem], ignore_conflicts=True)


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("An error that we did not expect (%(name)s); the log has more about it.") % {
        "name": type(error).__name__
    }


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
