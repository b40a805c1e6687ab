"""How often one may ask: counters in the database, right across all processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from newsletter.models import Counter

# One statement, so that two requests at once can never both be the first.
COUNT = """
INSERT INTO newsletter_counter AS counter (key, hits, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE LEAST(counter.hits, %(most)s) + 1 END,
    ends_at = CASE WHEN counter.ends_at <= %(now)s THEN EXCLUDED.ends_at ELSE counter.ends_at END
RETURNING hits
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within a span that begins with the first."""

    name: str
    most: int
    within: timedelta

    def admits(self, who: str = "") -> bool:
        """Count one use by `who` and say whether it is within the limit."""
        now = timezone.now()
        values: dict[str, str | int | datetime] = {
            "key": self._key(who),
            "most": self.most,
            "now": now,
            "ends_at": now + self.within,
        }
        with connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            hits: int = cursor.fetchone()[0]
        return hits <= self.most

    def give_back(self, who: str = "") -> None:
        """Take back one use that came to nothing."""
        Counter.objects.filter(key=self._key(who), hits__gte=1).update(
            hits=Least(F("hits"), self.most) - 1
        )

    def _key(self, who: str) -> str:
        return f"{self.name}:{who}"


HOUR = timedelta(hours=1)
REQUESTS_OF_A_NETWORK = Limit("network", 60, HOUR)
REQUESTS_OF_ALL = Limit("all", 1000, HOUR)
MAILS_AN_HOUR = Limit("hour", 1, HOUR)
DAY = timedelta(days=1)
MAILS_A_DAY = Limit("day", 3, DAY)
# The proof of each change can never be deleted.
CHANGES_A_DAY = Limit("change", 100, DAY)
MOVES_A_DAY = Limit("move", 20, DAY)


def may_ask(network: str) -> bool:
    """Count a request and say whether its network and the site as a whole may still ask."""
    return REQUESTS_OF_A_NETWORK.admits(network) and REQUESTS_OF_ALL.admits()


def may_mail(address_hash: str) -> bool:
    """Count a mail and say whether the address may still get one; a refusal uses up nothing."""
    return MAILS_AN_HOUR.admits(address_hash) and MAILS_A_DAY.admits(address_hash)


def give_mail_back(address_hash: str) -> None:
    """Let the address ask again at once: its mail did not leave."""
    MAILS_AN_HOUR.give_back(address_hash)
    MAILS_A_DAY.give_back(address_hash)


def may_change(address_hash: str) -> bool:
    """Count a change of preferences and say whether the subscriber may still make one."""
    return CHANGES_A_DAY.admits(address_hash)


def may_move(address_hash: str, network: str) -> bool:
    """Count a change of address that a subscriber asks for and say whether it may be asked."""
    return may_ask(network) and MOVES_A_DAY.admits(address_hash)
