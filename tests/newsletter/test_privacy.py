import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.actions import privacy
from newsletter.actions.consenting import Circumstances
from newsletter.actions.privacy import erase, export
from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.mail.links import Recipient, token_for
from newsletter.models import (
    Confirmation,
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from tests.newsletter.conftest import link_in
from tests.newsletter.making import an_issue

OPEN = ["queued", "deferred"]


@pytest.fixture
def reader(visitor, inbox) -> Subscriber:
    """Somebody who signed up and confirmed."""
    visitor.sign_up("Reader@example.org")
    visitor.post(link_in(inbox()[0]))
    return Subscriber.objects.get()


@pytest.fixture
def path(reader) -> str:
    return f"/newsletter/privacy/{token_for(Recipient(reader.pk))}/"


def a_delivery(reader, status="sent", **facts) -> Delivery:
    times = {
        "sent": {"sent_at": timezone.now()},
        "deferred": {"try_again_at": timezone.now()},
        "claimed": {"claimed_by": 1, "claimed_at": timezone.now()},
    }
    facts = times.get(status, {}) | facts
    return Delivery.objects.create(
        issue=an_issue("Ships"), subscriber=reader, status=status, **facts
    )


def a_report(**facts) -> MailEvent:
    return MailEvent.objects.create(
        kind="soft", address_hash=parse("reader@example.org").hash, source="mailbox",
        fingerprint=parse(f"a{MailEvent.objects.count()}@example.org").hash,
        detail="<reader@example.org>: mailbox full", **facts,
    )  # fmt: skip


def download(visitor, path) -> dict:
    return json.loads(visitor.get(f"{path}data/").content)


def test_everything_stored_can_be_taken_along(visitor, reader, path):
    a_delivery(reader)
    a_report(subscriber=reader)
    suppress(parse("reader@example.org"), reason=SuppressionReason.BOUNCE)
    page = visitor.get(path)
    assert page.status_code == 200
    assert f'href="{path}data/"' in page.content.decode()
    answer = visitor.get(f"{path}data/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="newsletter-data.json"'
    assert "no-store" in answer["Cache-Control"]
    stored = json.loads(answer.content)
    assert stored["complete"] is True
    assert stored["subscriber"]["address"] == "Reader@example.org"
    assert [each["status"] for each in stored["subscriptions"]] == ["active"]
    assert [each["kind"] for each in stored["consent"]] == ["confirmed", "requested"]
    assert stored["consent"][1]["text"]
    assert [each["purpose"] for each in stored["links"]] == ["subscribe"]
    [delivery] = stored["deliveries"]
    assert (delivery["issue_subject"], delivery["status"]) == ("Ships", "sent")
    assert delivery["sent_at"]
    assert [each["detail"] for each in stored["reports"]] == ["<reader@example.org>: mailbox full"]
    assert [each["reason"] for each in stored["suppressions"]] == ["bounce"]
    assert "token" not in answer.content.decode()


def test_nothing_of_anybody_else_is_in_the_file(visitor, reader, path):
    visitor.sign_up("another@example.org")
    stored = download(visitor, path)
    assert "another" not in str(stored)
    assert len(stored["subscriptions"]) == len(stored["links"]) == 1


def test_a_long_history_is_cut_and_says_so(visitor, reader, path, monkeypatch):
    monkeypatch.setattr(privacy, "MOST_ROWS", 2)
    for _ in range(2):
        a_delivery(reader)
    assert download(visitor, path)["complete"] is True
    newest = a_delivery(reader, created_at=timezone.now() + timedelta(hours=1))
    stored = download(visitor, path)
    assert stored["complete"] is False
    assert len(stored["deliveries"]) == 2
    assert stored["deliveries"][0]["created_at"][:16] == newest.created_at.isoformat()[:16]


def test_the_file_costs_the_same_queries_however_much_there_is(reader):
    def queries() -> int:
        with CaptureQueriesContext(connection) as done:
            export(reader.pk)
        return len(done)

    before = queries()
    for _ in range(5):
        a_delivery(reader)
        a_report(subscriber=reader)
    assert queries() == before


def test_who_is_not_stored_has_no_file(visitor, reader, path):
    assert export(reader.pk + 1) == {}
    Subscriber.objects.all().delete()
    answer = visitor.get(f"{path}data/")
    assert answer.status_code == 200
    assert "Nothing is stored about you" in answer.content.decode()


# --- Erasing ----------------------------------------------------------------------------


def test_the_box_comes_before_the_button(visitor, reader, path):
    for data in ({}, {"sure": ""}, {"List-Unsubscribe": "One-Click"}):
        answer = visitor.post(path, data)
        assert answer.status_code == 422
        assert "Tick the box first" in answer.content.decode()
    assert visitor.post(f"{path}data/", {"sure": "on"}).status_code == 200
    assert Subscriber.objects.exists()


def test_erasing_leaves_nothing_that_names_the_person(visitor, reader, path):
    sent = a_delivery(reader, answer="250 ok for reader@example.org")
    report = a_report(delivery=sent)
    answer = visitor.post(path, {"sure": "on"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Nothing is stored about you" in answer.content.decode()
    for model in (Subscriber, Subscription, Confirmation):
        assert not model.objects.exists()
    kept = Delivery.objects.get()
    assert (kept.pk, kept.status, kept.subscriber, kept.answer) == (sent.pk, "sent", None, "")
    report.refresh_from_db()
    assert (report.subscriber, report.detail) == (None, "")
    kinds = ["requested", "confirmed", "erased"]
    proof = ConsentEvent.objects.order_by("pk")
    assert [each.kind for each in proof] == kinds
    assert {each.subscriber for each in proof} == {None}
    assert {each.address_hash for each in proof} == {parse("reader@example.org").hash}
    assert (proof.last().mailing_list, proof.last().network) == (None, "127.0.0.0/24")
    assert proof.last().form_address == "/newsletter/privacy/"


@pytest.mark.parametrize("status", OPEN)
def test_what_was_not_sent_yet_is_not_sent(reader, status):
    a_delivery(reader, status=status)
    erase(reader.pk, Circumstances())
    assert Delivery.objects.values_list("status", "exclusion").get() == ("excluded", "erased")


@pytest.mark.parametrize("status", ["claimed", "sent", "failed", "unknown"])
def test_what_became_of_a_message_stays_in_the_accounts(reader, status):
    a_delivery(reader, status=status)
    erase(reader.pk, Circumstances())
    assert Delivery.objects.values_list("status", "exclusion").get() == (status, "")


def test_erasing_twice_is_harmless(visitor, reader, path):
    assert erase(reader.pk, Circumstances()) is True
    assert erase(reader.pk, Circumstances()) is False
    assert visitor.post(path, {"sure": "on"}).status_code == 200
    assert ConsentEvent.objects.filter(kind="erased").count() == 1


def test_erasing_is_not_suppressing(visitor, inbox, reader):
    erase(reader.pk, Circumstances())
    assert not Suppression.objects.exists()
    visitor.sign_up("another@example.org")
    assert Subscriber.objects.get().address == "another@example.org"


def test_a_suppression_survives(visitor, inbox, reader):
    suppress(parse("reader@example.org"), reason=SuppressionReason.COMPLAINT)
    erase(reader.pk, Circumstances())
    assert Suppression.objects.get().reason == "complaint"


def test_nobody_else_is_touched(visitor, inbox, reader):
    visitor.sign_up("another@example.org")
    another = Subscriber.objects.get(normalized="another@example.org")
    a_delivery(another, status="queued", answer="250 ok")
    erase(reader.pk, Circumstances())
    assert [each.address for each in Subscriber.objects.all()] == ["another@example.org"]
    assert Subscription.objects.get().status == "pending"
    assert Delivery.objects.values_list("status", "answer").get() == ("queued", "250 ok")
    assert Confirmation.objects.get().subscriber == another
