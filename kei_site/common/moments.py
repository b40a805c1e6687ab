"""Moments in words, by the site's clock."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kei_site.common.clocks import Reading, offset_in_words


def zone_in_words(moment: datetime) -> str:
    """Name the site's zone and its distance from UTC at a moment."""
    zone = timezone.get_default_timezone()
    name = timezone.get_default_timezone_name()
    return f"{name}, {offset_in_words(moment.astimezone(zone))}"


def moment_in_words(moment: datetime) -> str:
    """Write a moment by the site's clock, with its distance from UTC."""
    here = timezone.localtime(moment)
    return _("%(moment)s (%(offset)s)") % {
        "moment": date_format(here, "DATETIME_FORMAT"),
        "offset": offset_in_words(here),
    }


def skipped(reading: Reading) -> str:
    """Say that a time never comes."""
    return _(
        "There is no such time: on %(day)s the clocks skip from %(from)s to %(to)s, "
        "so choose %(instead)s, for example."
    ) % {
        "day": date_format(_at(reading.change_from), "DATE_FORMAT"),
        "from": _hour(reading.change_from),
        "to": _hour(reading.change_to),
        "instead": _hour(reading.instead),
    }


def twice(reading: Reading) -> str:
    """Say that a time comes twice."""
    return _(
        "This time comes twice: on %(day)s the clocks go back from %(from)s to %(to)s; "
        "say which %(time)s you mean, the first or the second."
    ) % {
        "day": date_format(_at(reading.change_from), "DATE_FORMAT"),
        "from": _hour(reading.change_from),
        "to": _hour(reading.change_to),
        "time": _hour(timezone.localtime(reading.moments[0])),
    }


def ordinal(place: int) -> str:
    """Say which of two equal times this is."""
    return _("the first, %(offset)s") if place == 1 else _("the second, %(offset)s")


def _at(moment: datetime | None) -> datetime:
    return moment or datetime.min  # noqa: DTZ901 - a change always has its two ends


def _hour(moment: datetime | None) -> str:
    return date_format(_at(moment), "TIME_FORMAT")
