"""Who may do what with a publication."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from publications.models import Publication
from publications.states import CHANGE, PUBLISH, Move, Status, moves_between, moves_from

# Whoever asks, signed in or not.
type Account = AbstractBaseUser | AnonymousUser

PUBLIC_STEPS = {Status.PUBLISHED, Status.WITHDRAWN}


def has_right(user: Any, right: str) -> bool:
    """Say whether `user` has a right to publications, such as `publish_publication`."""
    return bool(user.has_perm(f"publications.{right}"))


def may_publish(user: Any) -> bool:
    """Say whether `user` may change what readers see."""
    return has_right(user, PUBLISH)


def may_change(user: Any) -> bool:
    """Say whether `user` may change publications at all."""
    return has_right(user, CHANGE)


def may_change_content(user: Any, work: Publication) -> bool:
    """Say whether `user` may change what `work` says; what readers see needs the right to publish.

    A schedule counts as seen: it becomes public without another step.
    """
    return may_publish(user) if work.status == Status.PUBLISHED else may_change(user)


def may_move(user: Any, work: Publication, to: Status) -> bool:
    """Say whether `user` may take `work` to the status `to`, by any of the steps that lead there.

    To stay where readers see a work is a step as well: with another date.
    """
    here = Status(work.status)
    if here == to:
        return has_right(user, PUBLISH if here in PUBLIC_STEPS else CHANGE)
    return any(has_right(user, move.right) for move in moves_between(here, to))


def moves_for(user: Any, work: Publication) -> Sequence[Move]:
    """Return the steps that `user` may take with `work`, one for each place they lead to."""
    offered: dict[Status, Move] = {}
    for move in moves_from(Status(work.status)):
        if has_right(user, move.right):
            offered.setdefault(move.after, move)
    return list(offered.values())


def may_delete(user: Any, work: Publication) -> bool:
    """Say whether `user` may delete `work`; what readers see needs the right to publish too."""
    if work.status in PUBLIC_STEPS and not has_right(user, PUBLISH):
        return False
    return bool(user.has_perm("publications.delete_publication"))
