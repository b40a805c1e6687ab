"""Staff accounts: what does not come from Django's own forms."""

import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from publications.actions.security import NOWHERE, Place, end_sessions, note
from publications.models import Incident, User

FIRST_NAME = "admin"


@transaction.atomic
def create_first_account() -> str | None:
    """Create the account “admin” on a site without staff; return its password, else None."""
    if User.objects.filter(is_staff=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    account, _created = User.objects.get_or_create(username=FIRST_NAME)
    account.is_staff = account.is_superuser = account.is_active = True
    account.set_password(password)
    account.save()
    return password


def change_own_account(
    user: User, *, first_name: str, last_name: str, email: str, wants_review_mail: bool
) -> User:
    """Keep what somebody says about themselves."""
    user.first_name, user.last_name = first_name, last_name
    user.email, user.wants_review_mail = email, wants_review_mail
    user.save(update_fields=["first_name", "last_name", "email", "wants_review_mail"])
    return user


@transaction.atomic
def password_changed(user: User, *, by: Any, keep: str = "", place: Place = NOWHERE) -> None:
    """Keep that a password is a new one, and end the sessions that the old one began."""
    note(Incident.PASSWORD_CHANGED, user=user, by=by, place=place)
    end_sessions(user, by=by, keep=keep, place=place)


@transaction.atomic
def reset_second_factor(user: User, *, by: Any = None, place: Place = NOWHERE) -> int:
    """Take away all second factors of an account and end its sessions; return how many.

    None as `by` is whoever can run commands on the server.
    """
    if by is not None and not may_reset(by, user):
        raise PermissionDenied
    removed: int
    removed, _models = Authenticator.objects.filter(user=user).delete()
    if removed:
        note(Incident.FACTOR_REMOVED, user=user, by=by, detail=str(removed), place=place)
    end_sessions(user, by=by, place=place)
    return removed


def sort_of(factor: Authenticator) -> str:
    """Say what sort of second factor this is, in plain words."""
    names = {
        Authenticator.Type.TOTP: _("app"),
        Authenticator.Type.WEBAUTHN: _("passkey"),
        Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
    }
    return names.get(factor.type, "")


def may_reset(by: Any, user: User) -> bool:
    """Say whether somebody may take away the second factors of an account."""
    if user.is_superuser and not by.is_superuser:
        return False
    return bool(by.has_perm("publications.change_user"))


def rights_of(user: User) -> dict[str, Any]:
    """Return what an account may do, to be compared with what it may do later."""
    return {
        "active": user.is_active,
        "staff": user.is_staff,
        "superuser": user.is_superuser,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "rights": sorted(user.user_permissions.values_list("codename", flat=True)),
    }


def rights_changed(user: User, before: dict[str, Any], *, by: Any, place: Place = NOWHERE) -> None:
    """Keep what an account may do now, where that is not what it might do before."""
    now = rights_of(user)
    parts = [f"{name}: {_said(now[name])}" for name in now if now[name] != before.get(name)]
    if parts:
        note(Incident.RIGHTS_CHANGED, user=user, by=by, detail="; ".join(parts), place=place)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) or "–"
