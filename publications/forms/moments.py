"""A date and a time on the site's clock: one field for every moment that staff set."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from kei_site.common.clocks import Reading, offset_in_words, read_clock
from kei_site.common.moments import moment_in_words, ordinal, skipped, twice, zone_in_words

# The clocks of whole zones are known for these years, with room for their offsets.
YEARS = range(1800, 10_000)


class Typed(NamedTuple):
    """What the parts of the field hold: a day, a time, and which of two equal times."""

    day: str = ""
    time: str = ""
    which: str = ""


class MomentWidget(forms.Widget):
    """A day and a time, each in the browser's own field: keyboard and phone know them.

    Which of two equal times is meant, in the night in which clocks go back, is asked for
    only where it matters.
    """

    template_name = "publications/forms/moment.html"
    # A chosen time has no seconds, and what was stored keeps those that nobody saw.
    supports_microseconds = False
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> Typed:
        """Collect the parts."""
        return Typed(*(str(data.get(f"{name}_{part}") or "").strip() for part in range(3)))

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: Any, name: str) -> bool:
        """Say whether the form had this field at all."""
        return all(f"{name}_{part}" not in data for part in range(2))

    def id_for_label(self, _id: str) -> str:
        """Name no part: the whole is a group with a legend."""
        return ""

    def _render(self, template_name: str, context: Any, _renderer: Any = None) -> str:
        # The forms' own renderer knows the templates of applications only.
        return render_to_string(template_name, context)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Show a stored moment by the site's clock, or what was typed as it was typed."""
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, Typed) else typed_from(value)
        reading = reading_of(typed)
        moments = reading.moments if reading else ()
        shown = value if isinstance(value, datetime) else next(iter(moments), timezone.now())
        context["widget"] |= {
            "typed": typed,
            "zone": zone_in_words(shown),
            "zone_name": timezone.get_default_timezone_name(),
            "choices": [
                (
                    str(place),
                    ordinal(place) % {"offset": offset_in_words(timezone.localtime(each))},
                )
                for place, each in enumerate(moments, start=1)
            ]
            if len(moments) > 1
            else [],
        }
        return context


class MomentField(forms.Field):
    """A moment on the site's clock; a time that the clock skips or shows twice is explained."""

    widget = MomentWidget

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts | {"show_hidden_initial": False})

    def prepare_value(self, value: Any) -> Any:
        """Take away what the widget cannot show."""
        return value() if callable(value) else value

    def to_python(self, value: Any) -> datetime | None:
        """Read what was typed; nothing typed is no moment."""
        typed = value if isinstance(value, Typed) else typed_from(value)
        if not typed.day and not typed.time:
            return None
        return read_moment(typed)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what a person sees: the day, the time, and which of two equal times."""
        if self.disabled:
            return False
        before = typed_from(initial() if callable(initial) else initial)
        typed = data if isinstance(data, Typed) else typed_from(data)
        return _as_seen(before) != _as_seen(typed)


def read_moment(typed: Typed) -> datetime:
    """Return the moment that is meant; say in plain words why there is none."""
    reading = reading_of(typed)
    if reading is None and _is_half(typed):
        raise ValidationError(_("Give both a day and a time."), code="incomplete")
    if reading is None:
        raise ValidationError(
            _("Enter a valid date and time: the day as 2026-12-31, the time as 17:30."),
            code="invalid",
        )
    if not reading.moments:
        raise ValidationError(skipped(reading), code="skipped")
    if len(reading.moments) > 1 and typed.which not in {"1", "2"}:
        raise ValidationError(twice(reading), code="twice")
    return reading.moments[int(typed.which or "1") - 1 if len(reading.moments) > 1 else 0]


def reading_of(typed: Typed) -> Reading | None:
    """Return which moments the parts may mean; None for what is no day or no time."""
    try:
        day, hour = _day(typed.day), _time(typed.time)
        if day is None or hour is None or day.year not in YEARS:
            return None
        return read_clock(datetime.combine(day, hour), timezone.get_default_timezone())
    except (ValueError, OverflowError):
        return None


def typed_from(value: Any) -> Typed:
    """Return what the parts hold for a stored moment."""
    if not isinstance(value, datetime):
        return Typed()
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = f"{here:%H:%M:%S}" if here.second else f"{here:%H:%M}"
    return Typed(f"{here:%Y-%m-%d}", hour, "2" if here.fold else "1")


def ensure_to_come(moment: datetime | None) -> None:
    """Refuse a moment that is past."""
    if moment is not None and moment <= timezone.now():
        raise ValidationError(
            _("This moment is past: it was %(moment)s. Choose a later one."),
            code="past",
            params={"moment": moment_in_words(moment)},
        )


def _as_seen(typed: Typed) -> tuple[Any, ...]:
    """Return what tells two entries apart; of two equal times, the first is the usual one."""
    reading = reading_of(typed)
    if reading is None:
        return typed.day, typed.time
    moments = reading.moments
    place = 1 if typed.which == "2" and len(moments) > 1 else 0
    return (moments[place],) if moments else (typed.day, typed.time)


def _is_half(typed: Typed) -> bool:
    """Say whether one part is missing and the other is fine."""
    filled = Typed(typed.day or "2026-01-01", typed.time or "12:00")
    return (not typed.day or not typed.time) and reading_of(filled) is not None


def _day(text: str) -> date | None:
    return parse_date(text)


def _time(text: str) -> time | None:
    found = parse_time(text)
    return found.replace(tzinfo=None, microsecond=0) if found else None
