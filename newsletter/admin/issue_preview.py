"""An issue before it is sent: both parts, light and dark, what is wrong with it, a test."""

import re
from http import HTTPStatus
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import redirect, render
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from newsletter.actions.testing import MOST, send_test
from newsletter.addresses import MAX_LENGTH, Address, parse
from newsletter.linting import CLIPPED_AT, lint
from newsletter.mail import rendering
from newsletter.models import Issue, IssueContent

# WSGI servers refuse a header whose name is an enum.
POLICY = str(CSP.HEADER_ENFORCE)
# What the desk allows everywhere, and frames of our own.
POLICY_OF_PAGE: dict[str, Any] = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "frame-src": [CSP.SELF],
}


class Scheme(NamedTuple):
    """A color scheme, whatever the one of the person who looks is."""

    name: str
    label: Any
    media: str


SCHEMES = {
    each.name: each
    for each in (
        Scheme("light", _("Light"), "not all"),
        Scheme("dark", _("Dark"), "all"),
    )
}


class RecipientsForm(forms.Form):
    """A few addresses, in any way that people list them."""

    to = forms.CharField(
        max_length=2 * MOST * MAX_LENGTH,
        error_messages={"required": _("Give an address to send the test to.")},
    )

    def clean_to(self) -> list[Address]:
        """Understand each address, and keep none of them twice."""
        typed = [each for each in re.split(r"[\s,;]+", self.cleaned_data["to"]) if each]
        return list({each.normalized: each for each in map(parse, typed)}.values())


def preview(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Show both parts and what is wrong with them, or send the issue to a few people."""
    form = RecipientsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _is_sent(request, issue, form):
        return redirect(request.path)
    content = IssueContent.objects.filter(issue=issue).first()
    rendered = _rendered(issue, content)
    response = render(
        request,
        "admin/newsletter/issue/preview.html",
        {
            **admin.site.each_context(request),
            "opts": Issue._meta,  # noqa: SLF001 - as every page of the desk
            "title": _("Preview"),
            "issue": issue,
            "rendered": rendered,
            "findings": [] if content else lint(issue),
            "was_sent": content is not None,
            "kilobytes": -(-len(rendered.html.encode()) // 1024),
            "most_kilobytes": CLIPPED_AT // 1024,
            "schemes": SCHEMES,
            "may_send": request.user.has_perm("newsletter.change_issue"),
            "form": form,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )
    # Not by a decorator: the desk's own comes last and would undo it.
    response[POLICY] = build_policy(POLICY_OF_PAGE, get_nonce(request))
    return response


@require_safe
def preview_html(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Send the HTML part by itself for a frame, in the light scheme or with `?scheme=dark`."""
    scheme = SCHEMES.get(request.GET.get("scheme", ""), SCHEMES["light"])
    content = IssueContent.objects.filter(issue=issue).first()
    markup = _rendered(issue, content).html.replace("(prefers-color-scheme: dark)", scheme.media)
    # A link that was opened inside of the frame would be refused there.
    response = HttpResponse(markup.replace("<head>", '<head><base target="_blank">', 1))
    response[POLICY] = build_policy(_policy_of_mail())
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_safe
def preview_text(_request: HttpRequest, issue: Issue) -> HttpResponse:
    """Send the plain-text part by itself."""
    content = IssueContent.objects.filter(issue=issue).first()
    return HttpResponse(_rendered(issue, content).text, content_type="text/plain; charset=utf-8")


def _rendered(issue: Issue, content: IssueContent | None) -> rendering.Rendered:
    """Return the message as it was sent, or as it would be now."""
    facts = content.facts if content else rendering.facts_of(issue)
    return rendering.render(rendering.without_counting(facts))


def _is_sent(request: HttpRequest, issue: Issue, form: RecipientsForm) -> bool:
    try:
        number = send_test(issue, to=form.cleaned_data["to"], by=request.user)
    except ValidationError as refusal:
        form.add_error("to", refusal)
        return False
    said = ngettext(
        "A test is on its way to %(n)d address.", "A test is on its way to %(n)d addresses.", number
    )
    messages.success(request, said % {"n": number})
    return True


def _policy_of_mail() -> dict[str, Any]:
    """Allow inline styles, which mail needs, and nothing else; only the desk may frame it."""
    return {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "img-src": [CSP.SELF, settings.SITE_URL],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.NONE],
        "frame-ancestors": [CSP.SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
