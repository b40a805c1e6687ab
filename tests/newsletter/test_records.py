from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.actions.suppressing import lift, suppress
from newsletter.addresses import parse
from newsletter.models import (
    Confirmation,
    ConsentEvent,
    Delivery,
    Issue,
    IssueItem,
    MailingList,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from tests.factories import a_work
from tests.newsletter.conftest import the_list

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def a_subscriber(address="reader@example.org") -> Subscriber:
    return Subscriber.objects.create(address=address, normalized=address)


def an_event(**facts) -> ConsentEvent:
    return ConsentEvent.objects.create(
        **{"kind": "requested", "address_hash": "0" * 64, "mailing_list": the_list(), **facts}
    )


def an_issue(**facts) -> Issue:
    return Issue.objects.create(**{"subject": "New this week", **facts})


def test_consent_events_are_never_changed():
    event = an_event(subscriber=a_subscriber())
    for change in ({"kind": "confirmed"}, {"network": ""}, {"subscriber": None, "kind": "erased"}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            ConsentEvent.objects.filter(pk=event.pk).update(**change, text="another")
    event.text = "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    event.refresh_from_db()
    assert (event.kind, event.text) == ("requested", "")


def test_consent_events_are_never_deleted():
    event = an_event()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        event.delete()
    assert ConsentEvent.objects.filter(pk=event.pk).exists()


def test_consent_events_outlive_the_subscriber():
    subscriber = a_subscriber()
    event = an_event(subscriber=subscriber)
    subscriber.delete()
    event.refresh_from_db()
    assert (event.subscriber, event.address_hash) == (None, "0" * 64)


def test_suppression_outlives_the_subscriber_and_a_new_secret_key(settings):
    a_subscriber("reader@example.org").delete()
    suppress(parse("Reader@example.org"), reason=SuppressionReason.COMPLAINT)
    assert "reader" not in str(Suppression.objects.values())
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "k" * 50, [old]
    again = suppress(parse("reader@EXAMPLE.org"), reason=SuppressionReason.STAFF)
    assert Suppression.objects.get() == again
    assert again.reason == "complaint"
    lift(again)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({"status": "pending"}, True),
        ({"status": "pending", "confirmed_at": NOW}, False),
        ({"status": "pending", "unsubscribed_at": NOW}, False),
        ({"status": "active"}, False),
        ({"status": "active", "confirmed_at": NOW}, True),
        ({"status": "active", "confirmed_at": NOW, "unsubscribed_at": NOW}, False),
        ({"status": "unsubscribed"}, False),
        ({"status": "unsubscribed", "unsubscribed_at": NOW}, True),
        ({"status": "unsubscribed", "confirmed_at": NOW, "unsubscribed_at": NOW}, True),
        ({"status": "paused"}, False),
    ],
)
def test_the_dates_of_a_subscription_match_its_status(facts, holds):
    make = lambda: Subscription.objects.create(  # noqa: E731
        subscriber=a_subscriber(), mailing_list=the_list(), **facts
    )
    if holds:
        make()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"subject": " "}, False),
        ({"subject": "One\r\nBcc: two@example.org"}, False),
        ({"status": "scheduled"}, False),
        ({"status": "scheduled", "scheduled_for": NOW}, True),
        ({"status": "sending", "started_at": NOW}, False),
        ({"status": "sending", "started_at": NOW, "candidates": 3}, True),
        ({"status": "sent", "started_at": NOW, "candidates": 3}, False),
        ({"status": "sent", "started_at": NOW, "candidates": 3, "finished_at": NOW}, True),
        ({"status": "cancelled"}, True),
        ({"status": "lost"}, False),
    ],
)
def test_an_issue_has_what_its_status_needs(facts, holds):
    if holds:
        an_issue(**facts)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            an_issue(**facts)


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"status": "claimed"}, False),
        ({"status": "claimed", "claimed_by": 7, "claimed_at": NOW}, True),
        ({"status": "sent"}, False),
        ({"status": "sent", "sent_at": NOW}, True),
        ({"status": "queued", "sent_at": NOW}, False),
        ({"status": "deferred"}, False),
        ({"status": "deferred", "try_again_at": NOW}, True),
        ({"status": "excluded"}, False),
        ({"status": "excluded", "exclusion": "suppressed"}, True),
        ({"status": "failed", "exclusion": "suppressed"}, False),
        ({"status": "lost"}, False),
    ],
)
def test_a_delivery_has_what_its_status_needs(facts, holds):
    make = lambda: Delivery.objects.create(  # noqa: E731
        issue=an_issue(), subscriber=a_subscriber(), **facts
    )
    if holds:
        make()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_an_issue_is_delivered_once_to_each_and_the_row_outlives_the_person():
    issue, subscriber = an_issue(), a_subscriber()
    delivery = Delivery.objects.create(issue=issue, subscriber=subscriber)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(issue=issue, subscriber=subscriber)
    subscriber.delete()
    delivery.refresh_from_db()
    assert delivery.subscriber is None


def test_an_issue_is_composed_of_publications_in_order():
    issue, first, second = an_issue(), a_work("First"), a_work("Second")
    IssueItem.objects.create(issue=issue, publication=second, position=2)
    IssueItem.objects.create(issue=issue, publication=first, position=1, headline="Read this")
    assert [str(each) for each in issue.items.all()] == ["Read this", "Second"]
    with pytest.raises(IntegrityError), transaction.atomic():
        IssueItem.objects.create(issue=issue, publication=first, position=3)


def test_a_link_expires_after_it_was_made_and_is_stored_as_a_hash():
    subscriber = a_subscriber()
    facts = {"subscriber": subscriber, "created_at": NOW, "expires_at": NOW + timedelta(hours=1)}
    for wrong in ({"token_hash": "secret"}, {"token_hash": "0" * 64, "expires_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Confirmation.objects.create(**{**facts, **wrong})
    Confirmation.objects.create(**facts, token_hash="0" * 64)


def test_a_network_in_the_proof_is_always_cut():
    for whole in ("198.51.100.7", "2001:db8::1", "198.51.100.7/32"):
        with pytest.raises(IntegrityError), transaction.atomic():
            an_event(network=whole)
    an_event(network="198.51.100.0/24")
    an_event(network="2001:db8:1::/48")


def test_there_is_one_list_from_the_start_and_it_is_preselected():
    assert list(MailingList.objects.values_list("name", "is_default", "is_public")) == [
        ("New publications", True, True)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        MailingList.objects.create(name="Hidden", slug="hidden", is_default=True, is_public=False)
