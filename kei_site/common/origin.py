"""Where a request comes from: which site, which network."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

IPV4_KEPT = 24
IPV6_KEPT = 48


def is_cross_site(request: HttpRequest) -> bool:
    """Say whether the browser tells that another site made it send this request.

    The check stands in for a CSRF token where a page must work without a
    cookie. A client that sends neither header is not a browser that somebody
    else could steer.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site", "")
    if fetched_from in {"same-origin", "none"}:
        return False
    if fetched_from == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return origin is not None and _host(origin) not in {
        request.get_host().lower(),
        _host(settings.SITE_URL),
    }


def client_network(request: HttpRequest) -> str:
    """Return the visitor's network, such as 192.0.2.0/24, or nothing when it is not known.

    The address itself is never kept. X-Forwarded-For is believed only behind a
    proxy, and only its last entry: that is the one our own proxy wrote.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        text = request.headers.get("X-Forwarded-For", text).rpartition(",")[2].strip()
    try:
        return _cut(ip_address(text))
    except ValueError:
        return ""


def _cut(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((int(address), IPV6_KEPT), strict=False))
        address = address.ipv4_mapped
    return str(IPv4Network((int(address), IPV4_KEPT), strict=False))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
