"""Which requests count as a search, and which as opening what it found."""

import re
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from publications.actions.tallying import tally_opening, tally_search

# Everybody who names a program, a library or an address; no browser does.
PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|https?:|curl|wget|python|java/|go-http|headless",
    re.IGNORECASE,
)


def count_search(request: HttpRequest, typed: str, found: int) -> None:
    """Count a search of a reader: not a refresh while typing, not a program's."""
    if _is_a_reader(request) and request.headers.get("X-Requested-With") != "typing":
        tally_search(typed, found)


def count_opening(request: HttpRequest) -> None:
    """Count a page that was opened from our search page; nothing is asked for any other."""
    referrer = request.META.get("HTTP_REFERER", "")
    if "q=" in referrer and _is_a_reader(request) and (typed := _searched(request, referrer)):
        tally_opening(typed)


def _is_a_reader(request: HttpRequest) -> bool:
    """Say whether a person looks at the page: no program, no page fetched ahead, no staff."""
    program = request.META.get("HTTP_USER_AGENT", "")
    return (
        request.method == "GET"
        and bool(program)
        and not PROGRAM.search(program)
        and "HTTP_SEC_PURPOSE" not in request.META
        # Only who signs in has a session; staff try out what readers searched.
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _searched(request: HttpRequest, referrer: str) -> str:
    """Return the words in the address of our search page, nothing for any other address."""
    try:
        address = urlsplit(referrer)
        words = parse_qs(address.query, max_num_fields=100).get("q", [""])
    except ValueError:
        return ""
    ours = address.netloc.lower() == request.get_host().lower()
    return words[-1] if ours and address.path == reverse("publications:search") else ""
