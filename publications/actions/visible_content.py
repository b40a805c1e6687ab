"""What readers see changes only by the hand of people who may publish."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from publications.models import Publication
from publications.permissions import Account, may_publish
from publications.snapshots import Snapshot, take
from publications.snapshots.diffing import changes
from publications.states import Status

# Notes of the desk to itself.
UNSEEN = frozenset({"owner", "review_by"})


class PublishRightError(PermissionDenied):
    """The account may change publications, but not what readers see of one."""


@contextmanager
def content_allowed(before: Model | None, *, by: Account | None) -> Iterator[None]:
    """Refuse at the end what changed something that readers see, if `by` may not publish.

    Nobody (`by` is None) is the system, which was told to by somebody who may.
    """
    if not isinstance(before, Publication) or by is None or may_publish(by):
        yield
        return
    was, status = take(before), before.status
    yield
    changed = {change.name for change in changes(Publication, was, take(before))}
    if changed & _seen(status, was):
        raise PublishRightError(
            _("Readers see this work, and your account may not change what they see.")
        )


def _seen(status: str, snapshot: Snapshot) -> set[str]:
    """Return what readers see of a work, or will see when its moment comes."""
    if status == Status.WITHDRAWN:
        return {"withdrawal_note"}
    if status != Status.PUBLISHED:
        return set()
    return {*snapshot["fields"], *snapshot["parts"]} - UNSEEN
