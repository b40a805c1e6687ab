"""A sender: one process with one connection to the database and one to the mail server."""

import logging
from contextlib import suppress
from dataclasses import replace
from threading import Event
from time import monotonic

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from newsletter.actions.mail_events import refused
from newsletter.actions.sending import reopen
from newsletter.models import NewsletterSettings
from newsletter.sending.messages import Messages
from newsletter.sending.notebook import Notebook
from newsletter.sending.pace import Pace, Patience
from newsletter.sending.queue import Done, Item, Outcome, Queue
from newsletter.sending.relays import LONGEST_ANSWER, Relay, RelayLostError

logger = logging.getLogger(__name__)

# As many are unknown at most when a sender and the whole machine die together.
BATCH = 200
# Seconds between two looks at an empty queue.
IDLE = 1.0
# Seconds after which a batch that has to wait lets other issues go first.
TURN = 5.0
# The first wait, and the longest: the database is to hear soon what came of the last messages, a
# mail server that has enough of us is not to hear from us too often.
WAITS_FOR_DATABASE = 0.1, 2.0
WAITS_FOR_RELAY = 0.5, 30.0
LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Sender:
    """Takes messages from the queue until it is told to stop; then finishes the one in hand."""

    def __init__(self, relay: Relay, stop: Event) -> None:
        self._relay = relay
        self._stop = stop
        self._messages = Messages()
        self._pace = Pace()
        self._queue: Queue | None = None
        self._notebook = Notebook()
        # What came of the last message, as long as the database was not told.
        self._done: Done | None = None

    def run(self, *, until_empty: bool = False) -> None:
        """Send until told to stop or, with `until_empty`, until nothing waits."""
        database, relay = Patience(*WAITS_FOR_DATABASE), Patience(*WAITS_FOR_RELAY)
        while not self._stop.is_set():
            try:
                has_sent = self._work()
            except LOST as error:
                logger.warning("The database is gone (%s); trying again", type(error).__name__)
                self._forget_connection()
                self._stop.wait(database.longer())
            except RelayLostError as error:
                logger.warning("The mail server is gone (%s); trying again", error)
                self._stop.wait(relay.longer())
            else:
                database.renew()
                relay.renew()
                if not has_sent and until_empty:
                    break
                if not has_sent:
                    self._stop.wait(IDLE)
        self._leave()

    def _work(self) -> bool:
        """Send one batch of each issue that has messages; say whether there was any."""
        queue = self._connected()
        has_sent = False
        for issue_id in queue.open_issues():
            self._keep_pace(queue)
            # Whatever happens to the claim itself, the notebook knows that nothing was begun.
            now = timezone.now()
            self._notebook.begin(queue.number, issue_id, now)
            if items := queue.claim(issue_id, BATCH, now):
                self._send(queue, items)
                has_sent = True
            self._notebook.close()
        return has_sent

    def _send(self, queue: Queue, items: list[Item]) -> None:
        """Send a batch, the message that may leave first at each step."""
        issue_id = items[0].issue_id
        ends = monotonic() + TURN
        while items and not self._stop.is_set():
            place, wait = self._pace.first_free(items, monotonic())
            if wait:
                self._record(queue)
                if monotonic() > ends and set(queue.open_issues()) - {issue_id}:
                    break
                self._stop.wait(min(wait, IDLE))
                continue
            self._send_one(queue, items.pop(place))
        self._record(queue)
        if items:
            queue.release(items)

    def _send_one(self, queue: Queue, item: Item) -> None:
        """Mark, hand over, and remember the outcome for the next mark."""
        today = timezone.localdate()
        if item.address is None or (self._done and self._done.outcome.status == "deferred"):
            self._record(queue)
        message_id = self._messages.message_id(item)
        done, begun = self._done, Done(item.id, message_id, Outcome("unknown"), queue.number)
        may_begin = item.address and queue.begin(item, message_id, done, today)
        self._notebook.note(done, begun if may_begin else None)
        self._done = None
        if not may_begin:
            queue.put_aside(item, today)
            return
        try:
            message = self._messages.write(item, message_id)
            outcome = self._relay.send(item, message)
        except ValueError as error:
            # No message can carry this address; everybody else is still to be served.
            outcome = Outcome("failed", str(error)[:LONGEST_ANSWER])
        except RelayLostError:
            self._notebook.note(replace(begun, outcome=Outcome("claimed")))
            self._settle(queue)
            raise
        self._done = replace(begun, outcome=outcome)
        self._pace.left(item, monotonic())
        if outcome.answer.startswith("5") and outcome.status == "failed":
            self._record(queue)
            refused(item.id, outcome.answer.partition(" ")[0], outcome.answer)

    def _record(self, queue: Queue) -> None:
        """Record what was done last; then that and all before it is on the disk."""
        if self._done:
            queue.record(self._done)
            self._done = None

    def _settle(self, queue: Queue) -> None:
        """Say what came of the batch in hand, and give back what has not begun."""
        if page := self._notebook.page:
            self._notebook.note(self._done)
            queue.settle(self._notebook.number, page)
            reopen(self._notebook.issue_id)
        self._done = None
        self._notebook.close()

    def _connected(self) -> Queue:
        """Return the queue; after a lost connection, first say what came of the last messages."""
        if self._queue is None:
            connection.ensure_connection()
            queue = Queue(connection.connection)
            self._settle(queue)
            self._queue = queue
        return self._queue

    def _forget_connection(self) -> None:
        self._queue = None
        with suppress(*LOST):
            connection.close()

    def _keep_pace(self, queue: Queue) -> None:
        """Take this sender's share of what the settings allow."""
        chosen = NewsletterSettings.read()
        senders = max(1, queue.senders())
        share = chosen.messages_per_second / senders, chosen.domain_per_second / senders
        if share != self._pace.share:
            self._pace = Pace(*share)

    def _leave(self) -> None:
        """End in good order."""
        with suppress(*LOST):
            if self._queue:
                self._record(self._queue)
            connection.close()
        self._relay.close()
