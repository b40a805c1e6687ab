"""Asking name servers."""

from collections.abc import Callable
from typing import Any

import dns.exception
import dns.resolver
import dns.reversename

SECONDS = 5


class CouldNotAskError(Exception):
    """No name server answered."""


class Names:
    """A resolver: the system's, or the one at an address and a port."""

    def __init__(self, address: str = "", port: int = 53) -> None:
        self._resolver: dns.resolver.Resolver | None = None
        self._silence = "the system names no resolver"
        try:
            self._resolver = dns.resolver.Resolver(configure=not address)
        except dns.resolver.NoResolverConfiguration:
            return
        if address:
            self._resolver.nameservers = [address]
            self._resolver.port = port

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each as one piece."""
        return self._ask(name, "TXT", lambda each: b"".join(each.strings).decode(errors="replace"))

    def mail_hosts(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain, the best first; a null MX is ""."""
        ranked = self._ask(name, "MX", lambda each: (each.preference, _plain(each.exchange)))
        return [host for _preference, host in sorted(ranked)]

    def addresses(self, name: str) -> list[str]:
        """Return the IP addresses of a host."""
        return [
            address
            for kind in ("A", "AAAA")
            for address in self._ask(name, kind, lambda each: str(each.address))
        ]

    def names_of(self, address: str) -> list[str]:
        """Return the names that an IP address says it has."""
        pointer = _plain(dns.reversename.from_address(address))
        return self._ask(pointer, "PTR", lambda each: _plain(each.target))

    def _ask[T](self, name: str, kind: str, read: Callable[[Any], T]) -> list[T]:
        if self._resolver is None:
            raise CouldNotAskError(self._silence)
        try:
            answer = self._resolver.resolve(name, kind, lifetime=SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.resolver.LifetimeTimeout as error:
            # The others would each wait as long for nothing.
            self._resolver, self._silence = None, "no resolver answers"
            raise CouldNotAskError(self._silence) from error
        except dns.exception.DNSException as error:
            raise CouldNotAskError(str(error)) from error
        return [read(each) for each in answer]


def _plain(name: Any) -> str:
    return str(name).rstrip(".").lower()
