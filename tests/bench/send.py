"""How fast issues leave: `make bench-send`. Prints rates beside plain smtplib in the same run."""

import argparse
import os
import smtplib
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Event
from time import perf_counter, sleep

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from tests.bench.search_measuring import a_table, console, told, verdict
from tests.bench.send_library import ROOT, make_issue, make_subscribers, manage, scratch_site
from tests.bench.send_sink import received, sink

CONNECTIONS = 4
LOOKED_AT = 0.2
SIGNED = 20_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast issues leave.")
    parser.add_argument("--count", type=int, default=60_000, help="recipients")
    parser.add_argument("--many", type=int, default=1_000_000, help="recipients of the fan-out")
    chosen = parser.parse_args()
    with scratch_site() as folder:
        book = folder / "received"
        with sink(book) as port:
            os.environ["SMTP_PORT"] = str(port)
            manage("migrate", "-v0")
            django.setup()
            measure(chosen.count, chosen.many, port, book)


def measure(count: int, many: int, port: int, book: Path) -> None:
    """Compare our rate with that of plain smtplib and of Django's own loop."""
    message = _a_message()
    with told(f"plain smtplib, {CONNECTIONS} connections, prebuilt bytes"):
        plain = _plain(message, count, port)
    with told("Django's EmailMultiAlternatives over one connection"):
        loop = _django_loop(port)
    make_subscribers(count)
    with told(f"send_issues, {CONNECTIONS} senders, {count:,} recipients"):
        ours = _ours(book)
    signed = {}
    for kind, key in _keys().items():
        with told(f"the same, signed with {kind}, {SIGNED:,} recipients"):
            make_subscribers(SIGNED)
            path = book.with_name("dkim.pem")
            path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            signed[kind] = _ours(book, DKIM_KEY_FILE=str(path))
    with told("plain smtplib once more: the machine may have changed its pace"):
        plain = (plain + _plain(message, count, port)) / 2
    small = _memory(10_000)
    make_subscribers(many)
    from newsletter.actions import sending

    start = perf_counter()
    with told(f"fan-out to {many:,} recipients"):
        sending.start(make_issue())
    fan_out = perf_counter() - start
    large = _memory(10_000)
    table = a_table("Sending", "what", "figure", "target", "met")
    table.add_row("message, KB", f"{len(message) / 1000:.0f}", "", "")
    table.add_row("plain smtplib, messages/s", f"{plain:,.0f}", "", "")
    table.add_row("Django's loop, messages/s", f"{loop:,.0f}", "", "")
    table.add_row("send_issues, messages/s", f"{ours:,.0f}", "", "")
    table.add_row("of plain smtplib", f"{ours / plain:.2f}", *verdict(ours / plain, least=0.5))
    table.add_row("times Django's loop", f"{ours / loop:.1f}", *verdict(ours / loop, least=8))
    for kind, rate in signed.items():
        table.add_row(f"signed with {kind}, messages/s", f"{rate:,.0f}", "", "")
        table.add_row("of unsigned", f"{rate / ours:.2f}", *verdict(rate / ours, least=0.5))
    table.add_row(f"fan-out to {many:,}, s", f"{fan_out:.1f}", *verdict(fan_out, most=20))
    table.add_row("memory of a sender, MB", f"{large:.0f}", *verdict(large, most=150))
    table.add_row("beside a small issue", f"{large / small:.2f}", *verdict(large / small, most=1.1))
    console.print(table)


def _a_message() -> bytes:
    """Return an issue as the bytes that a recipient gets."""
    from newsletter.actions import sending
    from newsletter.addresses import Address
    from newsletter.sending.messages import Messages
    from newsletter.sending.queue import Item

    make_subscribers(1)
    issue = sending.start(make_issue())
    address = Address("reader1@example.org", "reader1@example.org")
    item = Item(1, issue.pk, 1, 0, 0, address)
    messages = Messages()
    return messages.write(item, messages.message_id(item))


