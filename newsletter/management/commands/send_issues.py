"""`manage.py send_issues`: the senders of the newsletter, beside the web server."""

import logging
import subprocess
import sys
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from kei_site.common.stopping import EventOrOrphaned, stop_on_signals
from newsletter.sending import overseer
from newsletter.sending.relays import relay
from newsletter.sending.sender import Sender

logger = logging.getLogger(__name__)

# Seconds between two looks at schedules and senders.
TICK = 1.0
# Seconds that senders have to finish the message in hand.
GRACE = 30


class Command(BaseCommand):
    """Send what is due until told to stop."""

    help = (
        "Start scheduled issues and digests, and send what waits, until Ctrl-C or SIGTERM; the "
        "message in hand is finished first. May run several times at once and be killed at any "
        "moment: nobody gets a message twice. Without SMTP_HOST messages become files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of connections to the mail server."""
        parser.add_argument(
            "--senders", type=int, default=2, help="connections to the mail server (2)"
        )
        parser.add_argument(
            "--once", action="store_true", help="end when nothing is due and nothing waits"
        )
        parser.add_argument("--only-send", action="store_true", help="be one sender and no more")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when the program that started it does"
        )

    def handle(
        self,
        *args: Any,
        senders: int,
        once: bool,
        only_send: bool,
        with_parent: bool,
        **options: Any,
    ) -> None:
        """Oversee senders, or be one."""
        stop = stop_on_signals(EventOrOrphaned() if with_parent else Event())
        if only_send:
            Sender(relay(), stop).run(until_empty=once)
        elif once:
            overseer.tick()
            Sender(relay(), stop).run(until_empty=True)
            overseer.tick()
        else:
            self._oversee(max(1, senders), stop)

    def _oversee(self, number: int, stop: Event) -> None:
        """Keep so many senders alive."""
        self.stdout.write(f"Sending with {number} connections. Press Ctrl-C to stop.")
        processes: list[subprocess.Popen[bytes]] = []
        while not stop.is_set():
            processes = [each for each in processes if each.poll() is None]
            processes += [_sender() for _ in range(number - len(processes))]
            try:
                overseer.tick()
            except overseer.DATABASE_GONE as error:
                logger.warning("The database is gone (%s); trying again", type(error).__name__)
                connection.close()
            stop.wait(TICK)
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(GRACE)


def _sender() -> subprocess.Popen[bytes]:
    """Start one sender, without the checks that this command has passed: they take seconds."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_issues", "--only-send", "--with-parent",
         "--skip-checks"],
        cwd=settings.BASE_DIR,
    )  # fmt: skip
