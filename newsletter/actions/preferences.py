"""What a subscriber gets, how often, and for how long nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletter.actions.consenting import Circumstances, record
from newsletter.actions.unsubscribing import leave
from newsletter.addresses import Address
from newsletter.models import (
    ConsentKind,
    Frequency,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)
from newsletter.throttle import may_change

LONGEST_PAUSE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The lists that are to be on, and how often mail is welcome."""

    lists: Collection[MailingList]
    frequency: Frequency


@transaction.atomic
def change(subscriber_id: int, wishes: Wishes, *, where: Circumstances) -> None:
    """Put a subscriber on these lists and off all others, and note the frequency.

    What was so already stays without a trace. A list that waits for its
    confirmation is confirmed by choosing it, and goes on waiting otherwise.
    """
    subscriber = _lock(subscriber_id)
    if subscriber is None:
        return
    active = Subscription.objects.filter(subscriber=subscriber, status=SubscriptionStatus.ACTIVE)
    on = set(active.values_list("mailing_list", flat=True))
    added = [each for each in wishes.lists if each.pk not in on]
    removed = active.exclude(mailing_list__in=wishes.lists).select_related("mailing_list")
    is_other = subscriber.frequency != wishes.frequency
    if added or is_other or removed:
        _ensure_may_change(subscriber)
    leave(subscriber, removed, where=where)
    _join(subscriber, added, where=where)
    if is_other:
        subscriber.frequency = wishes.frequency
        subscriber.save(update_fields=["frequency"])
        _record_on_every_list(subscriber, str(wishes.frequency.label), where=where)


@transaction.atomic
def pause(subscriber_id: int, until: date | None, *, where: Circumstances) -> None:
    """Send nothing before this day, at most a year away; None ends the pause."""
    subscriber = _lock(subscriber_id)
    if subscriber is None or subscriber.paused_until == until:
        return
    today = timezone.localdate()
    if until is not None and not today < until <= today + LONGEST_PAUSE:
        raise ValidationError(
            _("Choose a day between tomorrow and %(last)s.")
            % {"last": date_format(today + LONGEST_PAUSE)},
            code="range",
        )
    _ensure_may_change(subscriber)
    subscriber.paused_until = until
    subscriber.save(update_fields=["paused_until"])
    text = _("Paused until %(day)s") % {"day": until.isoformat()} if until else _("No pause")
    _record_on_every_list(subscriber, text, where=where)


def _lock(subscriber_id: int) -> Subscriber | None:
    return Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()


def _ensure_may_change(subscriber: Subscriber) -> None:
    if not may_change(Address(subscriber.address, subscriber.normalized).hash):
        raise ValidationError(
            _("There were too many changes today. Please try again tomorrow."), code="too_many"
        )


def _join(subscriber: Subscriber, lists: Collection[MailingList], *, where: Circumstances) -> None:
    """Put a subscriber on lists at once: the link that was used came by mail to the address."""
    now = timezone.now()
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber=subscriber,
                mailing_list=each,
                status=SubscriptionStatus.ACTIVE,
                requested_at=now,
                confirmed_at=now,
            )
            for each in lists
        ],
        update_conflicts=True,
        unique_fields=["subscriber", "mailing_list"],
        update_fields=["status", "requested_at", "confirmed_at", "unsubscribed_at"],
    )
    record(ConsentKind.CHANGED, subscriber, lists, where=where, with_text=True)


def _record_on_every_list(subscriber: Subscriber, text: str, *, where: Circumstances) -> None:
    """Note what now holds for each list that the subscriber is on."""
    lists = MailingList.objects.filter(
        subscriptions__subscriber=subscriber,
        subscriptions__status=SubscriptionStatus.ACTIVE,
    )
    record(ConsentKind.CHANGED, subscriber, lists, where=where, text=text)
