"""Changing an address: asked for with a personal link, and confirmed by both addresses."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kei_site.common import courier
from kei_site.common.tokens import hash_token, new_token
from newsletter.actions.consenting import Circumstances, record
from newsletter.actions.subscribing import LINK_LIVES
from newsletter.addresses import Address, parse
from newsletter.confirming import LinkState, move_state_of, twin_of
from newsletter.mail import transactional
from newsletter.models import (
    Confirmation,
    ConsentKind,
    MailingList,
    Purpose,
    Subscriber,
    SubscriptionStatus,
    Suppression,
)
from newsletter.throttle import give_mail_back, may_mail, may_move


@transaction.atomic
def request(subscriber_id: int, new: Address, *, where: Circumstances) -> None:
    """Mail a link to the old address and one to the new.

    The same is done whoever the new address belongs to, and only its mail says
    when it is known already. Nothing is sent to a suppressed address. May be
    repeated safely; an address gets one mail an hour.
    """
    subscriber = _lock(subscriber_id)
    if subscriber is None:
        return
    old = Address(subscriber.address, subscriber.normalized)
    if new.normalized == old.normalized:
        raise ValidationError(_("This is the address that we have."), code="same")
    if not may_move(old.hash, where.network):
        raise ValidationError(
            _("There were too many changes just now. Please try again tomorrow."), code="too_many"
        )
    if may_mail(new.hash):
        _mail_both(subscriber, old, new)


@transaction.atomic
def confirm(confirmation: Confirmation, *, where: Circumstances) -> LinkState:
    """Use one of the two links, and change the address when both were used."""
    subscriber = _lock(confirmation.subscriber_id)
    if subscriber is None:
        return LinkState.UNKNOWN
    confirmation.refresh_from_db()
    twin = twin_of(confirmation)
    if move_state_of(confirmation, twin) is LinkState.OPEN:
        confirmation.used_at = timezone.now()
        confirmation.save(update_fields=["used_at"])
        if twin is not None and twin.used_at is not None:
            _move(subscriber, parse(confirmation.new_address), where=where)
    confirmation.subscriber.refresh_from_db()
    return move_state_of(confirmation, twin)


def _lock(subscriber_id: int) -> Subscriber | None:
    return Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()


def _mail_both(subscriber: Subscriber, old: Address, new: Address) -> None:
    """Store the two links and mail them; which mails leave does not show in what is done."""
    tokens = {Purpose.OLD_ADDRESS: new_token(), Purpose.NEW_ADDRESS: new_token()}
    now = timezone.now()
    Confirmation.objects.bulk_create(
        Confirmation(
            subscriber=subscriber,
            purpose=purpose,
            token_hash=hash_token(token),
            new_address=new.typed,
            created_at=now,
            expires_at=now + LINK_LIVES,
        )
        for purpose, token in tokens.items()
    )
    reader = Subscriber(address=new.typed, normalized=new.normalized, language=subscriber.language)
    asks = transactional.move_to(reader, token=tokens[Purpose.NEW_ADDRESS])
    refuses = transactional.move_refused(reader)
    is_known = Subscriber.objects.filter(normalized=new.normalized).exists()
    letters = (
        (
            old,
            transactional.move_from(
                subscriber, token=tokens[Purpose.OLD_ADDRESS], new_address=new.typed
            ),
        ),
        (new, refuses if is_known else asks),
    )
    hashes = [*old.hashes, *new.hashes]
    suppressed = set(
        Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", flat=True)
    )
    for address, letter in letters:
        if suppressed.isdisjoint(address.hashes):
            courier.send_on_commit(letter, or_else=partial(give_mail_back, new.hash))


def _move(subscriber: Subscriber, new: Address, *, where: Circumstances) -> None:
    """Change the address, unless somebody has it by now or nothing may be sent to it."""
    if Suppression.objects.filter(address_hash__in=new.hashes).exists():
        return
    lists = list(
        MailingList.objects.filter(
            subscriptions__subscriber=subscriber,
            subscriptions__status=SubscriptionStatus.ACTIVE,
        )
    )
    text = _("Another address")
    try:
        with transaction.atomic():
            # Whoever shows either address can be told, so both are in the proof.
            record(ConsentKind.CHANGED, subscriber, lists, where=where, text=text)
            subscriber.address, subscriber.normalized = new.typed, new.normalized
            subscriber.soft_bounces, subscriber.bounced_at = 0, None
            subscriber.save()
            record(ConsentKind.CHANGED, subscriber, lists, where=where, text=text)
    except IntegrityError:
        return
    # What was mailed to the old address proves nothing about the new one.
    Confirmation.objects.filter(subscriber=subscriber, used_at=None).delete()
