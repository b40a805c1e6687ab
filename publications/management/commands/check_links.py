"""Check whether the addresses in works still lead somewhere."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from publications.actions.link_health import collect_links, due, forget_unused, record_verdict
from publications.checking.fetching import Answer, Failure, Request, fetch
from publications.checking.guard import guard
from publications.checking.own import own_verdicts
from publications.checking.robots import NAME
from publications.checking.rounds import HOST_DELAY, Round
from publications.checking.verdicts import Verdict
from publications.models import LinkCheck, LinkUse

LIMIT = 500
PAUSE = 300
TOLD_EVERY = 50
# Any number that no other lock of this database has.
LOCK = 7_164_203_951


class Command(BaseCommand):
    """Check links that are due, politely; one checker at a time."""

    help = (
        "Check whether links in published works still lead somewhere. Runs until it is stopped, "
        "or once with --once. A second checker beside it ends at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="check what is due now, and end")
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help=f"links at most in one round ({LIMIT})"
        )
        parser.add_argument(
            "--host-delay", type=float, default=HOST_DELAY,
            help=f"seconds between two requests to one host ({HOST_DELAY:g})",
        )  # fmt: skip
        parser.add_argument("--all", action="store_true", help="also links that are not due yet")
        parser.add_argument(
            "--collect", action="store_true", help="first read anew which links all works use"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check rounds of links until there is nothing due, or until stopped."""
        stop = Event()
        with _signals(stop):
            self.work(stop, **options)

    def work(self, stop: Event, **options: Any) -> None:
        """Check until `stop` is set, unless another checker does."""
        with _alone() as alone:
            if not alone:
                self.stdout.write("Another checker is running; it does the work.")
                return
            if options["collect"] or not LinkUse.objects.exists():
                works = collect_links()
                self.stdout.write(f"Read the links of {works} works.")
            while not stop.is_set():
                self._round(stop, options)
                if options["once"] or stop.wait(PAUSE):
                    break

    def _round(self, stop: Event, options: dict[str, Any]) -> None:
        forget_unused()
        started = timezone.now()
        links = due(now=started, everything=options["all"])
        chosen = list(links[: max(0, options["limit"])])
        self._checked, self._total = 0, len(chosen)
        own = [link for link in chosen if not link.host]
        for batch in batched(own, LIMIT):
            self._check_own(batch, stop)
        polite = Round(_ask, time.monotonic, stop.wait, max(0.0, options["host_delay"]))
        polite.run([link for link in chosen if link.host], self._write_down)
        self.stdout.write(f"Checked {self._checked} of {self._total} links.")

    def _check_own(self, links: Sequence[LinkCheck], stop: Event) -> None:
        verdicts = own_verdicts(links)
        for link in links:
            if stop.is_set():
                return
            self._write_down(link, verdicts[link.url])

    def _write_down(self, link: LinkCheck, verdict: Verdict) -> None:
        record_verdict(link, verdict, now=timezone.now())
        self._checked += 1
        if self._checked % TOLD_EVERY == 0:
            self.stdout.write(f"{self._checked} of {self._total} links")


def agent() -> str:
    """Return how the checker names itself, and where its site is."""
    return f"{NAME}/1.0 (+{iri_to_uri(settings.SITE_URL)}/)"


def _ask(request: Request) -> Answer | Failure:
    return fetch(request, guard=guard(), agent=agent())


@contextmanager
def _signals(stop: Event) -> Iterator[None]:
    """End after the request that is under way when told to stop."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the one lock of all checkers; a checker that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
