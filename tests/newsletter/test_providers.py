import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from newsletter.models import ConsentEvent, MailEvent, Subscriber, Subscription, Suppression
from tests.conftest import HttpsClient
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.reports import a_delivery

pytestmark = pytest.mark.django_db
SECRET = "provider:a-password-that-is-long"
# As an issue has it.
OURS = f"{'0a' * 20}@www.example.org"
KEY = "key-that-mailgun-signs-with"


@pytest.fixture(autouse=True)
def _keys(settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture
def reader() -> Subscriber:
    return a_subscriber("reader@example.org", lists=[a_list()])


def posted(provider: str, payload: Any, *, secret: str = SECRET) -> int:
    """Post as a provider does: without a cookie, a token or an origin of ours."""
    client = HttpsClient(enforce_csrf_checks=True)
    basic = base64.b64encode(secret.encode()).decode()
    return client.post(
        f"/newsletter/webhooks/{provider}/tracking/",
        payload if isinstance(payload, bytes) else json.dumps(payload),
        content_type="application/json",
        headers={"Authorization": f"Basic {basic}", "Origin": "https://provider.example"},
    ).status_code


def postmark(kind: str = "HardBounce", record: str = "Bounce", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": record,
        "Type": kind,
        "ID": 42,
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Email": "Reader@example.org",
        "BouncedAt": "2026-01-02T10:00:00Z",
        "Description": "The server was unable to deliver your message (unknown user).",
        "Details": "smtp;550 5.1.1 The email account does not exist.",
    } | more


def mailgun(event: str = "failed", *, key: str = KEY, **more: Any) -> dict[str, Any]:
    timestamp, token = "1767348000", "a" * 50
    signature = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": "event-1",
        "timestamp": 1767348000.5,
        "recipient": "reader@example.org",
        "severity": "permanent",
        "reason": "bounce",
        "message": {"headers": {"message-id": OURS}},
        "delivery-status": {"code": 550, "message": "5.1.1 The address is unknown"},
    }
    signed = {"timestamp": timestamp, "token": token, "signature": signature}
    return {"signature": signed, "event-data": data | more}


def test_a_bounce_that_a_provider_posts_suppresses(reader):
    assert posted("postmark", postmark()) == 200
    event = MailEvent.objects.get()
    assert (event.kind, event.subscriber, event.source) == ("hard", reader, "Postmark")
    assert event.status_code == "5.1.1"
    assert Suppression.objects.get().reason == "bounce"


def test_the_same_event_again_changes_nothing(reader):
    full = postmark("SoftBounce", Details="452 4.2.2 Mailbox full")
    assert posted("postmark", full) == posted("postmark", full) == 200
    reader.refresh_from_db()
    assert reader.soft_bounces == 1
    assert posted("postmark", full | {"MessageID": "another", "ID": 43}) == 200
    reader.refresh_from_db()
    assert reader.soft_bounces == 2
    assert not Suppression.objects.exists()


def test_a_complaint_that_a_provider_posts_ends_the_subscriptions(reader):
    assert posted("postmark", postmark("SpamComplaint", "SpamComplaint")) == 200
    assert Suppression.objects.get().reason == "complaint"
    assert Subscription.objects.get().status == "unsubscribed"


def test_who_unsubscribes_at_the_provider_is_unsubscribed_here(reader):
    change = {
        "RecordType": "SubscriptionChange",
        "Recipient": "reader@example.org",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "ChangedAt": "2026-01-02T10:00:00Z",
        "MessageID": "x",
    }
    assert posted("postmark", change) == 200
    assert Subscription.objects.get().status == "unsubscribed"
    assert not Suppression.objects.exists()
    event = ConsentEvent.objects.get(kind="unsubscribed")
    assert event.form_address == "/newsletter/webhooks/postmark/tracking/"


def test_what_a_provider_delivered_forgives_soft_bounces(reader):
    Subscriber.objects.update(soft_bounces=3)
    delivery = {
        "RecordType": "Delivery",
        "Recipient": "reader@example.org",
        "DeliveredAt": "2026-01-02T10:00:00Z",
        "MessageID": "x",
    }
    assert posted("postmark", delivery) == 200
    reader.refresh_from_db()
    assert reader.soft_bounces == 0
    assert not MailEvent.objects.exists()


@pytest.mark.parametrize("kind", ["Transient", "AutoResponder", "DnsError"])
def test_what_has_not_failed_is_no_event(reader, kind):
    assert posted("postmark", postmark(kind)) == 200
    assert not MailEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "effect"),
    [("BadEmailAddress", "hard"), ("Blocked", "soft"), ("DMARCPolicy", "soft")],
)
def test_what_a_provider_does_not_even_try_counts_by_its_reason(reader, kind, effect):
    assert posted("postmark", postmark(kind)) == 200
    assert MailEvent.objects.get().kind == effect
    assert Suppression.objects.exists() is (effect == "hard")


def test_a_signed_event_is_found_by_our_message_id():
    delivery = a_delivery(message_id=f"<{OURS}>")
    assert posted("mailgun", mailgun()) == 200
    event = MailEvent.objects.get()
    assert (event.kind, event.delivery, event.source) == ("hard", delivery, "Mailgun")
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize("secret", ["provider:wrong", ":", "provider:" + "a" * 5000])
@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_a_wrong_secret_is_refused(reader, provider, secret):
    payload = postmark() if provider == "postmark" else mailgun()
    assert posted(provider, payload, secret=secret) == 400
    assert not MailEvent.objects.exists()
    assert posted(provider, payload) == 200
    assert MailEvent.objects.exists()


def test_a_wrong_signature_is_refused(reader):
    assert posted("mailgun", mailgun(key="another")) == 400
    assert not MailEvent.objects.exists()
    assert posted("mailgun", mailgun()) == 200


def test_without_a_secret_there_is_no_such_page(reader, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert posted("postmark", postmark()) == 404
    assert not MailEvent.objects.exists()


def test_a_provider_without_its_key_or_name_is_not_there(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert posted("mailgun", mailgun()) == 404
    assert posted("nobody", {}) == 404


def test_mail_cannot_be_posted_in(reader):
    client = HttpsClient()
    assert client.post("/newsletter/webhooks/postmark/inbound/").status_code == 404


@pytest.mark.parametrize("garbage", [b"", b"{", b"\xff\xfe", b"not json"])
def test_garbage_is_refused(garbage):
    assert posted("postmark", garbage) == 400


def test_reading_the_address_changes_nothing(reader):
    client = HttpsClient()
    assert client.get("/newsletter/webhooks/postmark/tracking/").status_code == 405
    assert client.head("/newsletter/webhooks/postmark/tracking/").status_code == 200
