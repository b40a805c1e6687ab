"""Figures of the start page."""

from datetime import date, datetime

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kei_site.common.charts import Chart, bar_chart
from publications.models import Publication

MONTHS = 12


def published_by_month(today: date) -> Chart | None:
    """Draw how much was published in each of the last twelve months; None for nothing at all."""
    months = [_months_before(today, back) for back in range(MONTHS - 1, -1, -1)]
    zone = timezone.get_default_timezone()
    since = datetime(months[0].year, months[0].month, 1, tzinfo=zone)
    rows = (
        Publication.objects.published()
        .filter(published_at__gte=since)
        .order_by()
        .values_list(TruncMonth("published_at", tzinfo=zone))
        .annotate(works=Count("pk"))
    )
    counted = {(month.year, month.month): works for month, works in rows}
    if not counted:
        return None
    named = [
        (date_format(month, "M Y"), counted.get((month.year, month.month), 0)) for month in months
    ]
    return bar_chart(_("Publications per month"), named)


def _months_before(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
