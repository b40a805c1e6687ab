"""Statistics at the desk: of one issue, and of lists over time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from kei_site.common.charts import Chart, bar_chart
from newsletter import statistics
from newsletter.admin.pages import desk_page, ensure
from newsletter.models import Delivery, DeliveryStatus, Issue
from newsletter.statistics import Month, Sent

UNITS = (
    (86_400, ngettext_lazy("%(n)d day", "%(n)d days", "n")),
    (3_600, ngettext_lazy("%(n)d hour", "%(n)d hours", "n")),
    (60, ngettext_lazy("%(n)d minute", "%(n)d minutes", "n")),
    (1, ngettext_lazy("%(n)d second", "%(n)d seconds", "n")),
)
WAITING = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.CLAIMED,
    DeliveryStatus.SENDING,
)


def overview(request: HttpRequest) -> HttpResponse:
    """Show growth and churn, of everybody or of the list in the address."""
    ensure(request, "view_issue")
    lists = statistics.lists_with_figures()
    chosen = next((each for each in lists if each.slug == request.GET.get("list")), None)
    months = statistics.months(chosen)
    return desk_page(
        request,
        "statistics.html",
        title=_("Newsletter statistics"),
        model=Delivery,
        chosen=chosen,
        lists=lists,
        months=months[::-1],
        charts=_growth(months) if months else [],
        issues=statistics.latest_issues(),
    )


def of_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how one issue fared."""
    ensure(request, "view_issue")
    issue = get_object_or_404(Issue, pk=pk)
    figures = statistics.issue_figures(issue)
    return desk_page(
        request,
        "statistics_issue.html",
        title=issue.subject,
        model=Delivery,
        issue=issue,
        figures=figures,
        outcomes=_outcomes(figures),
        excluded=_excluded(figures),
        afterwards=_afterwards(figures),
        chart=_rate(figures.rate, figures.step) if figures.rate else None,
    )


def _growth(months: Sequence[Month]) -> list[Chart]:
    names = [date_format(month.first, "M Y") for month in months]
    stayed = [month.stayed for month in months]
    change = [month.came - month.went for month in months]
    return [
        bar_chart(_("Subscribers at the end of each month"), list(zip(names, stayed, strict=True))),
        bar_chart(_("More or fewer than a month before"), list(zip(names, change, strict=True))),
    ]


def _rate(rate: Sequence[tuple[Any, int]], step: timedelta) -> Chart:
    day = "M j, H:i" if step >= timedelta(hours=1) else "H:i:s"
    named = [(date_format(localtime(moment), day), number) for moment, number in rate]
    title = _("Messages sent, each bar %(step)s") % {"step": _span(step)}
    return bar_chart(title, named)


def _span(step: timedelta) -> str:
    """Return a time span in words; each step of the clock is whole in one of the units."""
    seconds = int(step.total_seconds())
    size, name = next(each for each in UNITS if seconds >= each[0])
    return name % {"n": seconds // size}


def _outcomes(figures: Sent) -> list[tuple[str, int, str]]:
    """Return each outcome with its share: together they are the audience."""
    waiting = sum(figures.by_status.get(each, 0) for each in WAITING)
    others = [each for each in DeliveryStatus if each not in WAITING]
    rows = [(str(each.label), figures.by_status.get(each, 0)) for each in others]
    rows += [(_("Waiting"), waiting)]
    return [(name, number, _share(number, figures.audience)) for name, number in rows]


def _excluded(figures: Sent) -> list[tuple[str, int]]:
    return [(str(reason.label), number) for reason, number in figures.by_exclusion.items()]


def _afterwards(figures: Sent) -> list[tuple[str, int, str]]:
    rows = [
        (_("Came back"), figures.bounced),
        (_("Reported as spam"), figures.complaints),
        (_("Unsubscribed within 7 days"), figures.left),
    ]
    return [(name, number, _share(number, figures.sent)) for name, number in rows]


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.1f} %" if of else "–"
