"""How issues and lists fare: sums made by the database, nothing about single persons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import uri_to_iri

from newsletter.models import (
    Delivery,
    DeliveryStatus,
    Exclusion,
    Issue,
    IssueContent,
    IssueLink,
    MailEvent,
    MailEventKind,
    MailingList,
    SubscriptionStatus,
)

LINKS = 100
ISSUES = 30
MONTHS = 24
STEPS = 48
WITHIN = timedelta(days=7)
RECENT = timedelta(days=30)
# Steps of a clock, in seconds; the first of which 48 are enough is taken.
CLOCK = (1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800)

RATE = """
SELECT floor(extract(epoch FROM sent_at - %(start)s) / %(step)s)::int AS place, count(*)
FROM newsletter_delivery
WHERE issue_id = %(issue)s AND status = 'sent'
    AND sent_at BETWEEN %(start)s AND %(start)s + make_interval(secs => %(step)s * %(steps)s)
GROUP BY place ORDER BY place
"""
# Who got the issue and left within seven days of it, by a page of the newsletter or by mail.
LEFT = """
SELECT count(DISTINCT event.subscriber_id)
FROM newsletter_consentevent AS event
JOIN newsletter_delivery AS delivery
    ON delivery.issue_id = %(issue)s AND delivery.subscriber_id = event.subscriber_id
WHERE event.kind = 'unsubscribed'
    AND (starts_with(event.form_address, %(pages)s) OR starts_with(event.form_address, 'mailto:'))
    AND delivery.status = 'sent' AND event.happened_at >= %(start)s
    AND event.happened_at BETWEEN delivery.sent_at AND delivery.sent_at + %(within)s
"""
# A person on several lists came with the first and is gone with the last.
STAYS_OF_PEOPLE = """
SELECT min(confirmed_at) AS came,
    CASE WHEN NOT bool_or(status = 'active') THEN max(unsubscribed_at) END AS went
