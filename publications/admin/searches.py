"""What readers search: a report, and the way from a search to its remedy."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kei_site.common.read_only import ReadOnly
from publications.actions.tallying import KEPT
from publications.models import SearchTally
from publications.search.insight import Day, Period, read_insight

SHOWN = 30
EXPORTED = 10_000
SPANS = (30, 90, 365)
# The chart is as high as this and one wide for each day; the page stretches it.
HEIGHT = 200
# A spreadsheet would run what begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Bar(NamedTuple):
    """A day in the chart: how high, and how much of it found nothing."""

    place: int
    label: str
    height: int
    empty: int

    @property
    def top(self) -> int:
        """Return where the bar begins, from above."""
        return HEIGHT - self.height

    @property
    def empty_top(self) -> int:
        """Return where the part that found nothing begins."""
        return HEIGHT - self.empty


@admin.register(SearchTally)
class SearchTallyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """The report in place of a list of rows; nobody writes here."""

    def get_urls(self) -> list[Any]:
        export = path(
            "csv/", self.admin_site.admin_view(self.csv_view), name="publications_searchtally_csv"
        )
        return [export, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was searched in a period."""
        period = self._period(request)
        insight = read_insight(period, most=SHOWN)
        most = max(insight.days, key=lambda day: day.searches)
        today = timezone.localdate()
        return TemplateResponse(
            request,
            "admin/publications/searchtally/report.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("What readers search"),
                "period": period,
                "insight": insight,
                "bars": bars(insight.days, most.searches),
                "most": most,
                "height": HEIGHT,
                "earliest": today - KEPT,
                "today": today,
                "spans": [(span, last_days(span)) for span in SPANS],
                "synonym_url": add_url(request, "synonym"),
                "best_bet_url": add_url(request, "bestbet"),
                **(extra_context or {}),
            },
        )

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """Hand out all that was searched in a period, for a spreadsheet."""
        period = self._period(request)
        name = f"searches-{period.first}-{period.last}.csv"
        response = HttpResponse(
            # Without this mark a spreadsheet takes Hangul for something else.
            "\ufeff",
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
        lines = csv.writer(response)
        lines.writerow([_("search"), _("searches"), _("found nothing"), _("opened a result")])
        lines.writerows(
            (harmless(query), *numbers)
            for query, *numbers in read_insight(period, most=EXPORTED).top
        )
        return response

    def _period(self, request: HttpRequest) -> Period:
        """Return the period in the address, for those who may see the report."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return period_from(request.GET)


def period_from(typed: Mapping[str, str]) -> Period:
    """Read `since` and `until`, both as far as the tally goes back; the last 30 days by default."""
    usual = last_days(SPANS[0])
    first, last = _day(typed.get("since", "")), _day(typed.get("until", ""))
    earliest = usual.last - KEPT
    until = min(max(last or usual.last, earliest), usual.last)
    return Period(min(max(first or until - timedelta(days=SPANS[0] - 1), earliest), until), until)


def last_days(number: int) -> Period:
    """Return the period of so many days that ends today."""
    today = timezone.localdate()
    return Period(today - timedelta(days=number - 1), today)


def bars(days: Sequence[Day], most: int) -> list[Bar]:
    """Draw each day to the scale of the one with the most searches."""

    def height(number: int) -> int:
        # Whatever is not nothing can be seen.
        return max(HEIGHT * number // most, 2) if number else 0

    return [
        Bar(
            place,
            f"{date_format(day.day, 'M j')}: {day.searches}",
            height(day.searches),
            height(day.empty),
        )
        for place, day in enumerate(days)
    ]


def harmless(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def add_url(request: HttpRequest, model: str) -> str:
    """Return where a thing of this model is added, nothing for those who may not."""
    allowed = request.user.has_perm(f"publications.add_{model}")
    return reverse(f"admin:publications_{model}_add") if allowed else ""


def _day(typed: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(typed)
    return None
