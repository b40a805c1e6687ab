from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.actions.consenting import Circumstances
from newsletter.actions.privacy import erase
from newsletter.actions.purging import purge_unconfirmed
from newsletter.actions.suppressing import suppress
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import parse
from newsletter.explaining import why
from newsletter.models import (
    Delivery,
    Digest,
    Issue,
    MailEvent,
    Subscriber,
    Subscription,
    SuppressionReason,
)
from tests.newsletter.conftest import the_list
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.test_admin import signed_in

NOW = timezone.now()
HASH = "0" * 64


@pytest.fixture
def person(db) -> Subscriber:
    return a_subscriber("kim@example.org", lists=[the_list()])


@pytest.fixture
def issue(db) -> Issue:
    issue = Issue.objects.create(
        subject="Weekly", status="sending", started_at=NOW + timedelta(minutes=5), candidates=1
    )
    issue.lists.add(the_list())
    return issue


def delivery(issue: Issue, person: Subscriber, status: str, **facts) -> Delivery:
    return Delivery.objects.create(issue=issue, subscriber=person, status=status, **facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "queued"}, "Still waiting to be sent"),
        ({"status": "claimed", "claimed_by": 1, "claimed_at": NOW}, "a sender took the message"),
        ({"status": "sending", "claimed_by": 1, "claimed_at": NOW}, "handed to the mail server"),
        ({"status": "sent", "sent_at": NOW, "answer": "250 2.0.0 Ok"}, "answered: 250 2.0.0 Ok"),
        ({"status": "deferred", "try_again_at": NOW, "attempts": 1, "answer": "451 Later"},
         "1 attempt so far"),
        ({"status": "deferred", "try_again_at": NOW, "attempts": 2, "answer": "451 Later"},
         "It answered: 451 Later"),
        ({"status": "failed", "answer": "550 No such user"}, "Refused by the mail server with: 5"),
        ({"status": "unknown", "claimed_at": NOW}, "The connection broke"),
        ({"status": "excluded", "exclusion": "suppressed"}, "the address was suppressed"),
        ({"status": "excluded", "exclusion": "paused"}, "had paused all mail"),
        ({"status": "excluded", "exclusion": "digest"}, "gets a digest instead (“Each issue”)"),
        ({"status": "excluded", "exclusion": "nothing_new"}, "had got everything in it before"),
        ({"status": "excluded", "exclusion": "cancelled"}, "the issue was cancelled"),
        ({"status": "excluded", "exclusion": "unsubscribed"}, "had unsubscribed after"),
    ],
)  # fmt: skip
def test_each_outcome_has_its_words(person, issue, facts, said):
    delivery(issue, person, **facts)
    [sentence] = why(person, issue)
    assert said in sentence
    assert why(parse("KIM@example.org"), issue) == [sentence]


def test_a_paused_issue_says_so(person, issue):
    delivery(issue, person, "queued")
    Issue.objects.update(status="paused")
    issue.refresh_from_db()
    assert why(person, issue) == ["Still waiting: sending of this issue is paused."]


def test_the_day_of_leaving_and_of_the_end_of_a_pause_are_named(person, issue):
    row = delivery(issue, person, "excluded", exclusion="unsubscribed")
    unsubscribe(person.pk, where=Circumstances())
    [sentence] = why(person, issue)
    assert f"unsubscribed on {timezone.localtime():%B}" in sentence
    Delivery.objects.filter(pk=row.pk).update(exclusion="paused")
    Subscriber.objects.update(paused_until="2031-05-02")
    assert "until May 2, 2031" in why(person, issue)[0]


def test_what_came_back_and_what_was_left_out_is_told(person, issue):
    row = delivery(issue, person, "sent", sent_at=NOW, left_out=0b101)
    MailEvent.objects.create(
        kind="soft", subscriber=person, delivery=row, address_hash=HASH, fingerprint=HASH,
        detail="452 mailbox full", source="dsn",
    )  # fmt: skip
    sent, left_out, reported = why(person, issue)
    assert sent.startswith("Sent on")
    assert left_out.startswith("2 works are left out")
    assert "Could not be delivered for now. 452 mailbox full" in reported


def test_suppression_is_told_with_its_reason(person, issue):
    suppress(parse("kim@example.org"), reason=SuppressionReason.COMPLAINT)
    row = delivery(issue, person, "excluded", exclusion="suppressed")
    assert "(Reported as spam): nothing is sent" in why(person, issue)[1]
    row.delete()
    assert "(Reported as spam)" in why(person, issue)[-1]


