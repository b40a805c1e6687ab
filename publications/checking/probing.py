"""The questions that one address takes: a generator that asks for requests and makes none."""

from urllib.parse import urljoin

from django.conf import settings

from publications.checking.fetching import PAGE_CAP, Answer, Failure, Request
from publications.checking.robots import REDIRECT_CODES, REDIRECTS, Asking, Robots
from publications.checking.verdicts import Trip, Verdict, judge
from publications.hyperlinks import checkable
from publications.models import LinkReason

PERMANENT = {301, 308}


def probe(url: str, robots: Robots) -> Asking[Verdict]:
    """Ask for the head, and for the page where its words decide or the server knows no heads."""
    trip = yield from _travel(Request("HEAD", url), robots)
    if _is_settled(trip):
        return judge(trip)
    trip = yield from _travel(Request("GET", url, PAGE_CAP), robots)
    return judge(trip)


def _is_settled(trip: Trip) -> bool:
    """Say whether the head says it all: a file that is there, or a server that is not."""
    if isinstance(trip.found, Failure):
        return trip.found.reason not in {LinkReason.PROTOCOL, LinkReason.TIMEOUT}
    if 200 <= trip.found.code < 300:
        return "html" not in trip.found.content_type.lower()
    return trip.found.code == 429


def _travel(request: Request, robots: Robots) -> Asking[Trip]:
    """Follow redirects; each address is asked for only if its site lets us."""
    start = here = request.url
    permanent, seen = True, {here}
    for _hop in range(REDIRECTS + 1):
        refusal = yield from robots.ask(here)
        if refusal:
            return Trip(start, here, refusal, permanent)
        found = yield Request(request.method, here, request.cap)
        if isinstance(found, Failure):
            return Trip(start, here, found, permanent)
        if found.code not in REDIRECT_CODES or not found.location:
            return Trip(start, here, found, permanent)
        permanent = permanent and found.code in PERMANENT
        onward = _onward(here, found.location)
        if onward is None:
            return Trip(start, here, Failure(LinkReason.PROTOCOL), permanent)
        if onward.startswith("/"):
            # Back to our own site, which nobody needs to ask from outside.
            return Trip(start, f"{settings.SITE_URL}{onward}", Answer(200), permanent)
        if onward in seen:
            return Trip(start, here, Failure(LinkReason.REDIRECTS), permanent)
        seen.add(onward)
        here = onward
    return Trip(start, here, Failure(LinkReason.REDIRECTS), permanent)


def _onward(here: str, location: str) -> str | None:
    try:
        return checkable(urljoin(here, location))
    except ValueError:
        return None
