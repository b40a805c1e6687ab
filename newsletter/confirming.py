"""What a confirmation link is worth now."""

from collections.abc import Collection
from enum import Enum, auto

from kei_site.common.tokens import hash_token
from newsletter.models import Confirmation, Purpose, Subscription, SubscriptionStatus


class LinkState(Enum):
    """What opening the link leads to."""

    UNKNOWN = auto()
    OPEN = auto()
    # Of a change of address: the other link is still to be used.
    WAITING = auto()
    DONE = auto()
    EXPIRED = auto()
    ENDED = auto()


def look_up(token: str) -> Confirmation | None:
    """Find the sign-up that a link is for."""
    return (
        Confirmation.objects.select_related("subscriber")
        .prefetch_related("lists")
        .filter(token_hash=hash_token(token), purpose=Purpose.SUBSCRIBE)
        .first()
    )


def look_up_move(token: str) -> Confirmation | None:
    """Find the change of address that a link is for."""
    return (
        Confirmation.objects.select_related("subscriber")
        .filter(token_hash=hash_token(token))
        .exclude(purpose=Purpose.SUBSCRIBE)
        .first()
    )


def twin_of(confirmation: Confirmation) -> Confirmation | None:
    """Return the link that was mailed to the other address at the same moment."""
    return (
        Confirmation.objects.filter(
            subscriber=confirmation.subscriber_id,
            new_address=confirmation.new_address,
            created_at=confirmation.created_at,
        )
        .exclude(pk=confirmation.pk)
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


def move_state_of(confirmation: Confirmation, twin: Confirmation | None) -> LinkState:
    """Say what a link of a change of address is worth, given the one to the other address."""
    if confirmation.is_expired:
        return LinkState.EXPIRED
    if twin is None:
        return LinkState.ENDED
    if confirmation.used_at is None:
        return LinkState.OPEN
    if twin.used_at is None:
        return LinkState.EXPIRED if twin.is_expired else LinkState.WAITING
    is_made = confirmation.subscriber.address == confirmation.new_address
    return LinkState.DONE if is_made else LinkState.ENDED
