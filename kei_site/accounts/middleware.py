"""What holds for every step at the desk: sessions are followed, a second factor is there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kei_site.accounts.browsers import place_of
from publications.actions.security import begin_session, move_session, see_session
from publications.models import SiteSettings, StaffSession, User

DESK = "/admin/"
SEEN_EVERY = timedelta(minutes=5)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What stays open to somebody who has yet to set up a second factor.
OPEN = ("/admin/account/", "/admin/login/", "/admin/logout/", "/admin/jsi18n/")


def staff_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Follow the session of whoever works at the desk, and lead to a missing second factor."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(DESK) or not request.user.is_authenticated:
            return get_response(request)
        key = request.session.session_key or ""
        # The admin of publications reads it from here.
        request.place = place_of(request)  # type: ignore[attr-defined]
        if _follow(request, key) and not _is_open(request.path_info):
            return _lead(request)
        response = get_response(request)
        if (moved := request.session.session_key) and moved != key:
            move_session(key, moved)
        return response

    return respond


def _follow(request: HttpRequest, key: str) -> bool:
    """Keep that the session is in use; say whether its owner has yet to set up a second factor."""
    facts = _facts(request.user.pk, key)
    if facts is None:
        # It is older than this list of sessions.
        begin_session(cast("User", request.user), key, place=place_of(request))
        facts = _facts(request.user.pk, key)
    if facts is None:
        return False
    seen_at, asked, has_one = facts
    if timezone.now() - seen_at >= SEEN_EVERY:
        see_session(key)
    return (settings.REQUIRE_MFA or asked) and not has_one


def _facts(user_id: Any, key: str) -> tuple[datetime, bool, bool] | None:
    """Read in one query all that each step asks."""
    return (
        StaffSession.objects.filter(session_key=key, user_id=user_id)
        .values_list(
            "seen_at",
            Exists(SiteSettings.objects.filter(pk=1, require_second_factor=True)),
            Exists(Authenticator.objects.filter(user_id=user_id, type__in=FACTORS)),
        )
        .first()
    )


def _is_open(path: str) -> bool:
    return path.startswith(OPEN)


def _lead(request: HttpRequest) -> HttpResponse:
    """Lead to where a second factor is set up; what was typed into a form must not get lost."""
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(reverse("account"))
    return render(request, "account/factor_first.html", status=HTTPStatus.FORBIDDEN)