FROM newsletter_subscription WHERE confirmed_at IS NOT NULL GROUP BY subscriber_id
"""
STAYS_ON_A_LIST = """
SELECT confirmed_at AS came, unsubscribed_at AS went
FROM newsletter_subscription WHERE confirmed_at IS NOT NULL AND mailing_list_id = %(list)s
"""
MONTHLY = """
WITH stay AS ({stays})
SELECT date_trunc('month', moment AT TIME ZONE %(zone)s)::date AS month, sum(came), sum(went)
FROM (
    SELECT came AS moment, 1 AS came, 0 AS went FROM stay
    UNION ALL SELECT went, 0, 1 FROM stay WHERE went IS NOT NULL
) AS move
GROUP BY month ORDER BY month
"""


@dataclass(frozen=True, slots=True)
class Link:
    """How often a link was followed, and what readers saw of it."""

    name: str
    url: str
    clicks: int
    machine_clicks: int


@dataclass(frozen=True, slots=True)
class Sent:
    """How one issue fared."""

    by_status: dict[DeliveryStatus, int]
    by_exclusion: dict[Exclusion, int]
    bounced: int
    complaints: int
    left: int
    links: list[Link]
    rate: list[tuple[datetime, int]]
    step: timedelta

    @property
    def audience(self) -> int:
        """How many deliveries there are."""
        return sum(self.by_status.values())

    @property
    def sent(self) -> int:
        """How many messages the mail server took."""
        return self.by_status.get(DeliveryStatus.SENT, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """Who came and went in a month, and how many there were at its end."""

    first: date
    came: int
    went: int
    stayed: int

    @property
    def churn(self) -> float | None:
        """The percentage that went, of those there at the beginning; None when nobody was."""
        before = self.stayed - self.came + self.went
        return 100 * self.went / before if before > 0 else None


def issue_figures(issue: Issue) -> Sent:
    """Sum up an issue in six queries, however large its audience."""
    by_status: dict[DeliveryStatus, int] = {}
    by_exclusion: dict[Exclusion, int] = {}
    last: datetime | None = None
    for status, exclusion, number, latest in (
        Delivery.objects.filter(issue=issue)
        .order_by()
        .values_list("status", "exclusion")
        .annotate(number=Count("pk"), latest=Max("sent_at"))
    ):
        by_status[DeliveryStatus(status)] = by_status.get(DeliveryStatus(status), 0) + number
        if exclusion:
            by_exclusion[Exclusion(exclusion)] = number
        last = max(filter(None, (last, latest)), default=None)
    reports = MailEvent.objects.filter(delivery__issue=issue).aggregate(
        bounced=_deliveries(MailEventKind.HARD_BOUNCE, MailEventKind.SOFT_BOUNCE),
        complaints=_deliveries(MailEventKind.COMPLAINT),
    )
    step = _step(issue.started_at, last)
    return Sent(
        by_status=by_status,
        by_exclusion=by_exclusion,
        **reports,
        left=_left(issue),
        links=_links(issue),
        rate=_rate(issue, last, step),
        step=step,
    )


def lists_with_figures() -> list[Any]:
    """Return every list with how many are on it, wait, came and went in the last 30 days."""
    since = timezone.now() - RECENT
    on = Q(subscriptions__status=SubscriptionStatus.ACTIVE)
    return list(
        MailingList.objects.annotate(
            active=Count("subscriptions", filter=on),
            waiting=Count(
                "subscriptions", filter=Q(subscriptions__status=SubscriptionStatus.PENDING)
            ),
            came=Count("subscriptions", filter=Q(subscriptions__confirmed_at__gte=since)),
            went=Count(
                "subscriptions",
                filter=Q(
                    subscriptions__unsubscribed_at__gte=since,
                    subscriptions__confirmed_at__isnull=False,
                ),
            ),
        )
    )


def months(mailing_list: MailingList | None = None) -> list[Month]:
    """Return the last 24 months of a list, or of everybody, the oldest first.

    Erased people are forgotten here as well, and of somebody who came back only the
    last stay is known.
    """
    stays = STAYS_ON_A_LIST if mailing_list else STAYS_OF_PEOPLE
    values: dict[str, Any] = {
        "list": mailing_list.pk if mailing_list else None,
        "zone": timezone.get_current_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(MONTHLY.format(stays=stays), values)
        moves = {month: (came, went) for month, came, went in cursor.fetchall()}
    shown, stayed = [], 0
    for month in _every_month(min(moves, default=None)):
        came, went = moves.get(month, (0, 0))
        stayed += came - went
        shown.append(Month(month, came, went, stayed))
    return shown[-MONTHS:]


def latest_issues() -> list[Issue]:
    """Return the issues that began last."""
    begun = Issue.objects.filter(started_at__isnull=False).order_by("-started_at")
    return list(begun.only("subject", "status", "started_at", "candidates")[:ISSUES])


def _every_month(first: date | None) -> list[date]:
    """Return each month from the first to the present one."""
    if first is None:
        return []
    now = timezone.localdate()
    numbers = range(12 * first.year + first.month - 1, 12 * now.year + now.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _deliveries(*kinds: MailEventKind) -> Count:
    return Count("delivery", filter=Q(kind__in=kinds), distinct=True)


def _links(issue: Issue) -> list[Link]:
    contents = IssueContent.objects.filter(issue=issue).values_list("facts__items", flat=True)
    names = {item["number"]: item["headline"] for item in contents.first() or []}
    followed = IssueLink.objects.filter(issue=issue).order_by("-clicks", "number")[:LINKS]
    return [
        Link(
            names.get(each.number) or uri_to_iri(each.url),
            each.url,
            each.clicks,
            each.machine_clicks,
        )
        for each in followed
    ]


def _left(issue: Issue) -> int:
    if issue.started_at is None:
        return 0
    values: dict[str, Any] = {
        "issue": issue.pk,
        "start": issue.started_at,
        "within": WITHIN,
        "pages": reverse("newsletter:subscribe"),
    }
    with connection.cursor() as cursor:
        cursor.execute(LEFT, values)
        return int(cursor.fetchone()[0])


def _step(first: datetime | None, last: datetime | None) -> timedelta:
    """Return how long each step of the drawing lasts."""
    seconds = (last - first).total_seconds() if first and last else 0
    return timedelta(seconds=next((each for each in CLOCK if seconds < each * STEPS), CLOCK[-1]))


def _rate(issue: Issue, last: datetime | None, step: timedelta) -> list[tuple[datetime, int]]:
    """Return how many messages left in each step, from the first to the last."""
    start = issue.started_at
    if start is None or last is None:
        return []
    values: dict[str, Any] = {
        "issue": issue.pk,
        "start": start,
        "step": step.total_seconds(),
        "steps": STEPS,
    }
    with connection.cursor() as cursor:
        cursor.execute(RATE, values)
        numbers = dict(cursor.fetchall())
    return [
        (start + place * step, numbers.get(place, 0))
        for place in range(max(numbers, default=-1) + 1)
    ]
