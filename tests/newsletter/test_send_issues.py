"""The command that sends, as a process of its own that may die."""

import os
import signal
import subprocess
import sys
from collections import Counter
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from newsletter.actions import sending
from newsletter.models import MailingList
from newsletter.sending import overseer
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.newsletter.sink import Mailbox, mail_server

pytestmark = pytest.mark.long


@pytest.fixture
def readers(committed: None) -> MailingList:
    weekly = a_list("Weekly")
    for number in range(40):
        a_subscriber(f"reader{number}@example.org", lists=[weekly])
    return weekly


def database_address() -> str:
    """The address of the scratch database as `DATABASE_URL` takes it."""
    known = connection.get_connection_params()
    user, host = quote(known.get("user", ""), safe=""), quote(str(known.get("host", "")), safe="")
    password = quote(known.get("password") or "", safe="")
    port = f":{known['port']}" if known.get("port") else ""
    return f"postgres://{user}:{password}@{host}{port}/{quote(known['dbname'])}"


def send_issues(port: int, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command in a group of processes of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_issues", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database_address(),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "VAR_DIR": str(settings.VAR_DIR),
        },
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_killed_at_any_moment_and_started_again_nobody_gets_it_twice(readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    deaths = iter([3, 11, 20])
    with mail_server(Mailbox()) as mailbox:
        for death in deaths:
            command = send_issues(mailbox.port, "--senders", "2")
            kill_at(mailbox, death, command.pid)
            command.wait()
            # The server notices the end of a connection a moment later.
            while sending.progress(issue).keys() & {"claimed", "sending"}:
                overseer.bury_the_dead()
        mailbox.on_text = lambda _address: None
        assert send_issues(mailbox.port, "--once").wait() == 0
    numbers = sending.progress(issue)
    issue.refresh_from_db()
    assert issue.status == "sent"
    assert max(Counter(mailbox.recipients).values()) == 1
    assert numbers["sent"] + numbers.get("unknown", 0) == 40
    assert numbers.get("unknown", 0) <= 3 * 2
    sent = issue.deliveries.filter(status="sent").values_list("subscriber__address", flat=True)
    assert set(sent) <= set(mailbox.recipients)


def kill_at(mailbox: Mailbox, number: int, group: int) -> None:
    """Kill the whole group when so many messages have arrived."""

    def answer(_address: str) -> None:
        if len(mailbox.messages) == number:
            os.killpg(group, signal.SIGKILL)

    mailbox.on_text = answer


def test_a_sender_ends_with_the_message_in_hand_when_asked_to(readers):
    issue = sending.start(an_issue(lists=[readers]).pk)
    with mail_server(Mailbox()) as mailbox:
        command = send_issues(mailbox.port, "--senders", "1")
        mailbox.on_text = lambda _address: (
            os.kill(command.pid, signal.SIGTERM) if len(mailbox.messages) == 3 else None
        )
        assert command.wait() == 0
    numbers = sending.progress(issue)
    assert numbers["sent"] == len(mailbox.recipients) == len(set(mailbox.recipients))
    assert numbers["sent"] + numbers.get("queued", 0) == 40
