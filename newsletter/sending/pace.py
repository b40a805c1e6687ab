"""How fast messages may leave: to the mail server as a whole, and to one domain."""

from collections import OrderedDict
from collections.abc import Sequence

from newsletter.sending.queue import Item

# Domains whose last message is remembered.
KEPT = 10_000


class Pace:
    """The share of one sender of what the settings allow; times are seconds of a clock."""

    def __init__(self, per_second: float = 0, domain_per_second: float = 0) -> None:
        self.share = (per_second, domain_per_second)
        self._step = 1 / per_second if per_second else 0.0
        self._domain_step = 1 / domain_per_second if domain_per_second else 0.0
        self._free_at = 0.0
        self._domains: OrderedDict[str, float] = OrderedDict()

    def first_free(self, items: Sequence[Item], now: float) -> tuple[int, float]:
        """Return which item may leave first, and how many seconds from now."""
        if not (self._step or self._domain_step):
            return 0, 0.0
        waits = (max(self._free_at, self._domain_free(item)) - now for item in items)
        wait, place = min((max(0.0, wait), place) for place, wait in enumerate(waits))
        return place, wait

    def left(self, item: Item, now: float) -> None:
        """Note that a message left."""
        self._free_at = max(self._free_at, now) + self._step
        if self._domain_step:
            domain = _domain(item)
            self._domains[domain] = max(self._domain_free(item), now) + self._domain_step
            self._domains.move_to_end(domain)
            if len(self._domains) > KEPT:
                self._domains.popitem(last=False)

    def _domain_free(self, item: Item) -> float:
        return self._domains.get(_domain(item), 0.0) if self._domain_step else 0.0


def _domain(item: Item) -> str:
    return item.address.normalized.rpartition("@")[2] if item.address else ""


class Patience:
    """How long to wait before something is tried again, in seconds: twice as long each time."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = self._next = first
        self._longest = longest

    def longer(self) -> float:
        """Return the next wait."""
        wait = self._next
        self._next = min(2 * wait, self._longest)
        return wait

    def renew(self) -> None:
        """Begin anew, because it went well."""
        self._next = self._first
