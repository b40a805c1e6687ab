"""Changing one's own password at the desk: how often one may try, and what follows."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kei_site.accounts.browsers import place_of
from newsletter.throttle import Limit
from publications.actions.accounts import password_changed

# Who found an open browser must not guess the old password.
TRIES = Limit("password-change", 10, timedelta(hours=1))


def held_off(request: HttpRequest) -> HttpResponse | None:
    """Count a try, and lead away whoever made too many."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    if TRIES.admits(str(request.user.pk)):
        return None
    messages.error(request, _("Too many attempts. Please try again in an hour."))
    return HttpResponseRedirect(reverse("account"))


def changed_by_owner(request: HttpRequest) -> None:
    """Note a new password and end what the old one began elsewhere."""
    password_changed(
        request.user,  # type: ignore[arg-type]
        by=request.user,
        keep=request.session.session_key or "",
        place=place_of(request),
    )
