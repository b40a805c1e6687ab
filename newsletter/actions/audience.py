"""Who gets an issue: one row for each candidate, counted and frozen when sending begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from newsletter.models import Digest, Frequency, Issue, IssueContent

# One statement, whatever the number of subscribers. A digest leaves out what its subscriber got
# in earlier issues; `past` says where each item of this one stood in them.
FAN_OUT = """
WITH received AS (
    SELECT delivery.subscriber_id, bit_or(1::bigint << past.here) AS items
    FROM unnest(%(issues)s::bigint[], %(there)s::int[], %(here)s::int[])
        AS past (issue_id, there, here)
    JOIN newsletter_delivery AS delivery ON delivery.issue_id = past.issue_id
    WHERE delivery.status IN ('sent', 'unknown') AND (delivery.left_out >> past.there) & 1 = 0
    GROUP BY delivery.subscriber_id
),
candidate AS (
    SELECT subscriber.id, coalesce(received.items, 0) AS left_out, CASE
        WHEN subscriber.paused_until > %(today)s THEN 'paused'
        WHEN subscriber.frequency = ANY(%(elsewhere)s) THEN 'digest'
        WHEN received.items = %(everything)s THEN 'nothing_new'
        ELSE ''
    END AS exclusion
    FROM newsletter_subscriber AS subscriber
    LEFT JOIN received ON received.subscriber_id = subscriber.id
    WHERE (%(frequency)s = '' OR subscriber.frequency = %(frequency)s) AND EXISTS (
        SELECT FROM newsletter_subscription
        WHERE subscriber_id = subscriber.id AND status = 'active'
            AND mailing_list_id = ANY(%(lists)s)
    )
)
INSERT INTO newsletter_delivery
    (issue_id, subscriber_id, status, exclusion, left_out, answer, message_id, attempts, created_at)
SELECT
    %(issue)s, id, CASE exclusion WHEN '' THEN 'queued' ELSE 'excluded' END, exclusion, left_out,
    '', '', 0, %(now)s
FROM candidate ORDER BY id
"""
# Whom an issue of these lists is for, without what only a digest knows.
COUNT = """
SELECT count(*) FROM newsletter_subscriber AS subscriber
WHERE (paused_until IS NULL OR paused_until <= %(today)s) AND frequency <> ALL(%(elsewhere)s)
    AND EXISTS (
        SELECT FROM newsletter_subscription
        WHERE subscriber_id = subscriber.id AND status = 'active'
            AND mailing_list_id = ANY(%(lists)s)
    )
"""


def fan_out(issue: Issue, facts: Mapping[str, Any]) -> int:
    """Queue one delivery for each candidate and return how many there are."""
    lists = [each.pk for each in issue.lists.all()]
    items = [item["publication"] for item in facts["items"]]
    past = _earlier(issue, items) if issue.digest_id else []
    with connection.cursor() as cursor:
        cursor.execute(
            FAN_OUT,
            {
                "issue": issue.pk,
                "lists": lists,
                "frequency": issue.digest.frequency if issue.digest else "",
                "elsewhere": [] if issue.digest_id else digested(lists),
                "issues": [issue_id for issue_id, _there, _here in past],
                "there": [there for _issue_id, there, _here in past],
                "here": [here for _issue_id, _there, here in past],
                "everything": (1 << len(items)) - 1,
                "today": timezone.localdate(),
                "now": timezone.now(),
            },
        )
        return int(cursor.rowcount)


def count(lists: Sequence[int]) -> int:
    """Return how many an issue to these lists would be sent to now."""
    values: dict[str, Any] = {
        "lists": list(lists), "elsewhere": digested(lists), "today": timezone.localdate(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        return int(cursor.fetchone()[0])


def digested(lists: Sequence[int]) -> list[str]:
    """Return the frequencies at which each of these lists has a digest of its own.

    Whoever chose another one gets every issue: better too often than never.
    """
    active = Digest.objects.filter(mailing_list__in=lists, is_active=True)
    pairs = set(active.values_list("mailing_list_id", "frequency"))
    return [
        frequency.value
        for frequency in Frequency
        if all((each, frequency.value) in pairs for each in lists)
    ]


def _earlier(issue: Issue, items: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return issue, place there and place here for each time an item was sent before."""
    here = {publication: at for at, publication in enumerate(items)}
    contents = IssueContent.objects.filter(
        issue__items__publication__in=items, issue__started_at__isnull=False
    ).exclude(issue=issue)
    return [
        (pk, there, here[item["publication"]])
        for pk, facts in contents.values_list("pk", "facts").distinct()
        for there, item in enumerate(facts["items"])
        if item["publication"] in here
    ]
