"""What follows from a bounce, a complaint or a delivery."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kei_site.common.signing import keyed_hash
from newsletter.actions.consenting import Circumstances
from newsletter.actions.suppressing import suppress
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import Address, parse
from newsletter.bounces.reasons import kind_of, status_of
from newsletter.bounces.reports import MAX_DETAIL, MAX_STATUS, Report
from newsletter.mail.links import read_token
from newsletter.mail.prebuilt import is_message_id_of_ours
from newsletter.models import (
    Delivery,
    DeliveryStatus,
    MailEvent,
    MailEventKind,
    Subscriber,
    SuppressionReason,
)

FINGERPRINT_PURPOSE = "newsletter.mail_event"
# Without a proof that our message is meant, a report is believed for this long after one was sent.
BELIEVED_FOR = timedelta(days=30)
# So many temporary failures in a row, over so long a time, are a permanent one.
TOO_MANY_SOFT = 5
SOFT_FOR = timedelta(days=7)
# Mail servers try for five days before they give up (RFC 5321, 4.5.4.1).
SETTLED = timedelta(days=6)
SMTP_SOURCE = "smtp"
MAX_SOURCE = 40
MOST_SOFT = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a report is about, and whether it may have consequences."""

    address: Address
    subscriber: Subscriber | None = None
    delivery: Delivery | None = None
    is_believed: bool = False


@transaction.atomic
def take_in(report: Report, source: str, *, is_trusted: bool = False) -> MailEvent | None:
    """Record a report and do what follows from it; None if it is known or about nobody.

    May be repeated safely. Anybody can send us a forged bounce: it has consequences
    only if it comes from a trusted source, carries a Message-ID or a signed link of
    ours, or names somebody who was sent something in the last 30 days.
    """
    subject = _subject_of(report, is_trusted=is_trusted)
    return _record(report, source, subject) if subject else None


@transaction.atomic
def take_in_all(reports: Iterable[Report], source: str) -> list[MailEvent]:
    """Take in everything that one message reports, and return what was new."""
    return list(filter(None, (take_in(each, source) for each in reports)))


