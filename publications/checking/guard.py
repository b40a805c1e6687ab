"""Where the checker may connect to: the public internet, on the ports of the web."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings

from publications.models import LinkReason

PORTS = {80, 443}
# Addresses of this sort carry an IPv4 address in their last 32 bits (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")


class RefusedError(Exception):
    """The checker does not connect there."""

    def __init__(self, reason: LinkReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Guard:
    """Resolves names to addresses that a stranger's link may make this server connect to.

    The caller connects to the address returned, not to the name: the answer of a
    second look-up could be another one. `anywhere` is for tests, whose servers are local.
    """

    anywhere: bool = False
    look_up: Callable[..., Sequence[Any]] = socket.getaddrinfo

    def address(self, host: str, port: int) -> str:
        """Return the address to connect to; raise RefusedError, or OSError for an unknown name."""
        if port not in PORTS and not self.anywhere:
            raise RefusedError(LinkReason.PORT)
        found = [row[4][0] for row in self.look_up(host, port, type=socket.SOCK_STREAM)]
        if not found:
            raise socket.gaierror
        if not self.anywhere and not all(map(is_public, found)):
            raise RefusedError(LinkReason.PRIVATE)
        return str(found[0])


def guard() -> Guard:
    """Return the guard of this site."""
    return Guard(anywhere=settings.LINK_CHECK_ANYWHERE)


def is_public(text: str) -> bool:
    """Say whether an address belongs to the public internet; what is no address does not."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(each) for each in _meant(address))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _meant(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return the address, or those that it only wraps."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    wrapped: list[IPv4Address | IPv6Address] = [address]
    if address.sixtofour:
        wrapped.append(address.sixtofour)
    if address.teredo:
        wrapped.extend(address.teredo)
    return wrapped
