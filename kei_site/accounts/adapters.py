"""What allauth is told about this site: staff only, nobody signs up, secrets are sealed."""

import base64
import hashlib
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kei_site.accounts import limits
from kei_site.accounts.browsers import place_of
from kei_site.common.origin import client_network
from kei_site.common.signing import keyed_hashes
from publications.actions.security import note
from publications.actions.site_settings import settings_row
from publications.models import Incident, User

WRONG = gettext_lazy("No account has this name and password. Please note that case matters.")


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff sign in with a name or an e-mail address; nobody else has an account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_code": gettext_lazy("This code is not right, or it was used before."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Please wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with JSON where our own script asks for it, and nowhere else."""
        match = request.resolver_match
        return (
            match is not None
            and match.url_name == "mfa_login_webauthn"
            and request.META.get("HTTP_ACCEPT") == "application/json"
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_network(request) or "unknown"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Look at a password unless too many were tried; an account of nobody's is a wrong one."""
        name = credentials.get("username") or credentials.get("email") or ""
        if "username" in credentials:
            # It is looked up as an address as well. To do so twice would hash twice for a known
            # address and once for an unknown one, and the time would tell which is which.
            credentials.pop("email", None)
        uses = limits.uses_of(name, client_network(request))
        if (until := limits.take(uses)) is not None:
            self._hold_off(until)
        user = self._with_password(request, credentials)
        if user is None:
            _note_failure(request, name, uses)
        else:
            limits.give_back(uses)
        return user

    def _with_password(self, request: HttpRequest, credentials: dict[str, Any]) -> Any:
        """Return the account if it is that of active staff."""
        user = authenticate(request, **credentials)
        return user if user is not None and getattr(user, "is_staff", False) else None

    def _hold_off(self, until: Any) -> NoReturn:
        moment = formats.time_format(timezone.localtime(until), "TIME_FORMAT")
        raise ValidationError(
            _("Too many attempts. Please try again after %(moment)s."),
            code="too_many_login_attempts",
            params={"moment": moment},
        )

    def pre_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse | None:
        """Let nobody in who is not active staff, whatever they prove themselves with."""
        if not (user.is_active and user.is_staff):
            return HttpResponseRedirect(resolve_url("account_login"))
        response: HttpResponse | None = super().pre_login(request, user, **facts)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, whose secrets are of no use to somebody who has only the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it was used before."),
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        return settings_row().name

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002, ARG002
        """Propose the name of the computer that sits there."""
        return place_of(context.request).browser or _("Passkey")

    def _get_site_name(self) -> str:
        return settings_row().name


def _seal() -> MultiFernet:
    """Return what seals with the present secret key and opens what earlier ones sealed."""
    keys = keyed_hashes("second-factor", "seal")
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys]
    )


def _note_failure(request: HttpRequest, name: str, uses: list[limits.Use]) -> None:
    """Keep a wrong password, and that it was the last for now."""
    known = User.objects.filter(Q(username=name) | Q(email__iexact=name)).first() if name else None
    place = place_of(request)
    note(Incident.FAILED, user=known, place=place)
    if limits.is_spent(uses):
        note(Incident.HELD_OFF, user=known, place=place)
