"""Addresses of the site's own pages."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse

KEPT = 2000


def path_to(view: str, *arguments: object) -> str:
    """Return the path of a page, as `reverse` does; a list asks for few paths many times."""
    return _path(get_script_prefix(), view, arguments)


def site_host() -> str:
    """Return the host of SITE_URL as it stands behind the @ (RFC 5321, 4.1.3 for IPv6)."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host.encode("idna").decode()


@lru_cache(KEPT)
def _path(_prefix: str, view: str, arguments: tuple[object, ...]) -> str:
    return reverse(view, args=arguments)