@transaction.atomic
def refused(delivery_id: int, code: str, text: str) -> MailEvent | None:
    """Take the answer 5xx that a mail server gave to one of our messages as a bounce."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    subject = _subject(delivery.subscriber_id, delivery, is_believed=True) if delivery else None
    if subject is None:
        return None
    status = status_of(text) or code
    kind = kind_of(text, status) or MailEventKind.SOFT_BOUNCE
    return _record(Report(kind=kind, status=status, detail=text), SMTP_SOURCE, subject)


def delivered(subscriber_ids: Collection[int]) -> int:
    """Forgive temporary failures to whom mail has arrived, and return to how many."""
    failing = Subscriber.objects.filter(pk__in=subscriber_ids, soft_bounces__gt=0)
    return failing.update(soft_bounces=0)


def delivered_to(address: str) -> int:
    """Do the same for whoever has this address."""
    return delivered(_ids_of(address))


def left(address: str, *, where: Circumstances) -> int:
    """Unsubscribe who left at a provider, and return from how many lists."""
    return sum(unsubscribe(each, where=where) for each in _ids_of(address))


def _ids_of(address: str) -> list[int]:
    known = _parsed(address)
    if known is None:
        return []
    return list(Subscriber.objects.filter(normalized=known.normalized).values_list("pk", flat=True))


def _parsed(address: str) -> Address | None:
    try:
        return parse(address)
    except ValidationError:
        return None


def _subject_of(report: Report, *, is_trusted: bool) -> Subject | None:
    """Find who is meant: the message that came back tells better than an address.

    Mail may have been forwarded; and whoever forges a report can name any address,
    but holds what was sent to one subscriber at most: to themselves.
    """
    address = _parsed(report.address)
    recipient = read_token(report.token) if report.token else None
    if recipient is not None:
        delivery = Delivery.objects.filter(
            issue=recipient.issue_id, subscriber=recipient.subscriber_id
        ).first()
        return _subject(recipient.subscriber_id, delivery, is_believed=True)
    if delivery := _delivery_with(report.message_id, address):
        return _subject(delivery.subscriber_id, delivery, is_believed=True)
    if address is None:
        return None
    subscriber = Subscriber.objects.filter(normalized=address.normalized).first()
    if subscriber is None:
        return Subject(address)
    return _subject(subscriber.pk, None, is_believed=is_trusted or _was_written_to(subscriber))


def _delivery_with(message_id: str, address: Address | None) -> Delivery | None:
    # Neither bounces of other mail of ours nor forged ones are worth a search of all deliveries.
    if not is_message_id_of_ours(message_id):
        return None
    ours = Delivery.objects.filter(message_id=message_id, subscriber__isnull=False)
    # Found by the index on subscribers; mail that was forwarded has to be searched for.
    theirs = address and ours.filter(subscriber__normalized=address.normalized).first()
    return theirs or ours.first()


def _subject(
    subscriber_id: int | None, delivery: Delivery | None, *, is_believed: bool
) -> Subject | None:
    """Hold the subscriber until the transaction ends; None for somebody who was erased."""
    if subscriber_id is None:
        return None
    held = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if held is None:
        return None
    return Subject(Address(held.address, held.normalized), held, delivery, is_believed)


def _was_written_to(subscriber: Subscriber) -> bool:
    return Delivery.objects.filter(
        subscriber=subscriber,
        status=DeliveryStatus.SENT,
        sent_at__gte=timezone.now() - BELIEVED_FOR,
    ).exists()


def _record(report: Report, source: str, subject: Subject) -> MailEvent | None:
    event, is_new = MailEvent.objects.get_or_create(
        fingerprint=_fingerprint(report, subject),
        defaults={
            "kind": report.kind,
            "subscriber": subject.subscriber,
            "delivery": subject.delivery,
            "address_hash": subject.address.hash,
            "status_code": report.status[:MAX_STATUS],
            "detail": _plain(report.detail)[:MAX_DETAIL],
            "source": _plain(source)[:MAX_SOURCE],
        },
    )
    if not is_new:
        return None
    if subject.subscriber is not None and subject.is_believed:
        _act(event, subject.subscriber, subject.address)
    return event


def _fingerprint(report: Report, subject: Subject) -> str:
    """Return the same for whatever says the same of the same message to the same person."""
    about = (
        f"delivery {subject.delivery.pk}"
        if subject.delivery
        else report.message_id or report.report_id or report.detail
    )
    parts = (report.kind, subject.address.normalized, about)
    return keyed_hash(FINGERPRINT_PURPOSE, "\n".join(parts))


def _plain(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\0", "")


def _act(event: MailEvent, subscriber: Subscriber, address: Address) -> None:
    """Do what follows from a report on a subscriber whose row is held."""
    match event.kind:
        case MailEventKind.HARD_BOUNCE:
            suppress(address, reason=SuppressionReason.BOUNCE)
        case MailEventKind.COMPLAINT:
            suppress(address, reason=SuppressionReason.COMPLAINT)
            unsubscribe(subscriber.pk, where=Circumstances())
            return
        case MailEventKind.SOFT_BOUNCE:
            before = 0 if _has_arrived_since(subscriber, event) else subscriber.soft_bounces
            # The column is small; nothing is sent any more long before it is full.
            subscriber.soft_bounces = min(before + 1, MOST_SOFT)
            if _is_failing_for_long(subscriber):
                suppress(address, reason=SuppressionReason.BOUNCE)
    subscriber.bounced_at = event.happened_at
    subscriber.save(update_fields=["bounced_at", "soft_bounces"])


def _has_arrived_since(subscriber: Subscriber, event: MailEvent) -> bool:
    """Say whether something was sent after the last bounce and did not come back in time."""
    if subscriber.bounced_at is None:
        return True
    sent = Delivery.objects.filter(
        subscriber=subscriber,
        status=DeliveryStatus.SENT,
        sent_at__gt=subscriber.bounced_at,
        sent_at__lt=event.happened_at - SETTLED,
    )
    return (sent.exclude(pk=event.delivery_id) if event.delivery_id else sent).exists()


def _is_failing_for_long(subscriber: Subscriber) -> bool:
    """Say whether the failures in a row are enough, and the first of them is old enough."""
    if subscriber.soft_bounces < TOO_MANY_SOFT:
        return False
    failures = MailEvent.objects.filter(subscriber=subscriber, kind=MailEventKind.SOFT_BOUNCE)
    times = failures.order_by("-happened_at").values_list("happened_at", flat=True)
    in_a_row = list(times[: subscriber.soft_bounces])
    return in_a_row[-1] <= in_a_row[0] - SOFT_FOR
