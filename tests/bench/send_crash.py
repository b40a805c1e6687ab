"""Whether every message can be accounted for when everything dies: `make crash-send`.

Senders are killed with -9 a hundred times and the database server ten times while an issue goes
to a mail server that writes down who got it; then the two books are compared.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic, sleep

import django

from tests.bench.search_measuring import a_table, console, verdict
from tests.bench.send_library import ROOT, make_issue, make_subscribers, manage, scratch_site
from tests.bench.send_sink import received, sink

SEED = 1
SENDERS = 4
# Messages between two kills, at least; a story in which nothing is sent proves nothing.
BETWEEN = 200
PATIENCE = 120


def main() -> None:
    """Tell the story and print the accounts."""
    parser = argparse.ArgumentParser(description="Kill senders and the database while sending.")
    parser.add_argument("--count", type=int, default=60_000, help="recipients")
    parser.add_argument("--kills", type=int, default=100, help="times a sender dies")
    parser.add_argument("--databases", type=int, default=10, help="times the database dies")
    chosen = parser.parse_args()
    with scratch_site() as folder:
        book = folder / "received"
        book.touch()
        with sink(book) as port:
            os.environ["SMTP_PORT"] = str(port)
            manage("migrate", "-v0")
            django.setup()
            story = Story(folder, book)
            story.tell(chosen.count, chosen.kills, chosen.databases)
            story.print()
    sys.exit(0 if story.closes else 1)


class Story:
    """One issue, many deaths, two books."""

    def __init__(self, folder: Path, book: Path) -> None:
        self._folder, self._book = folder, book
        self._chance = random.Random(SEED)
        self._killed: Counter[str] = Counter()
        self._connections = 0

    def tell(self, count: int, kills: int, databases: int) -> None:
        """Send, kill, and wait for the end."""
        from newsletter.actions import sending

        make_subscribers(count)
        self._issue = sending.start(make_issue())
        deaths = ["sender"] * kills + ["database"] * databases
        self._chance.shuffle(deaths)
        overseer = self._start()
        for death in deaths:
            if not self._wait_for_more():
                break
            if death == "database":
                self._kill_database()
            elif self._chance.random() < 0.3:
                self._kill_all(overseer)
                overseer = self._start()
            else:
                self._kill_one(overseer)
        self._wait_for_the_end()
        overseer.terminate()
        overseer.wait()

    def print(self) -> None:
        """Compare what the database says with what the mail server got."""
        from newsletter.actions import sending
        from newsletter.models import Delivery, Issue

        issue = Issue.objects.get(pk=self._issue.pk)
        numbers = sending.progress(issue)
        got = received(self._book)
        sent = set(
            Delivery.objects.filter(issue=issue, status="sent").values_list(
                "subscriber__address", flat=True
            )
        )
        unknown = numbers.get("unknown", 0)
        twice = sum(number > 1 for number in got.values())
        missing = len(sent - set(got))
        unaccounted = (issue.candidates or 0) - sum(numbers.values())
        self.closes = not (twice or missing or unaccounted) and issue.status == "sent"
        table = a_table("The accounts", "what", "figure", "target", "met")
        table.add_row("recipients", f"{issue.candidates:,}", "", "")
        for what, number in self._killed.items():
            table.add_row(f"killed: {what}", f"{number}", "", "")
        table.add_row("deliveries by status", str(numbers), "", "")
        table.add_row("got it twice", f"{twice}", *verdict(twice, most=0))
        table.add_row("said to be sent and never arrived", f"{missing}", *verdict(missing, most=0))
        table.add_row("in no status", f"{unaccounted}", *verdict(unaccounted, most=0))
        table.add_row(
            "outcome unknown, of so many killed connections",
            f"{unknown} of {self._connections}", *verdict(unknown, most=self._connections),
        )  # fmt: skip
        table.add_row("issue", issue.status, "", "")
        console.print(table)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "send_issues", "--senders", str(SENDERS)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _kill_one(self, overseer: subprocess.Popen[bytes]) -> None:
        senders = _children(overseer.pid)
        if senders:
            os.kill(self._chance.choice(senders), signal.SIGKILL)
            self._count("a sender", 1)

    def _kill_all(self, overseer: subprocess.Popen[bytes]) -> None:
        os.killpg(overseer.pid, signal.SIGKILL)
        overseer.wait()
        self._count("all senders and their overseer", SENDERS)

    def _kill_database(self) -> None:
        pid = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self._count("the database server", SENDERS)

    def _count(self, what: str, connections: int) -> None:
        self._killed[what] += 1
        self._connections += connections

    def _wait_for_more(self) -> bool:
        """Wait until more was sent; False when all is sent or nothing moves any more."""
        before = self._lines()
        until = monotonic() + PATIENCE
        while monotonic() < until:
            if self._lines() >= before + BETWEEN:
                return True
            if self._is_over():
                return False
            sleep(0.05)
        return False

    def _wait_for_the_end(self) -> None:
        until = monotonic() + 10 * PATIENCE
        while monotonic() < until and not self._is_over():
            sleep(0.5)

    def _is_over(self) -> bool:
        from django.db import InterfaceError, OperationalError, connection

        from newsletter.models import Issue

        try:
            return Issue.objects.get(pk=self._issue.pk).status == "sent"
        except (OperationalError, InterfaceError):
            connection.close()
            return False

    def _lines(self) -> int:
        return self._book.read_bytes().count(b"\n")


def _children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


if __name__ == "__main__":
    main()
