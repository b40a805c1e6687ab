from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from newsletter.actions.mail_events import delivered, refused, take_in_all
from newsletter.addresses import parse
from newsletter.bounces.reading import read
from newsletter.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.conftest import HttpsClient
from tests.factories import a_user
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.reports import FULL, a_bounce, a_complaint, a_delivery, days_ago, headers_of

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def arrives(raw: bytes) -> list[MailEvent]:
    """Take in a message as the command does."""
    return take_in_all(read(raw), "mail")


def is_suppressed(address: str = "reader@example.org", reason: str = "bounce") -> bool:
    hashes = parse(address).hashes
    return Suppression.objects.filter(address_hash__in=hashes, reason=reason).exists()


def test_a_hard_bounce_suppresses_the_address_and_keeps_the_subscription():
    delivery = a_delivery()
    [event] = arrives(a_bounce(original=headers_of(delivery)))
    assert is_suppressed()
    assert (event.kind, event.subscriber, event.delivery) == ("hard", delivery.subscriber, delivery)
    assert event.status_code == "5.1.1"
    assert event.source == "mail"
    assert "User unknown" in event.detail
    assert Subscription.objects.get().status == "active"
    assert Subscriber.objects.get().bounced_at


def test_a_complaint_suppresses_the_address_and_ends_the_subscriptions():
    delivery = a_delivery()
    [event] = arrives(a_complaint(original=headers_of(delivery)))
    assert event.kind == "complaint"
    assert is_suppressed(reason="complaint")
    assert Subscription.objects.get().status == "unsubscribed"
    assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 1


@pytest.mark.parametrize("proof", ["token", "id"])
def test_who_complained_is_known_by_our_link_or_message_id_alone(proof):
    delivery = a_delivery(status="failed")
    original = headers_of(delivery, with_token=proof == "token", with_id=proof == "id")
    original = original.replace("To: reader@example.org\n", "")
    [event] = arrives(a_complaint(original=original))
    assert event.subscriber == delivery.subscriber
    assert event.delivery == delivery
    assert is_suppressed(reason="complaint")


def test_the_same_report_again_changes_nothing():
    raw = a_bounce(FULL, status="4.2.2", original=headers_of(a_delivery()))
    assert len(arrives(raw)) == 1
    assert arrives(raw) == []
    assert Subscriber.objects.get().soft_bounces == 1
    assert MailEvent.objects.count() == 1


def test_the_same_failure_counts_once_whoever_reports_it():
    delivery = a_delivery()
    arrives(a_bounce(original=headers_of(delivery)))
    assert arrives(a_bounce(original=headers_of(delivery), number=2)) == []
    assert refused(delivery.pk, "550", "550 5.1.1 User unknown") is None
    assert MailEvent.objects.count() == 1


def test_of_an_address_that_is_nobodys_an_event_is_kept_and_nothing_else():
    [event] = arrives(a_bounce(recipient="stranger@example.com"))
    assert event.subscriber is None
    assert event.address_hash == parse("stranger@example.com").hash
    assert not Suppression.objects.exists()


def test_a_forged_bounce_has_no_consequences():
    a_subscriber("reader@example.org", lists=[a_list()])
    [event] = arrives(a_bounce(original="Message-ID: <invented@www.example.org>"))
    assert event.subscriber
    arrives(a_complaint(original="To: reader@example.org\nMessage-ID: <x@y>"))
    forged = "https://www.example.org/newsletter/unsubscribe/1.1:forged/"
    arrives(a_complaint(original=f"To: reader@example.org\nList-Unsubscribe: <{forged}>", number=2))
    assert not Suppression.objects.exists()
    assert Subscription.objects.get().status == "active"
    assert Subscriber.objects.get().bounced_at is None


@pytest.mark.parametrize(("days", "is_believed"), [(29, True), (31, False)])
def test_without_proof_a_bounce_is_believed_for_30_days_after_something_was_sent(days, is_believed):
    a_delivery(sent_at=days_ago(days))
    arrives(a_bounce())
    assert is_suppressed() is is_believed


def test_nobody_can_take_off_somebody_else_with_their_own_message():
    theirs = a_delivery()
    a_subscriber("victim@example.org", lists=[a_list()])
    arrives(a_bounce(recipient="victim@example.org", original=headers_of(theirs)))
    assert not is_suppressed("victim@example.org")
    assert is_suppressed("reader@example.org")


def test_mail_that_was_forwarded_counts_for_whom_it_was_sent_to():
    delivery = a_delivery()
    [event] = arrives(a_bounce(recipient="kim@elsewhere.example", original=headers_of(delivery)))
    assert event.subscriber == delivery.subscriber
    assert is_suppressed("reader@example.org")
    assert not is_suppressed("kim@elsewhere.example")


def test_a_report_on_somebody_who_was_erased_does_nothing():
    delivery = a_delivery()
    raw = a_bounce(original=headers_of(delivery))
    Subscriber.objects.all().delete()
    assert arrives(raw) == []
    assert not Suppression.objects.exists()


def test_one_report_for_several_recipients():
    reports = [*read(a_bounce()), *read(a_bounce(recipient="not an address"))]
    a_delivery()
    assert [each.kind for each in take_in_all(reports, "mail")] == ["hard"]


