"""What a link from a mail leads to, good or bad."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from newsletter.confirming import LinkState
from newsletter.models import Confirmation
from publications.views.pages import render_page

STATUS = {
    LinkState.UNKNOWN: HTTPStatus.NOT_FOUND,
    LinkState.EXPIRED: HTTPStatus.GONE,
    LinkState.ENDED: HTTPStatus.GONE,
}
PAGES = {
    LinkState.OPEN: "newsletter/confirm.html",
    LinkState.DONE: "newsletter/confirmed.html",
}


def link_answer(request: HttpRequest, state: LinkState, confirmation: Confirmation) -> HttpResponse:
    """Show what the link to confirm is worth."""
    if state not in PAGES:
        return link_problem(request, state)
    facts = {"address": confirmation.subscriber.address, "lists": confirmation.lists.all()}
    return render_page(request, PAGES[state], facts, cacheable=False)


def link_problem(request: HttpRequest, state: LinkState) -> HttpResponse:
    """Say why a link does nothing, and show a way on."""
    return render_page(
        request,
        "newsletter/link_problem.html",
        {"problem": state.name},
        status=STATUS[state],
        cacheable=False,
    )
