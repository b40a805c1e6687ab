"""The calendar of the desk: what goes out when, of publications and newsletter alike."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kei_site.common.calendars import Entry, Mover, Source
from kei_site.common.moments import moment_in_words, zone_in_words
from newsletter import calendar as newsletter_calendar
from publications import calendar as publications_calendar

SOURCES: Sequence[Source] = (publications_calendar.entries, newsletter_calendar.entries)
MOVERS: Mapping[str, Mover] = {**publications_calendar.MOVERS, **newsletter_calendar.MOVERS}
# A day of the month has room for so many; the list shows them all.
IN_A_DAY = 5
RIGHTS = (
    "publications.view_publication",
    "publications.view_spotlight",
    "newsletter.view_issue",
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day and what happens on it."""

    date: date
    entries: Sequence[Entry]
    is_today: bool
    is_outside: bool

    @property
    def shown(self) -> Sequence[Entry]:
        """What the month has room for."""
        return self.entries[:IN_A_DAY]

    @property
    def more(self) -> int:
        """How much more there is."""
        return max(len(self.entries) - IN_A_DAY, 0)


def may_see_calendar(user: Any) -> bool:
    """Say whether there is anything in the calendar for an account."""
    return any(user.has_perm(right) for right in RIGHTS)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month: as weeks, or as a list of what happens."""
    if not may_see_calendar(request.user):
        raise PermissionDenied
    month = month_from(request.GET.get("month", ""))
    as_list = request.GET.get("view") == "list"
    days = _days(request.user, month)
    inside = [day for day in days if not day.is_outside]
    context = {
        **admin.site.each_context(request),
        "title": _("Calendar"),
        "month": month,
        "as_list": as_list,
        "days": [day for day in inside if day.entries or day.is_today] if as_list else days,
        "is_empty": not any(day.entries for day in inside),
        "weekdays": [WEEKDAYS[day] for day in _weeks().iterweekdays()],
        "before": month_before(month),
        "after": month_after(month),
        "this_month": timezone.localdate().replace(day=1),
        "zone": zone_in_words(timezone.now()),
    }
    return TemplateResponse(request, "admin/calendar.html", context)


def move(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Ask for another time of an entry, and set it."""
    mover, thing = _found(sort, pk)
    if not mover.may(request.user, thing):
        raise PermissionDenied
    form = mover.form(request.POST if request.method == "POST" else None,
                      initial=mover.initial(thing))  # fmt: skip
    if form.is_bound and form.is_valid() and _is_moved(request, mover, thing, form):
        moment = next((each for each in form.cleaned_data.values() if each), None)
        said = _("“%(title)s” was moved to %(moment)s.") if moment else _("“%(title)s” stays.")
        facts = {"title": thing, "moment": moment_in_words(moment) if moment else ""}
        messages.success(request, said % facts)
        return HttpResponseRedirect(address_of(timezone.localdate(moment)))
    context = {
        **admin.site.each_context(request),
        "title": mover.heading,
        "thing": thing,
        "form": form,
        "back": address_of(timezone.localdate()),
    }
    return TemplateResponse(request, "admin/calendar_move.html", context)


def month_from(typed: str) -> date:
    """Read a month such as 2026-12; this month for anything else."""
    try:
        month = date.fromisoformat(f"{typed}-01")
    except ValueError:
        month = timezone.localdate().replace(day=1)
    # Room for the weeks around it.
    return month if MINYEAR + 1 < month.year < MAXYEAR - 1 else timezone.localdate().replace(day=1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def address_of(day: date) -> str:
    """Return the address of the month that a day is in."""
    return f"{reverse('admin:calendar')}?month={day:%Y-%m}"


def _days(user: Any, month: date) -> list[Day]:
    dates = list(_weeks().itermonthdates(month.year, month.month))
    happens: dict[date, list[Entry]] = defaultdict(list)
    since, until = _midnight(dates[0]), _midnight(dates[-1] + timedelta(days=1))
    found = [entry for source in SOURCES for entry in source(user, since, until)]
    for entry in sorted(found, key=lambda each: (each.at, each.sort, each.pk)):
        happens[timezone.localdate(entry.at)].append(entry)
    today = timezone.localdate()
    return [Day(day, happens[day], day == today, day.month != month.month) for day in dates]


def _weeks() -> Calendar:
    """Begin weeks on the day that the language does; Python counts from Monday."""
    return Calendar((int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _found(sort: str, pk: int) -> tuple[Mover, Model]:
    mover = MOVERS.get(sort)
    thing = mover.find(pk) if mover else None
    if mover is None or thing is None:
        raise Http404(_("There is nothing to be moved: it is out, or was taken back."))
    return mover, thing


def _is_moved(request: HttpRequest, mover: Mover, thing: Any, form: Any) -> bool:
    try:
        mover.move(thing, request.user, form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    admin.site.get_model_admin(type(thing)).log_change(request, thing, str(mover.heading))
    return True
