"""Who may do what with a publication."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from publications.models import Publication
from publications.states import Status

# Whoever asks, signed in or not.
type Account = AbstractBaseUser | AnonymousUser

PUBLIC_STEPS = {Status.PUBLISHED, Status.WITHDRAWN}


def may_move(user: Any, work: Publication, to: Status) -> bool:
    """Say whether `user` may take `work` to the status `to`.

    Whatever changes what readers see needs the right to publish; the rest needs
    the right to change publications.
    """
    changes_what_is_public = to in PUBLIC_STEPS or work.status in PUBLIC_STEPS
    right = "publish_publication" if changes_what_is_public else "change_publication"
    return bool(user.has_perm(f"publications.{right}"))


def may_delete(user: Any, work: Publication) -> bool:
    """Say whether `user` may delete `work`; what readers see needs the right to publish too."""
    if work.status in PUBLIC_STEPS and not user.has_perm("publications.publish_publication"):
        return False
    return bool(user.has_perm("publications.delete_publication"))
