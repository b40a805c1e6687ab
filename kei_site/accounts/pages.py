"""One's own account: name, mail, password, second factor, where one is signed in."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kei_site.accounts.browsers import place_of
from kei_site.accounts.forms import OwnAccountForm
from publications.actions.accounts import change_own_account
from publications.actions.security import end_sessions, session_number, sessions_of
from publications.actions.site_settings import settings_row
from publications.models import User

MOST_SESSIONS = 50


def account(request: HttpRequest) -> HttpResponse:
    """Show one's account, and keep what was changed of it."""
    user = User.objects.get(pk=cast("int", request.user.pk))
    form = OwnAccountForm(request.POST or None, instance=user)
    if form.is_valid():
        change_own_account(user, **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        return HttpResponseRedirect(reverse("account"))
    return TemplateResponse(request, "account/account.html", {"form": form, **_facts(request)})


def _facts(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows beside the form."""
    own = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("pk"))
    of_type = {each.type: each for each in own}
    passkeys = [each for each in own if each.type == Authenticator.Type.WEBAUTHN]
    app = of_type.get(Authenticator.Type.TOTP)
    required = settings.REQUIRE_MFA or settings_row().require_second_factor
    return {
        "app": app,
        "passkeys": passkeys,
        "recovery_codes": of_type.get(Authenticator.Type.RECOVERY_CODES),
        "has_second_factor": bool(app or passkeys),
        "second_factor_first": required and not (app or passkeys),
        "sessions": sessions_of(request.user)[:MOST_SESSIONS],  # type: ignore[arg-type]
        "this_session": request.session.session_key,
    }


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions, or all but this one."""
    ended = end_sessions(
        request.user,  # type: ignore[arg-type]
        by=request.user,
        only=session_number(request.POST.get("session")),
        keep=request.session.session_key or "",
        place=place_of(request),
    )
    say_ended(request, ended)
    return HttpResponseRedirect(reverse("account") + "#sessions")


def say_ended(request: HttpRequest, ended: int) -> None:
    """Tell how many sessions ended."""
    said = ngettext("One session has ended.", "%(ended)d sessions have ended.", ended)
    messages.success(
        request, said % {"ended": ended} if ended else _("There was no other session to end.")
    )


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes of whoever has some."""
    own = Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES
    )
    if not own.exists():
        return HttpResponseRedirect(reverse("account"))
    response: HttpResponse = view_recovery_codes(request)
    return response


def passkeys(_request: HttpRequest) -> HttpResponse:
    """Lead to the account, which lists the passkeys."""
    return HttpResponseRedirect(reverse("account") + "#second-factor")
