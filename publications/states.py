"""Which steps a publication may take, and the right that each of them needs, as data."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a publication stands; what readers see also depends on the clock."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CHANGE, APPROVE, PUBLISH = "change_publication", "approve_publication", "publish_publication"
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one status to another: what its button says, and what it said once taken."""

    name: str
    label: Promise
    done: Promise
    before: frozenset[Status]
    after: Status
    right: str
    # Whether the one who takes it has to say why.
    needs_comment: bool = False


# The first of two that lead to the same place is the one offered to those who may take both.
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "submit", _("Submit for review"), _("Submitted for review"),
            frozenset({Status.DRAFT}), Status.IN_REVIEW, CHANGE,
        ),
        Move(
            "approve", _("Approve"), _("Approved"),
            frozenset({Status.IN_REVIEW}), Status.APPROVED, APPROVE,
        ),
        Move(
            "publish", _("Publish"), _("Published"),
            frozenset({Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN}),
            Status.PUBLISHED, PUBLISH,
        ),
        Move(
            "send_back", _("Send back"), _("Sent back"),
            frozenset({Status.IN_REVIEW, Status.APPROVED}), Status.DRAFT, APPROVE,
            needs_comment=True,
        ),
        Move(
            "return_to_draft", _("Return to draft"), _("Returned to draft"),
            frozenset({Status.IN_REVIEW, Status.APPROVED}), Status.DRAFT, CHANGE,
        ),
        Move(
            "withdraw", _("Withdraw"), _("Withdrawn"),
            frozenset({Status.PUBLISHED}), Status.WITHDRAWN, PUBLISH,
        ),
        Move(
            "unpublish", _("Return to draft"), _("Taken off the site, a draft again"),
            frozenset({Status.PUBLISHED, Status.WITHDRAWN}), Status.DRAFT, PUBLISH,
        ),
    )
}  # fmt: skip

# What also stands among the steps of a work, though no button takes it.
CHANGED, REDATED, COMMENTED = "changed", "redated", "commented"
DONE: dict[str, Promise] = {name: move.done for name, move in MOVES.items()} | {
    CHANGED: _("Changed after the approval, in review again"),
    REDATED: _("Publication date changed"),
    COMMENTED: _("Comment"),
}


def moves_from(here: Status) -> Sequence[Move]:
    """Return the steps that the table has from a status."""
    return [move for move in MOVES.values() if here in move.before]


def moves_between(here: Status, to: Status) -> Sequence[Move]:
    """Return the steps that lead from one status to another; none where the table has none."""
    return [move for move in moves_from(here) if move.after == to]
