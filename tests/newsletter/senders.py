"""Being a sender in a test: through the real queue, to a mail server on loopback."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from django.db import connection

from newsletter.actions import sending
from newsletter.models import Issue
from newsletter.sending import overseer
from newsletter.sending.relays import SmtpRelay
from newsletter.sending.sender import Sender
from tests.newsletter.sink import Mailbox


def relay_to(port: int) -> SmtpRelay:
    return SmtpRelay(
        {"host": "127.0.0.1", "port": port, "timeout": 5, "username": "", "password": "",
         "use_ssl": False, "use_tls": False}
    )  # fmt: skip


def send(mailbox: Mailbox, stop: Event | None = None) -> None:
    """Be a sender until nothing waits, and then its overseer."""
    Sender(relay_to(mailbox.port), stop or Event()).run(until_empty=True)
    overseer.tick()


def statuses(issue: Issue) -> dict[str, int]:
    return sending.progress(issue)


def reasons(issue: Issue) -> dict[str, str]:
    """Who was excluded, and why."""
    excluded = issue.deliveries.filter(status="excluded").select_related("subscriber")
    return {str(each.subscriber): each.exclusion for each in excluded}


def once(act: Callable[[], Any]) -> Callable[[str], None]:
    """Do something when the first message arrives."""
    acted = Event()

    def answer(_address: str) -> None:
        if not acted.is_set():
            acted.set()
            with ThreadPoolExecutor(1) as thread:
                thread.submit(and_close, act).result()

    return answer


def and_close(act: Callable[[], Any]) -> None:
    try:
        act()
    finally:
        connection.close()
