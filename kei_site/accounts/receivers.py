"""What the log of accounts learns from Django and allauth, which send signals and no more."""

from typing import Any

from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from kei_site.accounts.browsers import place_of
from publications.actions.accounts import sort_of
from publications.actions.security import begin_session, end_sessions, forget_session, note
from publications.models import Incident, User


@receiver(user_logged_in)
def signed_in(request: HttpRequest | None, user: User, **_facts: Any) -> None:
    """Keep that somebody signed in, and where."""
    place = place_of(request)
    note(Incident.SIGNED_IN, user=user, by=user, place=place)
    session = getattr(request, "session", None)
    if session is None:
        return
    if session.session_key is None:
        session.create()
    begin_session(user, session.session_key, place=place)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_facts: Any) -> None:
    """Keep that somebody signed out."""
    if user is None:
        return
    if key := request.session.session_key:
        forget_session(key)
    note(Incident.SIGNED_OUT, user=user, by=user, place=place_of(request))


@receiver(factors.authenticator_added)
def factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_facts: Any
) -> None:
    """Keep that there is one more second factor."""
    _note(Incident.FACTOR_ADDED, request, user, authenticator)


@receiver(factors.authenticator_removed)
def factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_facts: Any
) -> None:
    """Keep that a second factor is gone, and end what it may have been stolen with."""
    with transaction.atomic():
        _note(Incident.FACTOR_REMOVED, request, user, authenticator)
        key = request.session.session_key or ""
        end_sessions(user, by=user, keep=key, place=place_of(request))


@receiver(factors.authenticator_reset)
def codes_renewed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_facts: Any
) -> None:
    """Keep that the recovery codes are new ones."""
    _note(Incident.CODES_RENEWED, request, user, authenticator)


@receiver(factors.authentication_failed)
def factor_failed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_facts: Any
) -> None:
    """Keep that a code was wrong; the password before it was right."""
    _note(Incident.FACTOR_FAILED, request, user, authenticator)


def _note(kind: Incident, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    note(kind, user=user, by=user, detail=sort_of(authenticator), place=place_of(request))
