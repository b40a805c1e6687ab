"""Leaving."""

from django.db import transaction
from django.utils import timezone

from newsletter.actions.consenting import Circumstances, record
from newsletter.models import ConsentKind, Subscriber, Subscription, SubscriptionStatus


@transaction.atomic
def unsubscribe(subscriber_id: int, *, where: Circumstances) -> int:
    """Take a subscriber off every list and return how many there were.

    May be repeated safely, also for somebody who is not stored any more.
    """
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        return 0
    left = list(
        Subscription.objects.select_related("mailing_list")
        .filter(subscriber=subscriber)
        .exclude(status=SubscriptionStatus.UNSUBSCRIBED)
    )
    Subscription.objects.filter(pk__in=[each.pk for each in left]).update(
        status=SubscriptionStatus.UNSUBSCRIBED, unsubscribed_at=timezone.now()
    )
    lists = [each.mailing_list for each in left]
    record(ConsentKind.UNSUBSCRIBED, subscriber, lists, where=where)
    return len(left)
