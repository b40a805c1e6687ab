"""Outgoing mail while trying the site on one's own machine: what would have been sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from newsletter.mail import outbox
from publications.views.pages import FOR_ONE_PERSON

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# As the rest of the desk has it, whose pages stand around these.
POLICY_OF_DESK: dict[str, Any] = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
}
# A message has its styles in it. Nothing in it runs, and nothing but our own pictures is loaded.
POLICY_OF_MESSAGE: dict[str, Any] = {
    "sandbox": True,
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

type View = Callable[..., HttpResponse]


def only_here(view: View) -> View:
    """Let superusers in, on the machine itself, while mail becomes files; 404 for all others."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        hosts = {urlsplit(settings.SITE_URL).hostname, urlsplit(f"//{request.get_host()}").hostname}
        if settings.SMTP_HOST or not hosts <= LOOPBACK or not request.user.is_superuser:
            raise Http404(
                _("Superusers see outgoing mail on this machine, as long as SMTP_HOST is not set.")
            )
        response = view(request, *args, **named)
        response["Cache-Control"] = FOR_ONE_PERSON
        return response

    return checked


@require_safe
@only_here
@csp_override(POLICY_OF_DESK)
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest messages."""
    return _page(request, "mailbox", _("Outgoing mail"), entries=outbox.newest())


@require_safe
@only_here
@csp_override(POLICY_OF_DESK)
def message(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Show one message: its headers, its text, and what else is in it."""
    letter = _letter(name, number)
    title = letter.subject or _("No subject")
    return _page(request, "mailbox_message", title, letter=letter, name=name, number=number)


@require_safe
@only_here
@csp_override(POLICY_OF_MESSAGE)
def message_html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Show the HTML of one message as a document by itself, in which nothing runs."""
    return HttpResponse(_letter(name, number).html)


def _letter(name: str, number: int) -> outbox.Letter:
    letter = outbox.read(name, number)
    if letter is None:
        raise Http404(_("There is no such message any more."))
    return letter


def _page(request: HttpRequest, template: str, title: str, **facts: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **facts}
    return render(request, f"newsletter/{template}.html", context)


app_name = "mailbox"
urlpatterns = [
    path("", mailbox, name="mailbox"),
    path("<str:name>/<int:number>/", message, name="message"),
    path("<str:name>/<int:number>/html/", message_html, name="message_html"),
]
