"""What an approval holds on to: the content that was approved, and who changed it since."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.actions.applying import STANDING
from publications.actions.recording import revisions_of
from publications.models import Act, Publication, SiteSettings, WorkflowEvent
from publications.permissions import Account
from publications.snapshots import Snapshot, take
from publications.states import Move, Status

# Who looks after a work, and until when, is no part of what was approved.
NO_CONTENT = STANDING | {"owner", "review_by"}
# To publish what nobody approved is to approve it.
APPROVED_BEFORE = {Status.APPROVED, Status.PUBLISHED}


def content_of(snapshot: Snapshot) -> Any:
    """Return what readers would see of a snapshot, the same whatever other things are called."""
    fields = {name: value for name, value in snapshot["fields"].items() if name not in NO_CONTENT}
    return _without_names({"fields": fields, "parts": snapshot["parts"]})


def approved_content(thing: Model | None) -> Any:
    """Return the content of an approved work; None for everything else."""
    if isinstance(thing, Publication) and thing.status == Status.APPROVED:
        return content_of(take(thing))
    return None


def reopen(thing: Model, approved: Any) -> bool:
    """Take a work back to review when it is not any more what was approved; say if it was."""
    if approved is None or not isinstance(thing, Publication):
        return False
    if content_of(take(thing)) == approved:
        return False
    thing.status = Status.IN_REVIEW
    Publication.objects.filter(pk=thing.pk).update(status=thing.status)
    return True


def ensure_second_person(work: Publication, move: Move, *, by: Account) -> None:
    """Refuse an approval by somebody who changed the work, where two people are asked for."""
    if is_approval(work, move) and is_own_work(work, by):
        raise ValidationError(
            _("You changed this work since it was last approved: somebody else has to approve it."),
            code="second_person",
        )


def is_approval(work: Publication, move: Move) -> bool:
    """Say whether a step makes a work approved that was not."""
    return move.after in APPROVED_BEFORE and work.status != Status.APPROVED


def is_own_work(work: Publication, by: Any) -> bool:
    """Say whether two people are asked for and `by` is among those who changed the work."""
    asked_for = SiteSettings.objects.filter(pk=1, two_person_rule=True).exists()
    return asked_for and by.is_authenticated and _has_changed(work, by)


def _has_changed(work: Publication, by: Any) -> bool:
    """Say whether a person changed the content since the last approval."""
    approval = WorkflowEvent.objects.filter(
        publication=work, after__in=APPROVED_BEFORE
    ).exclude(before__in=APPROVED_BEFORE).first()  # fmt: skip
    since = approval.revision if approval else 0
    before: Any = None
    for revision in revisions_of(work).filter(number__gte=since).order_by("number").iterator(20):
        content = content_of(revision.snapshot)
        changed = revision.number > since and content != before
        if changed and revision.made_by_id == by.pk and revision.act != Act.FOUND:
            return True
        before = content
    return False


def _without_names(value: Any) -> Any:
    """Return a value with what keys lead to by their ids alone: others may rename it."""
    match value:
        case {"id": key, "name": _name, **others} if not others:
            return key
        case dict():
            return {name: _without_names(each) for name, each in value.items()}
        case list():
            return [_without_names(each) for each in value]
    return value
