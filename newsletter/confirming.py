"""What a confirmation link is worth now."""

from collections.abc import Collection
from enum import Enum, auto

from newsletter.models import Confirmation, Subscription, SubscriptionStatus
from newsletter.tokens import hash_token


class LinkState(Enum):
    """What opening the link leads to."""

    UNKNOWN = auto()
    OPEN = auto()
    DONE = auto()
    EXPIRED = auto()
    ENDED = auto()


def look_up(token: str) -> Confirmation | None:
    """Find the confirmation that a link is for."""
    return (
        Confirmation.objects.select_related("subscriber")
        .prefetch_related("lists")
        .filter(token_hash=hash_token(token))
        .first()
    )


def subscriptions_of(confirmation: Confirmation) -> list[Subscription]:
    """Return the subscriptions that the link can confirm, as they are now."""
    return list(
        Subscription.objects.select_related("mailing_list").filter(
            subscriber=confirmation.subscriber_id,
            mailing_list__in=[each.pk for each in confirmation.lists.all()],
        )
    )


def state_of(
    confirmation: Confirmation | None, subscriptions: Collection[Subscription]
) -> LinkState:
    """Say what the link is worth; a link that was used stays good news while its lists are on."""
    if confirmation is None:
        return LinkState.UNKNOWN
    statuses = {each.status for each in subscriptions}
    if SubscriptionStatus.PENDING not in statuses:
        return LinkState.DONE if SubscriptionStatus.ACTIVE in statuses else LinkState.ENDED
    if confirmation.used_at is not None:
        return LinkState.ENDED
    return LinkState.EXPIRED if confirmation.is_expired else LinkState.OPEN
