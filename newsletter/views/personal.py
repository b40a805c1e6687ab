"""Pages that open by a personal link from a message."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kei_site.common.origin import client_network
from newsletter.actions.consenting import Circumstances
from newsletter.confirming import LinkState
from newsletter.mail.links import Recipient, read_token
from newsletter.views.answers import link_problem
from publications.views.pages import render_page

type PersonalView = Callable[[HttpRequest, Recipient], HttpResponse]


def personal(view: PersonalView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Hand a view the recipient of the message that held the link; nobody else gets in.

    There is neither cookie nor CSRF token: whoever posts knows the link, which is
    more than a token proves. The link never ends, so it must not travel on in a
    Referer, not even to our own pages, which note where a form stood.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, signed: str) -> HttpResponse:
        recipient = read_token(signed)
        if recipient is None:
            return link_problem(request, LinkState.UNKNOWN)
        response = view(request, recipient)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return answer


def personal_page(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page that nobody keeps."""
    template = f"newsletter/{name}.html"
    return render_page(request, template, context, status=status, cacheable=False)


def nothing_stored(request: HttpRequest) -> HttpResponse:
    """Answer a link whose person was erased."""
    return personal_page(request, "nothing_stored", {})


def circumstances(request: HttpRequest, page: str) -> Circumstances:
    """Note from where, but not who: the network is cut, and the page named without its link."""
    return Circumstances(f"{reverse('newsletter:subscribe')}{page}/", client_network(request))
