"""What is stored about one person: all of it to read, and the end of it."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from newsletter.actions.consenting import Circumstances, record
from newsletter.addresses import Address
from newsletter.models import (
    ConsentEvent,
    ConsentKind,
    Delivery,
    DeliveryStatus,
    Exclusion,
    MailEvent,
    Subscriber,
    Suppression,
)

# Nobody comes near it; it bounds the memory that one download takes.
MOST_ROWS = 10_000


@transaction.atomic
def export(subscriber_id: int) -> dict[str, Any]:
    """Return everything stored about a person as plain values; nothing for a stranger.

    Of each history the newest 10,000 rows; `complete` says whether that was all.
    """
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return {}
    hashes = Address(subscriber.address, subscriber.normalized).hashes
    parts = {name: _newest(rows) for name, rows in _histories(subscriber, hashes).items()}
    return {
        "complete": all(len(rows) <= MOST_ROWS for rows in parts.values()),
        "subscriber": {
            name: getattr(subscriber, name)
            for name in (
                "address", "normalized", "language", "frequency", "paused_until", "soft_bounces",
                "bounced_at", "created_at",
            )
        },
        **{name: rows[:MOST_ROWS] for name, rows in parts.items()},
    }  # fmt: skip


@transaction.atomic
def erase(subscriber_id: int, where: Circumstances) -> bool:
    """Forget a person, and say whether there was one. May be repeated safely.

    What stays names nobody: the proof by its keyed hash, and one row for each
    delivery, so that the accounting of an issue still closes. What was not sent
    yet is not sent. A suppression stays, and none is added: who was erased may
    sign up again.
    """
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        return False
    record(ConsentKind.ERASED, subscriber, [None], where=where)
    deliveries = Delivery.objects.filter(subscriber=subscriber)
    deliveries.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.DEFERRED]).update(
        status=DeliveryStatus.EXCLUDED, exclusion=Exclusion.ERASED
    )
    # Mail servers like to repeat the address in their answers.
    deliveries.exclude(answer="").update(answer="")
    hashes = Address(subscriber.address, subscriber.normalized).hashes
    _reports(subscriber, hashes).exclude(detail="").update(detail="")
    subscriber.delete()
    return True


def _histories(subscriber: Subscriber, hashes: list[str]) -> dict[str, QuerySet[Any, Any]]:
    """Return what to read of each table."""
    own = Q(subscriber=subscriber) | Q(address_hash__in=hashes)
    return {
        "subscriptions": subscriber.subscriptions.order_by("-pk").values(
            "mailing_list__name", "status", "requested_at", "confirmed_at", "unsubscribed_at"
        ),
        "consent": ConsentEvent.objects.filter(own).values(
            "kind", "happened_at", "mailing_list__name", "text", "text_version", "form_address",
            "network",
        ),
        "links": subscriber.confirmations.values(
            "purpose", "new_address", "created_at", "expires_at", "used_at"
        ),
        "deliveries": Delivery.objects.filter(subscriber=subscriber).values(
            "issue__subject", "status", "exclusion", "answer", "created_at", "sent_at"
        ),
        "reports": _reports(subscriber, hashes).values(
            "kind", "happened_at", "status_code", "detail", "source"
        ),
        "suppressions": Suppression.objects.filter(address_hash__in=hashes).values(
            "reason", "created_at"
        ),
    }  # fmt: skip


def _reports(subscriber: Subscriber, hashes: list[str]) -> QuerySet[MailEvent]:
    """Return what mail servers reported of the person or the address."""
    return MailEvent.objects.filter(Q(subscriber=subscriber) | Q(address_hash__in=hashes))


def _newest(rows: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    """Read one row more than is shown, to see whether there are more."""
    return [
        {name.removesuffix("__name").replace("__", "_"): value for name, value in row.items()}
        for row in rows[: MOST_ROWS + 1]
    ]
