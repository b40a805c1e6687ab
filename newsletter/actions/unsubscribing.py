"""Leaving."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter.actions.consenting import Circumstances, record
from newsletter.models import (
    ConsentKind,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)


@transaction.atomic
def unsubscribe(subscriber_id: int, *, where: Circumstances, issue_id: int = 0) -> int:
    """Take a subscriber off the lists of an issue, or off every list; return how many there were.

    May be repeated safely, also for somebody who is not stored any more.
    """
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        return 0
    return leave(subscriber, taken_by(subscriber_id, issue_id), where=where)


def taken_by(subscriber_id: int, issue_id: int = 0) -> QuerySet[Subscription]:
    """Return what leaving ends: what an issue was sent for, or everything where there is none."""
    taken = Subscription.objects.filter(subscriber=subscriber_id).exclude(
        status=SubscriptionStatus.UNSUBSCRIBED
    )
    if issue_id:
        lists = list(MailingList.objects.filter(issues=issue_id).values_list("pk", flat=True))
        # A click must not come to nothing because an issue has lost its lists.
        taken = taken.filter(mailing_list__in=lists) if lists else taken
    return taken.select_related("mailing_list")


def leave(subscriber: Subscriber, taken: QuerySet[Subscription], *, where: Circumstances) -> int:
    """End these subscriptions of a subscriber who is locked, and return how many there were."""
    left = list(taken)
    Subscription.objects.filter(pk__in=[each.pk for each in left]).update(
        status=SubscriptionStatus.UNSUBSCRIBED, unsubscribed_at=timezone.now()
    )
    lists = [each.mailing_list for each in left]
    record(ConsentKind.UNSUBSCRIBED, subscriber, lists, where=where)
    return len(left)
