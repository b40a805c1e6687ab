"""Where a work stands, what was said about it, and the steps that this person may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from publications.actions.pinning import is_approval, is_own_work
from publications.models import Publication, WorkflowEvent
from publications.permissions import moves_for
from publications.states import MOST_LETTERS, Move

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the templates show."""

    name: str
    label: str
    moves: Sequence[Move]
    # Why a step is missing that this person could take otherwise.
    note: str
    last: WorkflowEvent | None
    earlier: Sequence[WorkflowEvent]
    has_more: bool
    # What was typed before a refusal.
    comment: str
    most_letters: int = MOST_LETTERS


def panel_for(
    work: Publication | None, user: Any, *, comment: str = "", may_save: bool = True
) -> Panel:
    """Read the panel of a work, or of one that is not saved yet."""
    standing = work or Publication()
    moves = moves_for(user, standing) if may_save else []
    note = ""
    if work and any(is_approval(work, move) for move in moves) and is_own_work(work, user):
        moves = [move for move in moves if not is_approval(work, move)]
        note = _("You changed this since it was last approved: somebody else has to approve it.")
    rows = WorkflowEvent.objects.filter(publication=work)[: SHOWN + 1] if work else []
    events = list(rows)
    return Panel(
        name="scheduled" if standing.is_scheduled else standing.status,
        label=_("Scheduled") if standing.is_scheduled else standing.get_status_display(),
        moves=moves,
        note=note,
        last=events[0] if events else None,
        earlier=events[1:SHOWN],
        has_more=len(events) > SHOWN,
        comment=comment,
    )
