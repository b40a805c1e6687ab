"""Keeping the log of accounts, and ending sessions."""

from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from publications.models import Incident, SecurityEvent, StaffSession, User
from publications.models.security_events import MOST_LETTERS


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody sits: a cut network and a browser in words."""

    network: str = ""
    browser: str = ""


NOWHERE = Place()
MOST_DIGITS = 18


def note(
    kind: Incident,
    *,
    user: Any = None,
    by: Any = None,
    detail: str = "",
    place: Place = NOWHERE,
) -> SecurityEvent:
    """Keep that something happened to an account; the log is never altered afterwards."""
    return SecurityEvent.objects.create(
        kind=kind,
        user=_account(user),
        user_name=_name(user),
        by=_account(by),
        by_name=_name(by),
        detail=detail[:MOST_LETTERS],
        network=place.network,
        browser=place.browser,
    )


@transaction.atomic
def begin_session(user: User, session_key: str, *, place: Place = NOWHERE) -> StaffSession:
    """Keep where somebody has signed in, and forget their sessions that are over."""
    StaffSession.objects.filter(user=user).exclude(_is_open()).delete()
    return StaffSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user, "network": place.network, "browser": place.browser,
            "began_at": (now := timezone.now()), "seen_at": now,
        },
    )[0]  # fmt: skip


def see_session(session_key: str) -> None:
    """Keep that a session is in use."""
    StaffSession.objects.filter(session_key=session_key).update(seen_at=timezone.now())


def move_session(old_key: str, new_key: str) -> None:
    """Follow a session to its new key."""
    StaffSession.objects.filter(session_key=old_key).update(session_key=new_key)


def forget_session(session_key: str) -> None:
    """Forget a session that its owner has ended."""
    StaffSession.objects.filter(session_key=session_key).delete()


def session_number(typed: str | None) -> int | None:
    """Read which session is meant: None when none was named, 0 for what is no number."""
    if typed is None:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


def sessions_of(user: User) -> QuerySet[StaffSession]:
    """Return the sessions of an account that are open."""
    return StaffSession.objects.filter(_is_open(), user=user)


@transaction.atomic
def end_sessions(
    user: User,
    *,
    by: Any,
    only: int | None = None,
    keep: str = "",
    place: Place = NOWHERE,
) -> int:
    """End the sessions of an account: all but `keep`, or `only` one; return how many ended.

    Whoever sits there is asked to sign in at the next step. To end somebody else's takes the
    right to change accounts; None as `by` is the site itself.
    """
    if by is not None and by != user and not by.has_perm("publications.change_user"):
        raise PermissionDenied
    ended = sessions_of(user).exclude(session_key=keep)
    if only is not None:
        ended = ended.filter(pk=only)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    StaffSession.objects.filter(session_key__in=keys).delete()
    if keys:
        note(Incident.SESSIONS_ENDED, user=user, by=by, detail=str(len(keys)), place=place)
    return len(keys)


def _is_open() -> Exists:
    return Exists(
        Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    )


def _account(user: Any) -> Any:
    return user if user is not None and user.is_authenticated else None


def _name(user: Any) -> str:
    if _account(user) is None:
        return ""
    username, full_name = user.get_username(), user.get_full_name()
    return f"{full_name} ({username})" if full_name else username
