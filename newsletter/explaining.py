"""Why somebody did not get an issue, in words, from what is stored."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.addresses import Address
from newsletter.models import (
    ConsentEvent,
    ConsentKind,
    Delivery,
    DeliveryStatus,
    Exclusion,
    Issue,
    IssueStatus,
    MailEvent,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Suppression,
)

REPORTS = 10


def why(who: Subscriber | Address, issue: Issue) -> list[str]:
    """Say what became of an issue for somebody: sentences, the decisive one first."""
    address = Address(who.address, who.normalized) if isinstance(who, Subscriber) else who
    subscriber = Subscriber.objects.filter(normalized=address.normalized).first()
    if subscriber is None:
        return [_nobody(address), *_suppressed(address)]
    delivery = Delivery.objects.filter(issue=issue, subscriber=subscriber).first()
    if delivery is None:
        return [*_not_counted(subscriber, issue), *_suppressed(address)]
    decisive = WORDS[DeliveryStatus(delivery.status)](delivery, issue, subscriber)
    said = [decisive, *_left_out(delivery), *_reported(delivery)]
    return said if delivery.status == DeliveryStatus.SENT else [*said, *_suppressed(address)]


def _nobody(address: Address) -> str:
    """Say what is known of an address that is not stored."""
    events = ConsentEvent.objects.filter(address_hash__in=address.hashes)
    erased = events.filter(kind=ConsentKind.ERASED).first()
    if erased is not None:
        said = _("The person with this address was erased on %(when)s.")
        return said % {"when": _at(erased.happened_at)}
    last = events.first()
    if last is None:
        return _("Nobody with this address is stored.")
    said = _(
        "Nobody with this address is stored any more. Last known of it: “%(event)s”, %(when)s."
    )
    return said % {"event": last.get_kind_display(), "when": _at(last.happened_at)}


def _suppressed(address: Address) -> list[str]:
    found = Suppression.objects.filter(address_hash__in=address.hashes).first()
    if found is None:
        return []
    said = _("The address is suppressed since %(when)s (%(reason)s): nothing is sent to it.")
    return [said % {"when": _at(found.created_at), "reason": found.get_reason_display()}]


# --- No row: the audience was counted without this person ----------------------


def _not_counted(subscriber: Subscriber, issue: Issue) -> list[str]:
    if issue.started_at is None:
        return [_not_begun(issue)]
    counted = issue.started_at
    taken = {
        each.mailing_list_id: each for each in Subscription.objects.filter(subscriber=subscriber)
    }
    said = _("When the audience was counted on %(when)s, this address was not part of it.")
    return [
        said % {"when": _at(counted)},
        *(_on_list(str(each), taken.get(each.pk), counted) for each in issue.lists.all()),
        *_other_frequency(subscriber, issue),
    ]


def _not_begun(issue: Issue) -> str:
    if issue.status == IssueStatus.CANCELLED:
        return _("The issue was cancelled before sending began.")
    if issue.status == IssueStatus.SCHEDULED and issue.scheduled_for:
        said = _("The issue has not been sent yet: it is scheduled for %(when)s.")
        return said % {"when": _at(issue.scheduled_for)}
    return _("The issue has not been sent yet: it is a draft.")


def _on_list(name: str, subscription: Subscription | None, counted: datetime) -> str:
    """Say where the subscription to one list of the issue stood."""
    if subscription is None:
        return _("“%(list)s”: never subscribed.") % {"list": name}
    match subscription.status:
        case SubscriptionStatus.PENDING:
            when: datetime | None = subscription.requested_at
            said = _("“%(list)s”: asked for on %(when)s, and not confirmed since.")
        case SubscriptionStatus.UNSUBSCRIBED:
            said = _("“%(list)s”: unsubscribed on %(when)s.")
            when = subscription.unsubscribed_at
        case _status:
            when = subscription.confirmed_at
            said = (
                _("“%(list)s”: subscribed on %(when)s, after the audience was counted.")
                if when and when > counted
                else _("“%(list)s”: subscribed since %(when)s.")
            )
    return said % {"list": name, "when": _at(when)}


def _other_frequency(subscriber: Subscriber, issue: Issue) -> list[str]:
    if issue.digest is None or issue.digest.frequency == subscriber.frequency:
        return []
    said = _("The issue is a digest for “%(digest)s”; this person chose “%(chosen)s”.")
    chosen = subscriber.get_frequency_display()
    return [said % {"digest": issue.digest.get_frequency_display(), "chosen": chosen}]


# --- A row: what became of the message -------------------------------------------


def _waiting(_delivery: Delivery, issue: Issue, _subscriber: Subscriber) -> str:
    if issue.status == IssueStatus.PAUSED:
        return _("Still waiting: sending of this issue is paused.")
    return _("Still waiting to be sent.")


def _claimed(delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    said = _("Still waiting: a sender took the message on %(when)s and sends it next.")
    return said % {"when": _at(delivery.claimed_at)}


def _sending(_delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    return _("The message is being handed to the mail server right now.")


def _sent(delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    said = _("Sent on %(when)s. The mail server answered: %(answer)s")
    return said % {"when": _at(delivery.sent_at), "answer": _answer(delivery)}


def _deferred(delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    said = ngettext(
        "Put off by the mail server, %(n)d attempt so far; the next is on %(when)s. "
        "It answered: %(answer)s",
        "Put off by the mail server, %(n)d attempts so far; the next is on %(when)s. "
        "It answered: %(answer)s",
        delivery.attempts,
    )
    when = _at(delivery.try_again_at)
    return said % {"n": delivery.attempts, "when": when, "answer": _answer(delivery)}


def _failed(delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    return _("Refused by the mail server with: %(answer)s") % {"answer": _answer(delivery)}


def _unknown(delivery: Delivery, _issue: Issue, _subscriber: Subscriber) -> str:
    said = _(
        "The connection broke while the message was handed over (taken on %(when)s): whether it "
        "arrived is unknown. It is not sent again by itself."
    )
    return said % {"when": _at(delivery.claimed_at)}


def _excluded(delivery: Delivery, issue: Issue, subscriber: Subscriber) -> str:
    match delivery.exclusion:
        case Exclusion.UNSUBSCRIBED:
            return _("Not sent on purpose: %(why)s.") % {"why": _left(subscriber, issue)}
        case Exclusion.SUPPRESSED:
            return _("Not sent on purpose: the address was suppressed.")
        case Exclusion.PAUSED:
            return _("Not sent on purpose: %(why)s.") % {"why": _paused(subscriber)}
        case Exclusion.DIGEST:
            said = _("Not sent on purpose: this person gets a digest instead (“%(chosen)s”).")
            return said % {"chosen": subscriber.get_frequency_display()}
        case Exclusion.NOTHING_NEW:
            return _("Not sent on purpose: this person had got everything in it before.")
        case Exclusion.CANCELLED:
            return _("Not sent on purpose: the issue was cancelled before it was this one’s turn.")
        case _reason:
            return _("Not sent on purpose: %(why)s.") % {"why": delivery.get_exclusion_display()}


def _left(subscriber: Subscriber, issue: Issue) -> str:
    ended = Subscription.objects.filter(
        subscriber=subscriber, mailing_list__issues=issue, unsubscribed_at__isnull=False
    ).aggregate(last=Max("unsubscribed_at"))["last"]
    if ended is None:
        return _("this person had unsubscribed after the audience was counted")
    said = _("this person unsubscribed on %(when)s, after the audience was counted")
    return said % {"when": _at(ended)}


def _paused(subscriber: Subscriber) -> str:
    if subscriber.paused_until is None:
        return _("this person had paused all mail")
    until = date_format(subscriber.paused_until, "F j, Y")
    return _("this person has paused all mail until %(until)s") % {"until": until}


WORDS: dict[DeliveryStatus, Callable[[Delivery, Issue, Subscriber], str]] = {
    DeliveryStatus.QUEUED: _waiting,
    DeliveryStatus.CLAIMED: _claimed,
    DeliveryStatus.SENDING: _sending,
    DeliveryStatus.SENT: _sent,
    DeliveryStatus.DEFERRED: _deferred,
    DeliveryStatus.FAILED: _failed,
    DeliveryStatus.UNKNOWN: _unknown,
    DeliveryStatus.EXCLUDED: _excluded,
}


# --- What else is known of the message -----------------------------------------------


def _left_out(delivery: Delivery) -> list[str]:
    """Say how much the message does not hold; of one that nobody got it does not matter."""
    if not delivery.left_out or delivery.status == DeliveryStatus.EXCLUDED:
        return []
    number = delivery.left_out.bit_count()
    said = ngettext(
        "%(n)d work is left out of it: this person got it before.",
        "%(n)d works are left out of it: this person got them before.",
        number,
    )
    return [said % {"n": number}]


def _reported(delivery: Delivery) -> list[str]:
    """Say what came back afterwards, newest first."""
    return [
        _("Reported on %(when)s: %(what)s. %(detail)s").strip()
        % {"when": _at(each.happened_at), "what": each.get_kind_display(), "detail": each.detail}
        for each in MailEvent.objects.filter(delivery=delivery)[:REPORTS]
    ]


def _answer(delivery: Delivery) -> str:
    return delivery.answer or _("nothing")


def _at(moment: datetime | None) -> str:
    if moment is None:
        return _("an unknown day")
    return date_format(timezone.localtime(moment), "F j, Y, H:i")
