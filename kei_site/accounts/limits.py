"""How often a password may be tried: counted in the database, right across all processes."""

from datetime import datetime, timedelta

from kei_site.common.signing import keyed_hash
from newsletter.models import Counter
from newsletter.throttle import Limit

SPAN = timedelta(minutes=15)
# Somebody elsewhere who tries passwords does not lock out the person themselves.
OF_A_NAME_THERE = Limit("sign-in", 5, SPAN)
OF_A_NETWORK = Limit("sign-in-network", 50, SPAN)
# One who tries from many networks is slowed down all the same.
OF_A_NAME = Limit("sign-in-name", 100, timedelta(hours=1))

type Use = tuple[Limit, str]


def uses_of(name: str, network: str) -> list[Use]:
    """Return what a try with this name from this network counts against, the narrowest first."""
    known = keyed_hash("sign-in", name.strip().casefold())[:32]
    return [
        (OF_A_NAME_THERE, keyed_hash("sign-in", f"{known} {network}")[:32]),
        (OF_A_NETWORK, network),
        (OF_A_NAME, known),
    ]


def take(uses: list[Use]) -> datetime | None:
    """Count a try; return until when one has to wait, None where there is no need to.

    It is counted before the password is looked at, so that many tries at once gain nothing.
    A refused one counts no further.
    """
    for at, (limit, who) in enumerate(uses):
        if not limit.admits(who):
            give_back(uses[:at])
            ends: datetime = Counter.objects.values_list("ends_at", flat=True).get(
                key=f"{limit.name}:{who}"
            )
            return ends
    return None


def is_spent(uses: list[Use]) -> bool:
    """Say whether the next try with this name from this network will be refused."""
    limit, who = uses[0]
    return Counter.objects.filter(key=f"{limit.name}:{who}", hits=limit.most).exists()


def give_back(uses: list[Use]) -> None:
    """Take back a try whose password was right."""
    for limit, who in uses:
        limit.give_back(who)
