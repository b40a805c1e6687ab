"""Forgetting what was never confirmed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from newsletter.models import (
    Confirmation,
    Counter,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each sort went."""

    subscriptions: int
    subscribers: int
    links: int
    counters: int


@transaction.atomic
def purge_unconfirmed() -> Purged:
    """Delete requests that were not confirmed in 30 days, and whoever is left without any.

    The consent events stay, known by the keyed hash alone.
    """
    now = timezone.now()
    subscriptions = Subscription.objects.filter(
        status=SubscriptionStatus.PENDING, requested_at__lt=now - KEPT
    )
    gone = _delete(subscriptions)
    strangers = Subscriber.objects.filter(
        subscriptions=None, deliveries=None, created_at__lt=now - KEPT
    )
    return Purged(
        subscriptions=gone,
        subscribers=_delete(strangers),
        links=_delete(Confirmation.objects.filter(expires_at__lt=now - KEPT)),
        counters=_delete(Counter.objects.filter(ends_at__lt=now)),
    )


def _delete[T: Model](rows: QuerySet[T]) -> int:
    """Delete the rows and what hangs on them, and return how many of themselves there were."""
    return rows.delete()[1].get(rows.model._meta.label, 0)  # noqa: SLF001
