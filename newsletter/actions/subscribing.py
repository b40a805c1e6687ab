"""From typing an address to being on a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kei_site.common import courier
from kei_site.common.tokens import hash_token, new_token
from newsletter.actions.consenting import Circumstances, record
from newsletter.addresses import Address
from newsletter.confirming import LinkState, state_of, subscriptions_of
from newsletter.mail import transactional
from newsletter.models import (
    Confirmation,
    ConsentKind,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Suppression,
)
from newsletter.throttle import give_mail_back, may_ask, may_mail

LINK_LIVES = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a visitor asked for."""

    address: Address
    lists: Sequence[MailingList]
    language: str
    where: Circumstances


@transaction.atomic
def request(sign_up: SignUp) -> None:
    """Note that somebody wants to subscribe and mail a link to confirm it.

    The same is done, and takes the same time, whoever the address belongs to:
    a suppressed address goes all the way and is rolled back with its mail. May
    be repeated safely; mail is limited for each address.
    """
    if not may_ask(sign_up.where.network):
        raise ValidationError(
            _("There were too many sign-ups just now. Please try again in an hour."),
            code="too_many",
        )
    if not may_mail(sign_up.address.hash):
        return
    with transaction.atomic():
        _note(sign_up)
        if Suppression.objects.filter(address_hash__in=sign_up.address.hashes).exists():
            transaction.set_rollback(True)


@transaction.atomic
def come_back(subscriber_id: int, *, where: Circumstances) -> None:
    """Mail a link by which somebody who left gets back what was left last."""
    # Held, so that somebody who is erased right now does not come back by it.
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        return
    request(
        SignUp(
            address=Address(subscriber.address, subscriber.normalized),
            lists=_left_last(subscriber) or list(MailingList.objects.on_offer()),
            language=subscriber.language,
            where=where,
        )
    )


@transaction.atomic
def confirm(confirmation: Confirmation, *, where: Circumstances) -> LinkState:
    """Put the subscriber on the lists that the link is for; a second time changes nothing."""
    subscriber = (
        Subscriber.objects.select_for_update().filter(pk=confirmation.subscriber_id).first()
    )
    if subscriber is None:
        return LinkState.UNKNOWN
    confirmation.refresh_from_db(fields=["used_at"])
    subscriptions = subscriptions_of(confirmation)
    state = state_of(confirmation, subscriptions)
    if state is not LinkState.OPEN:
        return state
    pending = [each for each in subscriptions if each.status == SubscriptionStatus.PENDING]
    now = timezone.now()
    Subscription.objects.filter(pk__in=[each.pk for each in pending]).update(
        status=SubscriptionStatus.ACTIVE, confirmed_at=now
    )
    Confirmation.objects.filter(pk=confirmation.pk).update(used_at=now)
    lists = [each.mailing_list for each in pending]
    record(ConsentKind.CONFIRMED, subscriber, lists, where=where)
    # Nothing hangs on a welcome: when it does not leave, the log says so and that is all.
    courier.send_on_commit(transactional.welcome(subscriber, lists=lists), or_else=lambda: None)
    return LinkState.DONE


def _left_last(subscriber: Subscriber) -> list[MailingList]:
    """Return the lists that were left together, the last time, and are on offer."""
    left = subscriber.subscriptions.filter(status=SubscriptionStatus.UNSUBSCRIBED)
    last = left.aggregate(at=Max("unsubscribed_at"))["at"]
    return list(
        MailingList.objects.on_offer().filter(subscriptions__in=left.filter(unsubscribed_at=last))
    )


def _note(sign_up: SignUp) -> None:
    """Store the request and prepare the mail that answers it."""
    subscriber = _subscriber(sign_up)
    is_waiting = _ask_for(subscriber, sign_up.lists)
    token = new_token()
    _open_link(subscriber, sign_up.lists, token)
    record(ConsentKind.REQUESTED, subscriber, sign_up.lists, where=sign_up.where, with_text=True)
    message = (
        transactional.confirmation(subscriber, token=token, lists=sign_up.lists)
        if is_waiting
        else transactional.already_subscribed(subscriber, lists=sign_up.lists)
    )
    courier.send_on_commit(message, or_else=partial(give_mail_back, sign_up.address.hash))


def _subscriber(sign_up: SignUp) -> Subscriber:
    """Return the row of this address, new or not, held until the transaction ends."""
    [subscriber] = Subscriber.objects.bulk_create(
        [
            Subscriber(
                address=sign_up.address.typed,
                normalized=sign_up.address.normalized,
                language=sign_up.language,
            )
        ],
        update_conflicts=True,
        unique_fields=["normalized"],
        update_fields=["normalized"],
    )
    return subscriber


def _ask_for(subscriber: Subscriber, lists: Sequence[MailingList]) -> bool:
    """Make every subscription that is not active wait for its confirmation; say whether any is."""
    now = timezone.now()
    Subscription.objects.bulk_create(
        [Subscription(subscriber=subscriber, mailing_list=each) for each in lists],
        ignore_conflicts=True,
    )
    waiting = (
        Subscription.objects.filter(subscriber=subscriber, mailing_list__in=lists)
        .exclude(status=SubscriptionStatus.ACTIVE)
        .update(
            status=SubscriptionStatus.PENDING,
            requested_at=now,
            confirmed_at=None,
            unsubscribed_at=None,
        )
    )
    return waiting > 0


def _open_link(subscriber: Subscriber, lists: Sequence[MailingList], token: str) -> None:
    now = timezone.now()
    confirmation = Confirmation.objects.create(
        subscriber=subscriber,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=now + LINK_LIVES,
    )
    through = Confirmation.lists.through
    through.objects.bulk_create(
        through(confirmation=confirmation, mailinglist=each) for each in lists
    )
