"""What a clock on the wall shows, and which moment that is: the nights on which clocks change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

# A zone may leave out a whole day (Samoa, 30 December 2011).
LONGEST_CHANGE = 25 * 60


@dataclass(frozen=True, slots=True)
class Reading:
    """Which moments a wall clock means, in UTC: one, none, or two.

    Where it is not one, the clock went from `change_from` to `change_to`; a reading that
    never was comes with the moment that a clock which was not set forward would mean.
    """

    moments: tuple[datetime, ...]
    change_from: datetime | None = None
    change_to: datetime | None = None
    instead: datetime | None = None


def read_clock(shown: datetime, zone: tzinfo) -> Reading:
    """Return the moments at which clocks of `zone` show this naive date and time."""
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # In their own zone, two equal times would be equal to no moment at all (PEP 495).
    moments = first.astimezone(UTC), second.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return Reading(moments[:1])
    change = abs((first.utcoffset() or timedelta()) - (second.utcoffset() or timedelta()))
    if _is_shown(first):
        begin = _begin(shown, lambda each: _is_twice(each, zone))
        return Reading(moments, begin + change, begin)
    begin = _begin(shown, lambda each: not _is_shown(each.replace(tzinfo=zone)))
    instead = first.astimezone(UTC).astimezone(zone)
    return Reading((), begin, begin + change, instead)


def offset_in_words(moment: datetime) -> str:
    """Write how far the clock of an aware moment is from UTC, such as UTC−4 or UTC+5:30."""
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def _is_shown(moment: datetime) -> bool:
    """Say whether the clocks of its zone ever show what `moment` says."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _is_twice(shown: datetime, zone: tzinfo) -> bool:
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset() and _is_shown(first)


def _begin(shown: datetime, belongs: Callable[[datetime], bool]) -> datetime:
    """Go back minute by minute to where the stretch begins that `shown` lies in."""
    begin = shown.replace(second=0, microsecond=0)
    for _minute in range(LONGEST_CHANGE):
        before = begin - timedelta(minutes=1)
        if not belongs(before):
            break
        begin = before
    return begin
