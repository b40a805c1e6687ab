"""When the invented works appeared: since 1991, and more of them every year."""

from datetime import datetime, timedelta
from random import Random

FIRST_YEAR = 1991
# Share of the span that grows evenly; the rest grows with the square of the rank.
EVEN = 0.12
OPENS, CLOSES = 8, 17
LAST_WEEKDAY = 4


def moment(rank: float, today: datetime, rng: Random) -> datetime:
    """Return a working hour: `rank` 0 is the newest work and 1 the oldest."""
    span = today - today.replace(year=FIRST_YEAR, month=3, day=1)
    return office_hour(today - span * (EVEN * rank + (1 - EVEN) * rank * rank), today, rng)


def office_hour(about: datetime, today: datetime, rng: Random) -> datetime:
    """Return a moment on a working day near `about` and before `today`."""
    found = about.replace(
        hour=rng.randrange(OPENS, CLOSES), minute=rng.randrange(0, 60, 5), second=0, microsecond=0
    )
    while found >= today or found.weekday() > LAST_WEEKDAY:
        found -= timedelta(days=1)
    return found


def later(days: int, today: datetime, rng: Random) -> datetime:
    """Return a moment that many days ahead, in the morning."""
    return (today + timedelta(days=days)).replace(
        hour=rng.randrange(OPENS, 12), minute=rng.randrange(0, 60, 15), second=0, microsecond=0
    )
