"""Following a link of an issue."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kei_site.common.origin import client_network
from newsletter.actions.clicking import count_click
from newsletter.mail.clicks import read_click
from newsletter.models import IssueLink
from publications.views.pages import FOR_ONE_PERSON

MACHINES = re.compile(
    r"(?<!cu)bot\b|bot[/_-]|crawl|spider|slurp|scan|preview|prefetch|proxy|headless|phantom|validator|monitor"
    r"|curl|wget|python|java/|okhttp|go-http|libwww|httpclient|axios|node-fetch|guzzle|ruby"
    r"|barracuda|mimecast|proofpoint|ironport|symantec|trend ?micro|safelinks|facebookexternalhit",
    re.IGNORECASE,
)
# Browsers that load a page before somebody asks for it say so in one of these.
AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@require_safe
def go(request: HttpRequest, signed: str) -> HttpResponse:
    """Lead on to the stored address of a link: nothing in the request chooses where."""
    click = read_click(signed)
    link = click and IssueLink.objects.filter(issue=click.issue_id, number=click.number).first()
    if not link:
        raise Http404(_("We do not know this link. It may have been cut in two by a mail program."))
    response = HttpResponseRedirect(link.url)
    count_click(link, network=client_network(request), is_machine=is_machine(request))
    response["Cache-Control"] = FOR_ONE_PERSON
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def is_machine(request: HttpRequest) -> bool:
    """Say whether a program asks that nobody is looking at."""
    agent = request.headers.get("User-Agent", "")
    ahead = " ".join(request.headers.get(name, "") for name in AHEAD_OF_TIME).lower()
    return (
        request.method == "HEAD"
        or not agent.strip()
        or MACHINES.search(agent) is not None
        or "prefetch" in ahead
        or "preview" in ahead
    )
