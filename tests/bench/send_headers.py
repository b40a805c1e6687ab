"""Whether each of ten thousand messages is as it should be: `make bench-headers`.

An issue goes out through SMTP; every message is read as it comes, and every subscriber leaves by
the link in its header.
"""

import argparse
import os
import sys
from collections import Counter
from email import message_from_bytes, policy
from typing import Any

import django

from tests.bench.search_measuring import a_table, console, told, verdict
from tests.bench.send_library import make_issue, make_subscribers, manage, scratch_site


def main() -> None:
    """Send, read, leave, and print."""
    parser = argparse.ArgumentParser(description="Read the headers of every message, and leave.")
    parser.add_argument("--count", type=int, default=10_000, help="recipients")
    count = parser.parse_args().count
    with scratch_site():
        os.environ["SITE_URL"] = "https://www.example.org"
        manage("migrate", "-v0")
        django.setup()
        make_subscribers(count)
        is_right = check(count)
    sys.exit(0 if is_right else 1)


def check(count: int) -> bool:
    """Print whether all messages are right, and say so."""
    from django.conf import settings

    from newsletter.actions import sending
    from newsletter.models import Delivery, Subscription
    from tests.newsletter.conformity import leave, problems_of
    from tests.newsletter.senders import send
    from tests.newsletter.sink import Mailbox, mail_server

    settings.ALLOWED_HOSTS = ["testserver"]
    problems: Counter[str] = Counter()
    headers: dict[str, Any] = {}

    class Reading(Mailbox):
        """Reads each message as it comes and keeps its headers."""

        async def handle_DATA(  # noqa: N802 - aiosmtpd's name
            self, _server: Any, _session: Any, envelope: Any
        ) -> str:
            [address] = envelope.rcpt_tos
            problems.update(problems_of(envelope.content, address))
            head = envelope.content.partition(b"\r\n\r\n")[0]
            headers[address] = message_from_bytes(head, policy=policy.SMTP)
            return "250 taken"

    issue = sending.start(make_issue())
    with told(f"sending {count:,} messages and reading them"), mail_server(Reading()) as mailbox:
        send(mailbox)
    with told("leaving by each of them"):
        answers = Counter(map(leave, headers.values()))
    ids = {str(each["Message-ID"]) for each in headers.values()}
    booked = set(Delivery.objects.filter(issue=issue).values_list("message_id", flat=True))
    left = Subscription.objects.filter(status="unsubscribed").count()
    wrong = sum(problems.values())
    table = a_table("Headers", "what", "figure", "target", "met")
    table.add_row("messages that arrived", f"{len(headers):,}", *verdict(len(headers), least=count))
    table.add_row("Message-IDs that are in the books", f"{len(ids & booked):,}",
                  *verdict(len(ids & booked), least=count))  # fmt: skip
    table.add_row("wrong with a message", f"{wrong}", *verdict(wrong, most=0))
    table.add_row("left by one click", f"{answers[200]:,}", *verdict(answers[200], least=count))
    table.add_row("unsubscribed then", f"{left:,}", *verdict(left, least=count))
    console.print(table)
    for problem, times in problems.most_common(20):
        console.print(f"{times} × {problem}", markup=False)
    return not wrong and len(headers) == len(ids & booked) == answers[200] == left == count


if __name__ == "__main__":
    main()
