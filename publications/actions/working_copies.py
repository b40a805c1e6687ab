"""What people typed and did not save: kept for them alone until they decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.models import WorkingCopy
from publications.snapshots import Snapshot

# Browsers say every few seconds that a form is still open.
PRESENT = timedelta(seconds=45)
KEPT = timedelta(days=30)
MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose form it is, and of what: 0 is a thing that has not been saved yet."""

    user: Any
    model: str
    object_id: int

    @property
    def copies(self) -> Any:
        """The working copies of this person for this thing."""
        return WorkingCopy.objects.filter(
            user=self.user, model=self.model, object_id=self.object_id
        )


def marker_of(copy: WorkingCopy | None) -> str:
    """Return what names a text as it was last kept: a form that shows it carries this along."""
    if copy is None or copy.changed_at is None:
        return ""
    return f"{copy.pk}-{copy.changed_at.timestamp():.6f}"


def see(subject: Subject) -> None:
    """Note that a person has the form open now."""
    WorkingCopy.objects.update_or_create(
        user=subject.user,
        model=subject.model,
        object_id=subject.object_id,
        snapshot__isnull=True,
        defaults={"seen_at": timezone.now()},
    )


@transaction.atomic
def keep_form(
    subject: Subject, fields: Mapping[str, list[str]], *, base: int, known: str
) -> WorkingCopy | None:
    """Keep what is typed in a form; None where another text of the same person waits.

    `known` is the marker of the text that the form showed or kept before.
    """
    if sum(len(name) + sum(map(len, values)) for name, values in fields.items()) > MOST_CHARACTERS:
        raise ValidationError(_("This is too long to be kept while you type. Please save it."))
    now = timezone.now()
    copy, _created = WorkingCopy.objects.select_for_update().get_or_create(
        user=subject.user, model=subject.model, object_id=subject.object_id, snapshot__isnull=True
    )
    if copy.form is not None and marker_of(copy) != known:
        copy.seen_at = now
        copy.save(update_fields=["seen_at"])
        return None
    copy.form = {name: [_storable(each) for each in values] for name, values in fields.items()}
    copy.base_revision, copy.changed_at, copy.seen_at = base, now, now
    copy.save()
    return copy


def keep_version(subject: Subject, snapshot: Snapshot, *, base: int) -> WorkingCopy:
    """Keep what a refused save would have made of a thing; the same one twice is kept once."""
    now = timezone.now()
    same: WorkingCopy | None = subject.copies.filter(base_revision=base, snapshot=snapshot).first()
    return same or WorkingCopy.objects.create(
        user=subject.user,
        model=subject.model,
        object_id=subject.object_id,
        base_revision=base,
        snapshot=snapshot,
        changed_at=now,
        seen_at=now,
    )


def finish(subject: Subject, *markers: str) -> None:
    """Forget what was saved, and that the form is open; a text it did not show stays."""
    subject.copies.filter(form__isnull=True, snapshot__isnull=True).delete()
    for marker in markers:
        number, _dash, _moment = marker.partition("-")
        if not number.isdecimal() or len(number) > 18:
            continue
        for copy in WorkingCopy.objects.filter(pk=number, user=subject.user, snapshot__isnull=True):
            if marker_of(copy) == marker:
                copy.delete()


def purge_working_copies() -> int:
    """Forget what nobody came back for in 30 days; return how many there were."""
    old = Q(seen_at__lt=timezone.now() - KEPT)
    old &= Q(changed_at=None) | Q(changed_at__lt=timezone.now() - KEPT)
    return WorkingCopy.objects.filter(old).delete()[0]


def _storable(text: str) -> str:
    # PostgreSQL keeps any character but this one.
    return text.replace("\x00", "")
