"""What a browser calls itself, in words a person recognizes."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kei_site.common.origin import client_network
from publications.actions.security import NOWHERE, Place

# The first that is found counts: most claim to be several others as well.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Whale/", "Whale"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
MOST_LETTERS = 400


def in_words(user_agent: str) -> str:
    """Return such as “Firefox, Windows”; nothing is kept of what is not known. Never fails."""
    text = user_agent[:MOST_LETTERS]
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return ", ".join(filter(None, (browser, system))) or _("Another program")


def place_of(request: HttpRequest | None) -> Place:
    """Return where a request comes from."""
    if request is None:
        return NOWHERE
    return Place(client_network(request), in_words(request.META.get("HTTP_USER_AGENT", "")))