def _plain(message: bytes, count: int, port: int) -> float:
    """Return the messages a second of processes that do nothing but send."""
    shares = [(message, count // CONNECTIONS, port)] * CONNECTIONS
    start = perf_counter()
    with ProcessPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(_send_plain, *zip(*shares, strict=True)))
    return count / (perf_counter() - start)


def _send_plain(message: bytes, count: int, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(count):
            smtp.sendmail("newsletter@example.org", f"plain{number}@example.org", message)


def _django_loop(port: int, count: int = 500) -> float:
    """Return the messages a second of the usual loop."""
    from django.core.mail import EmailMultiAlternatives, mailers

    from newsletter.models import IssueContent

    content = IssueContent.objects.get()
    start = perf_counter()
    with mailers["default"] as connection:
        for number in range(count):
            mail = EmailMultiAlternatives(
                content.subject, content.text, to=[f"loop{number}@example.org"],
            )  # fmt: skip
            mail.attach_alternative(content.html, "text/html")
            connection.send_messages([mail])
    return count / (perf_counter() - start)


def _keys() -> dict[str, RSAPrivateKey | Ed25519PrivateKey]:
    return {
        "RSA of 2,048 bits": rsa.generate_private_key(65537, 2048),
        "Ed25519": Ed25519PrivateKey.generate(),
    }


def _ours(book: Path, **environment: str) -> float:
    """Return the messages a second between the first and the last of an issue."""
    from newsletter.actions import sending
    from newsletter.models import Delivery, Issue

    before = received(book)
    issue_id = make_issue()
    senders = subprocess.Popen(
        [sys.executable, "manage.py", "send_issues", "--senders", str(CONNECTIONS)],
        cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | environment,
    )  # fmt: skip
    # What is measured is sending: there is nothing to send before all senders are there.
    while _senders_alive() < CONNECTIONS:
        if senders.poll() is not None:
            raise SystemExit("manage.py send_issues ended before it sent anything.")
        sleep(LOOKED_AT)
    sending.start(issue_id)
    while Issue.objects.get(pk=issue_id).status != "sent":
        sleep(LOOKED_AT)
    senders.terminate()
    senders.wait()
    sent = Delivery.objects.filter(issue=issue_id).order_by("sent_at")
    times = list(sent.values_list("sent_at", flat=True))
    got = received(book) - before
    if wrong := [each for each in got if got[each] != 1]:
        console.print(f"[red]{len(wrong)} got it twice[/red]")
    return len(times) / (times[-1] - times[0]).total_seconds()


def _senders_alive() -> int:
    from newsletter.sending.queue import ALIVE, SENDERS

    with connection.cursor() as cursor:
        cursor.execute(ALIVE, {"class": SENDERS})
        return int(cursor.fetchone()[0])


def _memory(most: int) -> float:
    """Return the megabytes at most of a sender that sends so many."""
    code = (
        "import django, resource; django.setup()\n"
        "from tests.bench.send import send_some\n"
        f"send_some({most})\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def send_some(most: int) -> None:
    """Be a sender for so many messages of whatever issue waits, or until there is none."""
    from newsletter.actions import sending
    from newsletter.models import Issue
    from newsletter.sending.relays import relay
    from newsletter.sending.sender import Sender

    if not Issue.objects.filter(status="sending").exists():
        sending.start(make_issue())
    stop = Event()
    counted = _Counting(relay(), most, stop)
    Sender(counted, stop).run(until_empty=True)


class _Counting:
    """A relay that tells its sender to stop after so many."""

    def __init__(self, relay: object, most: int, stop: Event) -> None:
        self._relay, self._left, self._stop = relay, most, stop

    def send(self, item: object, message: bytes) -> object:
        self._left -= 1
        if not self._left:
            self._stop.set()
        return self._relay.send(item, message)  # type: ignore[attr-defined]

    def close(self) -> None:
        self._relay.close()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
