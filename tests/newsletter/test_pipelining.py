"""A mail server that takes several commands at once (RFC 2920) answers as any other."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from newsletter.actions import sending
from newsletter.addresses import Address
from newsletter.sending.queue import Item
from tests.newsletter.making import an_issue
from tests.newsletter.senders import relay_to, send, statuses


@pytest.fixture
def quick(mailbox):
    mailbox.extensions = ["PIPELINING"]
    return mailbox


def test_everybody_gets_it_once(quick, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    send(quick)
    assert statuses(issue) == {"sent": 10}
    assert len(quick.recipients) == len(set(quick.recipients)) == 10


def test_a_refused_recipient_is_one_refusal_and_the_next_gets_it(quick, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    first = "reader1@example.org"
    quick.on_recipient = lambda address: "550 5.1.1 User unknown" if address == first else None
    send(quick)
    assert statuses(issue) == {"sent": 9, "failed": 1}
    assert issue.deliveries.get(status="failed").answer == "550 5.1.1 User unknown"


def test_a_refusal_of_us_is_nobodys_and_is_tried_again(quick, readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    refusals = iter(["530 5.7.0 Authentication required"])
    quick.on_sender = lambda _address: next(refusals, None)
    send(quick)
    assert statuses(issue) == {"sent": 10}


class Eager(socketserver.StreamRequestHandler):
    """Refuses every recipient and asks for the text all the same."""

    ANSWERS = {
        b"EHLO": b"250-eager\r\n250 PIPELINING", b"RCPT": b"550 5.1.1 Nobody", b"DATA": b"354 go",
        b".\r\n": b"554 5.5.1 For nobody", b"QUIT": b"221 bye",
    }  # fmt: skip
    heard: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 eager\r\n")
        for line in self.rfile:
            self.heard.append(line)
            self.wfile.write(self.ANSWERS.get(line[:4].upper(), b"250 ok") + b"\r\n")


@contextmanager
def eager_server() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Eager) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_server_that_asks_for_the_text_for_nobody_gets_none():
    item = Item(1, 1, 1, 0, 0, None)
    with eager_server() as port:
        relay = relay_to(port)
        outcome = relay.send(item, b"Subject: no\r\n\r\nSecret\r\n")
        relay.close()
    assert (outcome.status, outcome.answer) == ("failed", "550 5.1.1 Nobody")
    assert b".\r\n" in Eager.heard
    assert not any(b"Secret" in line for line in Eager.heard)


@pytest.mark.parametrize("ending", ["\r\nRCPT TO:<other@example.org>", "\n", "\r", "é"])
def test_nothing_but_an_address_becomes_a_command(quick, ending):
    relay = relay_to(quick.port)
    item = Item(1, 1, 1, 0, 0, Address(f"a{ending}@example.org", "a@example.org"))
    with pytest.raises(ValueError, match="SMTP command"):
        relay.send(item, b"Subject: no\r\n\r\n")
    relay.close()
    assert quick.messages == []