def test_whoever_was_not_counted_learns_where_each_list_stood(person, issue):
    subscription = Subscription.objects.get()
    issue.lists.add(a_list("Trade"))
    Subscription.objects.update(confirmed_at=issue.started_at + timedelta(hours=1))
    counted, later, never = why(person, issue)
    assert counted.startswith("When the audience was counted on")
    assert later.startswith("“New publications”: subscribed on")
    assert "after the audience was counted" in later
    assert never == "“Trade”: never subscribed."
    Subscription.objects.update(confirmed_at=NOW - timedelta(days=1))
    assert "subscribed since" in why(person, issue)[1]
    Subscription.objects.update(status="pending", confirmed_at=None)
    assert "and not confirmed since" in why(person, issue)[1]
    subscription.refresh_from_db()
    unsubscribe(person.pk, where=Circumstances())
    assert "“New publications”: unsubscribed on" in why(person, issue)[1]


def test_a_digest_is_for_those_who_chose_it(person, issue):
    issue.digest = Digest.objects.create(mailing_list=the_list(), frequency="weekly")
    issue.save()
    assert why(person, issue)[-1] == (
        "The issue is a digest for “Once a week”; this person chose “Each issue”."
    )
    Subscriber.objects.update(frequency="weekly")
    assert "digest" not in " ".join(why(person, issue))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "draft"}, "it is a draft"),
        ({"status": "scheduled", "scheduled_for": NOW}, "it is scheduled for"),
        ({"status": "cancelled"}, "cancelled before sending began"),
    ],
)
def test_an_issue_that_has_not_begun_says_so(person, facts, said):
    [sentence] = why(person, Issue.objects.create(subject="Next", **facts))
    assert said in sentence


def test_strangers_and_the_erased_are_told_apart(person, issue, visitor, inbox):
    assert why(parse("new@example.org"), issue) == ["Nobody with this address is stored."]
    address = parse(person.address)
    erase(person.pk, Circumstances())
    assert why(address, issue)[0].startswith("The person with this address was erased on")
    visitor.sign_up("asked@example.org")
    inbox()
    Subscription.objects.update(requested_at=NOW - timedelta(days=31))
    Subscriber.objects.update(created_at=NOW - timedelta(days=31))
    purge_unconfirmed()
    [sentence] = why(parse("asked@example.org"), issue)
    assert "is stored any more. Last known of it: “Requested”" in sentence


PAGE = "/admin/newsletter/subscriber/why/"


def test_the_desk_answers_for_an_issue_and_an_address(person, issue):
    delivery(issue, person, "failed", answer="550 <script>")
    client = signed_in("view_subscriber", "view_delivery")
    assert "Weekly" in client.get(f"{PAGE}?issue={issue.pk}").content.decode()
    page = client.get(f"{PAGE}?issue={issue.pk}&address=Kim@example.org").content.decode()
    assert "Refused by the mail server with: 550 &lt;script&gt;" in page
    assert f"/admin/newsletter/subscriber/{person.pk}/change/" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("issue={pk}&address=nonsense", "there is no @ in it"),
        ("issue={pk}&address=", "This field is required"),
        ("issue=x&address=kim@example.org", "Select a valid choice"),
        ("issue=999999999999&address=kim@example.org", "Select a valid choice"),
        ("issue=²&address=kim@example.org", "Select a valid choice"),
    ],
)
def test_the_desk_says_what_it_did_not_understand(person, issue, typed, said):
    client = signed_in("view_subscriber", "view_delivery")
    page = client.get(f"{PAGE}?{typed.format(pk=issue.pk)}")
    assert page.status_code == 200
    assert said in page.content.decode()


def test_an_old_issue_is_offered_where_a_link_names_it(person, issue):
    Issue.objects.bulk_create(Issue(subject=f"Later {each}") for each in range(101))
    Issue.objects.exclude(pk=issue.pk).update(created_at=NOW + timedelta(days=1))
    client = signed_in("view_subscriber", "view_delivery")
    assert "Weekly" not in client.get(PAGE).content.decode()
    assert "Weekly" in client.get(f"{PAGE}?issue={issue.pk}").content.decode()


def test_asking_needs_the_rights_to(db):
    assert signed_in("view_subscriber").get(PAGE).status_code == 403
    assert signed_in("view_delivery").get(PAGE).status_code == 403
