"""What happens to a message when something else happens at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection
from django.utils import timezone

from newsletter.actions import sending
from newsletter.models import Delivery, NewsletterSettings, Subscriber, Suppression
from newsletter.sending import overseer
from newsletter.sending import sender as sender_module
from newsletter.sending.queue import Queue
from newsletter.sending.relays import RelayLostError
from newsletter.sending.sender import Sender
from tests.newsletter.conftest import Visitor
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.newsletter.senders import and_close, once, reasons, relay_to, send, statuses
from tests.newsletter.sink import Mailbox, free_port, mail_server


def test_a_message_refused_for_now_is_not_tried_again_when_its_issue_was_cancelled(
    mailbox, readers
):
    issue = sending.start(an_issue(lists=[readers]).pk)
    cancel = once(lambda: sending.cancel(issue.pk))

    def refuse(address: str) -> str:
        cancel(address)
        return "451 4.3.0 Later, please"

    mailbox.on_text = refuse
    send(mailbox)
    assert statuses(issue) == {"excluded": 10}
    assert set(reasons(issue).values()) == {"cancelled"}


def test_what_a_dead_sender_had_taken_of_a_cancelled_issue_is_given_up(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)

    def take() -> None:
        connection.ensure_connection()
        Queue(connection.connection).claim(issue.pk, 4, timezone.now())

    with ThreadPoolExecutor(1) as thread:
        thread.submit(and_close, take).result()
    sending.cancel(issue.pk)
    while not overseer.bury_the_dead():
        pass
    assert statuses(issue) == {"excluded": 10}


def test_who_changes_the_address_while_it_is_sent_gets_it_at_the_new_one(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    mailbox.on_text = once(
        lambda: Subscriber.objects.filter(address="reader9@example.org").update(
            address="new@example.net", normalized="new@example.net"
        )
    )
    send(mailbox)
    assert Counter(mailbox.recipients)["new@example.net"] == 1
    assert "reader9@example.org" not in mailbox.recipients
    assert statuses(issue) == {"sent": 10}


def test_a_mail_server_that_refuses_us_is_nobodys_bounce(mailbox, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    refusals = iter(["530 5.7.0 Authentication required", "421 4.7.0 Too many connections"])
    mailbox.on_sender = lambda _address: next(refusals, None)
    send(mailbox)
    assert statuses(issue) == {"sent": 10}
    assert not Suppression.objects.exists()
    assert set(issue.deliveries.values_list("attempts", flat=True)) == {1}


def test_a_sender_that_comes_back_after_the_end_sends_what_had_not_left(mailbox, readers):
    """It lost the database before a byte left, and was taken for dead with an unknown outcome."""
    issue = sending.start(an_issue(lists=[readers]).pk)
    real = relay_to(mailbox.port)

    class Cut:
        """Loses the database in the middle, and comes back when all others have ended."""

        def send(self, item, message):
            if item.attempts == 0 and not cut.is_set():
                cut.set()
                connection.close()
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(and_close, the_others_finish).result()
                raise RelayLostError("and the mail server too")
            return real.send(item, message)

        def close(self):
            real.close()

    def the_others_finish() -> None:
        while not overseer.bury_the_dead():
            pass
        send(mailbox)
        assert statuses(issue) == {"sent": 9, "unknown": 1}
        issue.refresh_from_db()
        assert issue.status == "sent"

    cut = Event()
    Sender(Cut(), Event()).run(until_empty=True)
    overseer.tick()
    issue.refresh_from_db()
    assert (issue.status, statuses(issue)) == ("sent", {"sent": 10})
    assert Counter(mailbox.recipients).most_common(1)[0][1] == 1


def test_an_outage_of_the_mail_server_uses_up_no_attempt(committed, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    stop, port = Event(), free_port()
    with ThreadPoolExecutor(1) as thread:
        sender = Sender(relay_to(port), stop)
        running = thread.submit(and_close, lambda: sender.run(until_empty=True))
        with mail_server(Mailbox(), port):
            running.result()
    assert set(issue.deliveries.values_list("attempts", flat=True)) == {1}


def test_an_issue_that_waits_for_one_domain_lets_others_go_first(mailbox, readers, monkeypatch):
    monkeypatch.setattr(sender_module, "TURN", 0.0)
    NewsletterSettings.objects.create(pk=1, domain_per_second=4)
    sending.start(an_issue("Slow", lists=[readers]).pk)
    other = a_list("Other")
    a_subscriber("quick@example.net", lists=[other])
    sending.start(an_issue("Quick", lists=[other]).pk)
    send(mailbox)
    assert mailbox.recipients.index("quick@example.net") < 5
    assert len(mailbox.recipients) == len(set(mailbox.recipients)) == 11
    assert Delivery.objects.exclude(status="sent").count() == 0


def test_a_mail_to_confirm_does_not_wait_behind_an_issue(mailbox, readers, inbox):
    NewsletterSettings.objects.create(pk=1, messages_per_second=1)
    issue = sending.start(an_issue(lists=[readers]).pk)
    stop = Event()
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(and_close, Sender(relay_to(mailbox.port), stop).run)
        while not mailbox.messages:
            pass
        assert Visitor().sign_up("new@example.net").status_code == 302
        assert [each.to for each in inbox()] == [["new@example.net"]]
        assert statuses(issue).keys() & {"queued", "claimed"}
        stop.set()
        running.result()
    assert statuses(issue)["queued"] >= 1
