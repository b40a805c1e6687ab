"""Signing up: the form, its answer, and the link in the mail."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kei_site.common.origin import client_network, is_cross_site
from newsletter.actions import subscribing
from newsletter.actions.consenting import Circumstances
from newsletter.confirming import LinkState, look_up, state_of, subscriptions_of
from newsletter.forms import SubscribeForm
from newsletter.traps import tag_without
from newsletter.views.answers import link_answer, link_problem
from newsletter.wording import CONSENT_TEXT
from publications.views.pages import render_page

ADDRESS_KEPT = 500


# Exempt from the CSRF token because readers have no cookie; `is_cross_site` stands in for it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the sign-up page, or take a sign-up from any page of the site."""
    if request.method != "POST":
        return show_form(request, SubscribeForm())
    form = SubscribeForm(request.POST)
    if is_cross_site(request):
        reason = _("This was sent from another site, so nothing was stored. Sign up here instead.")
        return show_form(request, form, HTTPStatus.FORBIDDEN, problem=reason)
    if form.is_from_a_robot:
        return redirect("newsletter:check_mail")
    if not form.is_valid():
        return show_form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        subscribing.request(sign_up_from(request, form))
    except ValidationError as error:
        return show_form(request, form, HTTPStatus.TOO_MANY_REQUESTS, problem=error.messages[0])
    return redirect("newsletter:check_mail")


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Answer every sign-up in the same words, whoever the address belongs to."""
    return render_page(request, "newsletter/check_mail.html", {}, cacheable=False)


@csrf_exempt  # Whoever posts knows the token, which is more than a CSRF token proves.
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that confirms; only pressing it changes anything."""
    confirmation = look_up(token)
    if confirmation is None:
        return link_problem(request, LinkState.UNKNOWN)
    if request.method == "POST":
        where = circumstances(request, reverse("newsletter:subscribe"))
        state = subscribing.confirm(confirmation, where=where)
    else:
        state = state_of(confirmation, subscriptions_of(confirmation))
    return link_answer(request, state, confirmation)


def show_form(
    request: HttpRequest, form: SubscribeForm, status: int = HTTPStatus.OK, *, problem: str = ""
) -> HttpResponse:
    """Show the sign-up page with what was typed and what is wrong with it."""
    response = render_page(
        request,
        "newsletter/subscribe.html",
        {"form": form, "problem": problem, "consent_text": CONSENT_TEXT},
        status=status,
        cacheable=not form.is_bound,
    )
    if not form.is_bound:
        response["ETag"] = tag_without(form.shown, response.content)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "3600"
    return response


def sign_up_from(request: HttpRequest, form: SubscribeForm) -> subscribing.SignUp:
    """Gather what a visitor asked for."""
    return subscribing.SignUp(
        address=form.cleaned_data["email"],
        lists=form.cleaned_data["lists"],
        language=(get_language() or "en")[:2],
        where=circumstances(request, _page_of_the_form(request)),
    )


def circumstances(request: HttpRequest, form_address: str) -> Circumstances:
    """Note from where, but not who: the address of the visitor is cut."""
    return Circumstances(form_address=form_address, network=client_network(request))


def _page_of_the_form(request: HttpRequest) -> str:
    """Return the path of our page that held the form, as far as the browser tells."""
    try:
        path = urlsplit(request.headers.get("Referer", "")).path
    except ValueError:
        path = ""
    return (path or request.path)[:ADDRESS_KEPT].replace("\x00", "")