def soft_bounces_every(days: float, times: int, *, subscriber: Subscriber) -> None:
    """An issue every so many days, each of which comes back as full."""
    for number in range(times):
        with time_machine.travel(NOW + timedelta(days=days * number), tick=False):
            delivery = a_delivery(subscriber)
            arrives(a_bounce(FULL, status="4.2.2", original=headers_of(delivery), number=number))


@pytest.mark.parametrize(
    ("days", "times", "is_over"),
    [(2, 4, False), (2, 5, True), (7, 4, False), (7, 5, True), (1, 5, False), (1, 8, True)],
)
def test_five_soft_bounces_over_a_week_are_a_hard_one(days, times, is_over):
    subscriber = a_subscriber("reader@example.org", lists=[a_list()])
    soft_bounces_every(days, times, subscriber=subscriber)
    subscriber.refresh_from_db()
    assert subscriber.soft_bounces == times
    assert is_suppressed() is is_over


def test_a_message_that_does_not_come_back_begins_the_count_anew():
    subscriber = a_subscriber("reader@example.org", lists=[a_list()])
    soft_bounces_every(7, 4, subscriber=subscriber)
    with time_machine.travel(NOW + timedelta(days=28), tick=False):
        a_delivery(subscriber)
    with time_machine.travel(NOW + timedelta(days=35), tick=False):
        arrives(a_bounce(FULL, status="4.2.2", original=headers_of(a_delivery(subscriber))))
    subscriber.refresh_from_db()
    assert subscriber.soft_bounces == 1
    assert not is_suppressed()


def test_a_message_that_failed_after_days_of_trying_is_no_success():
    subscriber = a_subscriber("reader@example.org", lists=[a_list()])
    with time_machine.travel(NOW, tick=False):
        first, second = a_delivery(subscriber), a_delivery(subscriber)
        arrives(a_bounce(FULL, status="4.2.2", original=headers_of(first)))
        Delivery.objects.filter(pk=second.pk).update(sent_at=NOW + timedelta(minutes=1))
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        arrives(a_bounce(FULL, status="4.2.2", original=headers_of(second)))
    subscriber.refresh_from_db()
    assert subscriber.soft_bounces == 2


def test_what_arrived_forgives_in_one_statement(django_assert_num_queries):
    failing = [a_subscriber(soft_bounces=3) for _ in range(3)]
    other = a_subscriber(soft_bounces=2)
    with django_assert_num_queries(1):
        assert delivered([each.pk for each in failing]) == 3
    assert set(Subscriber.objects.values_list("pk", "soft_bounces")) == {
        *((each.pk, 0) for each in failing),
        (other.pk, 2),
    }


@pytest.mark.parametrize(
    ("code", "text", "kind", "status"),
    [
        ("550", "5.1.1 <reader@example.org>: User unknown", "hard", "5.1.1"),
        ("550", "no such user here", "hard", "550"),
        ("552", "Mailbox full", "soft", "552"),
        ("554", "", "soft", "554"),
        ("550", "blocked\0", "soft", "550"),
    ],
)
def test_a_refusal_while_sending_counts_like_a_bounce(code, text, kind, status):
    delivery = a_delivery(status="failed", message_id="")
    event = refused(delivery.pk, code, text)
    assert (event.kind, event.status_code, event.source) == (kind, status, "smtp")
    assert event.delivery == delivery
    assert is_suppressed() is (kind == "hard")
    assert refused(delivery.pk, code, text) is None


def test_a_refusal_of_what_is_not_there_is_nothing():
    assert refused(0, "550", "User unknown") is None


EVENTS = "/admin/newsletter/mailevent/"


def test_staff_find_reports_by_the_whole_address_kind_and_source(staff):
    arrives(a_bounce(original=headers_of(a_delivery())))
    arrives(a_bounce(FULL, status="4.2.2", recipient="other@example.com", number=2))
    for query, found in {
        "": ["5.1.1", "4.2.2"],
        "q=Reader@example.org": ["5.1.1"],
        "q=other@example.com": ["4.2.2"],
        "q=reader": [],
        "kind=soft": ["4.2.2"],
        "source=mail": ["5.1.1", "4.2.2"],
        "source=smtp": [],
    }.items():
        page = staff.get(f"{EVENTS}?{query}").content.decode()
        for status in ("5.1.1", "4.2.2"):
            assert (f'field-status_code">{status}<' in page) == (status in found), query


def test_reports_are_read_and_never_changed(staff):
    [event] = arrives(a_bounce(original=headers_of(a_delivery())))
    page = staff.get(f"{EVENTS}{event.pk}/change/").content.decode()
    assert "User unknown" in page
    assert "reader@example.org" in page
    assert 'name="_save"' not in page
    assert staff.get(f"{EVENTS}add/").status_code == 403
    assert staff.post(f"{EVENTS}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{EVENTS}{event.pk}/change/", {"kind": "soft"}).status_code == 403


def test_reading_reports_needs_the_right_to():
    client = HttpsClient()
    client.force_login(a_user("view_subscriber"))
    assert client.get(EVENTS).status_code == 403
    client.force_login(a_user("view_mailevent"))
    assert client.get(EVENTS).status_code == 200


def test_the_list_costs_the_same_queries_however_long(staff, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as done:
            staff.get(EVENTS)
            return len(done)

    arrives(a_bounce(original=headers_of(a_delivery())))
    before = queries()
    for number in range(10):
        reader = a_subscriber()
        arrives(a_bounce(recipient=reader.address, number=number + 2))
    assert queries() == before
