"""Issues on their way: to a real mail server, through real commits, past every breakdown."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier, Event

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.actions import sending
from newsletter.actions.consenting import Circumstances
from newsletter.actions.suppressing import suppress
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import Address
from newsletter.models import (
    Delivery,
    Digest,
    Issue,
    NewsletterSettings,
    Subscriber,
    Subscription,
    SuppressionReason,
)
from newsletter.sending import overseer
from newsletter.sending import sender as sender_module
from newsletter.sending.queue import Queue
from newsletter.sending.relays import FileRelay
from newsletter.sending.sender import Sender
from tests.factories import a_work
from tests.newsletter.conformity import leave, problems_of
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.newsletter.senders import and_close, once, reasons, relay_to, send, statuses
from tests.newsletter.sink import Mailbox, free_port, mail_server

NOBODY = Circumstances()


# --- Everybody gets it once ---------------------------------------------------
def test_everybody_gets_one_message_and_the_accounting_closes(mailbox, readers):
    a_subscriber("pending@example.org", lists=[readers], status="pending")
    a_subscriber("gone@example.org", lists=[readers], status="unsubscribed")
    a_subscriber("other@example.org", lists=[a_list("Another")])
    issue = sending.start(an_issue(lists=[readers]).pk)
    send(mailbox)
    assert sorted(mailbox.recipients) == [f"reader{number}@example.org" for number in range(10)]
    issue.refresh_from_db()
    assert (issue.status, issue.candidates, statuses(issue)) == ("sent", 10, {"sent": 10})
    assert issue.deliveries.exclude(message_id="").exclude(answer="").count() == 10


def test_who_is_on_two_of_its_lists_gets_it_once(mailbox, readers):
    other = a_list("Another")
    a_subscriber("both@example.org", lists=[readers, other])
    sending.start(an_issue(lists=[readers, other]).pk)
    send(mailbox)
    assert Counter(mailbox.recipients)["both@example.org"] == 1


def test_each_message_has_its_own_way_out(mailbox, readers):
    sending.start(an_issue(lists=[readers]).pk)
    send(mailbox)
    first, second = mailbox.parsed("reader0@example.org"), mailbox.parsed("reader1@example.org")
    assert first["To"] == "reader0@example.org"
    assert first["List-Unsubscribe"] != second["List-Unsubscribe"]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Message-ID"] != second["Message-ID"]
    way_out = first["List-Unsubscribe"].strip("<>")
    assert way_out in first.get_body(["plain"]).get_content()
    assert way_out in first.get_body(["html"]).get_content()


def test_each_of_100_sent_messages_leads_out_by_one_click(mailbox, readers):
    for number in range(90):
        a_subscriber(f"more{number}@example.org", lists=[readers])
    issue = sending.start(an_issue(lists=[readers]).pk)
    send(mailbox)
    assert len(mailbox.messages) == 100
    seen = set()
    for address, raw in mailbox.messages:
        assert not problems_of(raw, address)
        message = message_from_bytes(raw, policy=policy.SMTP)
        seen.add(message["Message-ID"])
        assert leave(message) == 200
    assert len(seen) == 100
    assert seen == set(issue.deliveries.values_list("message_id", flat=True))
    assert set(Subscription.objects.values_list("status", flat=True)) == {"unsubscribed"}


def test_the_audience_is_written_in_one_statement_however_large(committed, readers):
    def statements(issue: Issue) -> list[str]:
        with CaptureQueriesContext(connection) as done:
            sending.start(issue.pk)
        return [each["sql"] for each in done if "newsletter_delivery" in each["sql"]]

    few = statements(an_issue("Few", lists=[readers]))
    for number in range(20):
        a_subscriber(f"more{number}@example.org", lists=[readers])
    assert len(statements(an_issue("Many", lists=[readers]))) == len(few) == 1


def test_two_senders_share_the_work(mailbox, readers, monkeypatch):
    monkeypatch.setattr(sender_module, "BATCH", 20)
    for number in range(140):
        a_subscriber(f"more{number}@example.org", lists=[readers])
    issue = sending.start(an_issue(lists=[readers]).pk)
    begin = Barrier(2)

    def one(_number: int) -> None:
        begin.wait()
        Sender(relay_to(mailbox.port), Event()).run(until_empty=True)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(one, range(2)))
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 150
    assert issue.deliveries.values("claimed_by").distinct().count() == 2


def test_twenty_who_press_send_at_once_send_once(committed, readers):
    issue = an_issue(lists=[readers])
    begin = Barrier(20)

    def press(_number: int) -> bool:
        try:
            begin.wait()
            sending.start(issue.pk)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(press, range(20))) == 1
    assert Delivery.objects.count() == 10


def test_two_overseers_start_a_scheduled_issue_once(mailbox, readers):
    issue = an_issue(lists=[readers])
    sending.schedule(issue.pk, timezone.now() + timedelta(hours=1))
    overseer.tick()
    assert Issue.objects.get().status == "scheduled"
    Issue.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    begin = Barrier(2)

    def tick(_number: int) -> None:
        begin.wait()
        and_close(overseer.start_scheduled)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(tick, range(2)))
    send(mailbox)
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 10


# --- Who must not get it ------------------------------------------------------
@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda reader: unsubscribe(reader.pk, where=NOBODY), "unsubscribed"),
        (
            lambda reader: suppress(
                Address(reader.address, reader.normalized), reason=SuppressionReason.COMPLAINT
            ),
            "suppressed",
        ),
        (
            lambda reader: Subscriber.objects.filter(pk=reader.pk).update(
                paused_until=timezone.localdate() + timedelta(days=3)
            ),
            "paused",
        ),
    ],
)
def test_who_leaves_while_it_is_sent_gets_nothing_that_starts_later(mailbox, readers, act, reason):
    issue = sending.start(an_issue(lists=[readers]).pk)
    last = Subscriber.objects.get(address="reader9@example.org")
    mailbox.on_text = once(lambda: act(last))
    send(mailbox)
    assert last.address not in mailbox.recipients
    assert len(mailbox.recipients) == 9
    assert reasons(issue) == {last.address: reason}
    issue.refresh_from_db()
    assert issue.status == "sent"


def test_an_erased_person_is_counted_and_gets_nothing(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    Subscriber.objects.get(address="reader9@example.org").delete()
    send(mailbox)
    assert len(mailbox.recipients) == 9
    assert reasons(issue) == {"None": "erased"}


def test_who_paused_or_gets_a_digest_is_excluded_from_the_start(mailbox, readers):
    tomorrow = timezone.localdate() + timedelta(days=1)
    a_subscriber("paused@example.org", lists=[readers], paused_until=tomorrow)
    a_subscriber("digest@example.org", lists=[readers], frequency="weekly")
    a_subscriber("monthly@example.org", lists=[readers], frequency="monthly")
    Digest.objects.create(mailing_list=readers, frequency="weekly")
    issue = sending.start(an_issue(lists=[readers]).pk)
    send(mailbox)
    assert reasons(issue) == {"paused@example.org": "paused", "digest@example.org": "digest"}
    # There is no monthly digest: better an issue too many than none.
    assert "monthly@example.org" in mailbox.recipients


def test_a_digest_leaves_out_what_its_subscriber_got_before(mailbox, readers):
    both = a_list("Both")
    old, new = a_work("An older work"), a_work("A newer work")
    a_subscriber("once@example.org", lists=[readers], frequency="weekly")
    a_subscriber("twice@example.org", lists=[readers, both], frequency="weekly")
    digest = Digest.objects.create(mailing_list=readers, frequency="weekly")
    other = Digest.objects.create(mailing_list=both, frequency="weekly")
    sending.start(an_issue("One", lists=[both], works=[old], digest=other).pk)
    send(mailbox)
    sending.start(an_issue("Two", lists=[readers], works=[old, new], digest=digest).pk)
    send(mailbox)
    texts = {address: raw.decode() for address, raw in mailbox.messages if b"Subject: Two" in raw}
    assert "An older work" in texts["once@example.org"]
    assert "An older work" not in texts["twice@example.org"]
    assert all("A newer work" in text for text in texts.values())
    last = sending.start(an_issue("Three", lists=[readers], works=[new], digest=digest).pk)
    send(mailbox)
    assert set(reasons(last).values()) == {"nothing_new"}


# --- Brakes -------------------------------------------------------------------
def test_a_pause_takes_effect_at_the_next_message(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_text = once(lambda: sending.pause(issue.pk))
    send(mailbox)
    assert len(mailbox.recipients) == 1
    assert statuses(issue) == {"sent": 1, "queued": 9}
    sending.resume(issue.pk)
    send(mailbox)
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 10


def test_a_cancelled_issue_says_who_did_not_get_it(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_text = once(lambda: sending.cancel(issue.pk))
    send(mailbox)
    assert len(mailbox.recipients) == 1
    assert statuses(issue) == {"sent": 1, "excluded": 9}
    assert set(reasons(issue).values()) == {"cancelled"}
    with pytest.raises(ValidationError, match="cannot be done any more"):
        sending.resume(issue.pk)


def test_a_sender_that_is_told_to_stop_finishes_the_message_in_hand(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    stop = Event()
    mailbox.on_text = lambda _address: stop.set()
    send(mailbox, stop)
    assert len(mailbox.recipients) == 1
    assert statuses(issue) == {"sent": 1, "queued": 9}


def test_the_pace_is_kept(mailbox, readers):
    NewsletterSettings.objects.create(pk=1, messages_per_second=50)
    sending.start(an_issue(lists=[readers]).pk)
    before = timezone.now()
    send(mailbox)
    assert timezone.now() - before >= timedelta(seconds=9 / 50)
    assert len(mailbox.recipients) == 10


# --- What mail servers say ----------------------------------------------------
def test_what_is_refused_for_now_is_tried_again_later(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_recipient = lambda address: (
        "450 4.2.1 Busy, later please" if address == "reader3@example.org" else None
    )
    send(mailbox)
    assert statuses(issue) == {"sent": 9, "deferred": 1}
    waiting = issue.deliveries.get(status="deferred")
    assert "Busy" in waiting.answer
    assert waiting.try_again_at > timezone.now() + timedelta(minutes=4)
    mailbox.on_recipient = lambda _address: None
    send(mailbox)
    assert statuses(issue) == {"sent": 9, "deferred": 1}
    Delivery.objects.filter(status="deferred").update(try_again_at=timezone.now())
    overseer.tick()
    send(mailbox)
    assert statuses(issue) == {"sent": 10}


def test_what_is_refused_for_good_counts_like_a_bounce(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_recipient = lambda address: (
        "550 5.1.1 No such user" if address == "reader3@example.org" else None
    )
    send(mailbox)
    assert statuses(issue) == {"sent": 9, "failed": 1}
    assert "No such user" in issue.deliveries.get(status="failed").answer
    again = sending.start(an_issue("Next", lists=[readers]).pk)
    send(mailbox)
    assert reasons(again) == {"reader3@example.org": "suppressed"}


def test_failed_ones_are_sent_again_when_somebody_asks(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_text = lambda address: (
        "554 5.7.1 Looks like spam" if address == "reader3@example.org" else None
    )
    send(mailbox)
    issue.refresh_from_db()
    assert issue.status == "sent"
    mailbox.on_text = lambda _address: None
    assert sending.resend(issue.pk, "failed") == 1
    send(mailbox)
    assert statuses(issue) == {"sent": 10}
    assert sending.resend(issue.pk, "failed") == 0


# --- Breakdowns ---------------------------------------------------------------
def test_a_mail_server_that_is_not_there_yet_loses_nothing(committed, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    port = free_port()
    stop = Event()
    with ThreadPoolExecutor(1) as thread:
        sender = Sender(relay_to(port), stop)
        running = thread.submit(and_close, lambda: sender.run(until_empty=True))
        with mail_server(Mailbox(), port) as box:
            running.result()
    assert sorted(box.recipients) == sorted(set(box.recipients))
    assert statuses(issue) == {"sent": 10}


def test_an_outcome_that_nobody_knows_is_shown_and_not_sent_again(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    relay = relay_to(mailbox.port)

    def break_off(address: str) -> None:
        if address == "reader3@example.org" and relay._smtp:
            relay._smtp.sock.shutdown(socket.SHUT_RDWR)

    mailbox.on_text = break_off
    Sender(relay, Event()).run(until_empty=True)
    overseer.tick()
    assert statuses(issue) == {"sent": 9, "unknown": 1}
    issue.refresh_from_db()
    assert issue.status == "sent"
    assert sending.resend(issue.pk, "unknown") == 1
    send(mailbox)
    assert Counter(mailbox.recipients)["reader3@example.org"] == 2


def test_a_lost_database_costs_no_message_and_sends_none_twice(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    mailbox.on_text = once(cut)
    send(mailbox)
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 10
    assert statuses(issue) == {"sent": 10}


def test_what_a_dead_sender_had_taken_goes_on_without_it(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)

    def die() -> None:
        connection.ensure_connection()
        queue = Queue(connection.connection)
        items = queue.claim(issue.pk, 5, timezone.now())
        assert queue.begin(items[0], "<1@example.org>", None, timezone.localdate())

    with ThreadPoolExecutor(1) as thread:
        thread.submit(and_close, die).result()
    assert statuses(issue) == {"queued": 5, "claimed": 4, "sending": 1}
    # The server notices the end of a connection a moment later.
    while not overseer.bury_the_dead():
        pass
    assert statuses(issue) == {"queued": 9, "unknown": 1}
    send(mailbox)
    assert statuses(issue) == {"sent": 9, "unknown": 1}


def test_a_living_sender_keeps_what_it_has_taken(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    connection.ensure_connection()
    queue = Queue(connection.connection)
    queue.claim(issue.pk, 5, timezone.now())
    with ThreadPoolExecutor(1) as thread:
        thread.submit(and_close, overseer.bury_the_dead).result()
    assert statuses(issue) == {"queued": 5, "claimed": 5}


def test_without_a_mail_server_messages_become_files(committed, readers, tmp_path):
    issue = sending.start(an_issue(lists=[readers]).pk)
    Sender(FileRelay(tmp_path / "mail"), Event()).run(until_empty=True)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 10
    assert statuses(issue) == {"sent": 10}


# --- Content ------------------------------------------------------------------
def test_what_is_changed_after_the_start_changes_nothing(mailbox, readers):
    work = a_work("The first headline")
    issue = sending.start(an_issue(lists=[readers], works=[work]).pk)
    work.title = "A second headline"
    work.save()
    Issue.objects.filter(pk=issue.pk).update(subject="Something else")
    send(mailbox)
    message = mailbox.parsed("reader0@example.org")
    assert message["Subject"] == "News of the week"
    assert "The first headline" in message.get_body(["plain"]).get_content()
