"""The queue of messages: each statement is one transaction, and together they lose nothing.

A delivery is queued, then claimed by a sender, then marked as being sent before the first byte
leaves, then marked with its outcome. Whoever dies leaves at most one delivery marked as being
sent; its outcome is unknown, and nobody sends it again unasked. A sender holds an advisory lock as
long as its connection lives: a free lock, not a clock, says that a sender is dead.

Claims are on the disk before a message of theirs begins. Marks are not waited for: they outlive
every sender, but not the database itself. When it crashes, senders say again what came of
their messages; of those that do not come back it is in their notebooks, and without a notebook
all that was claimed is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from newsletter.addresses import Address

# The first half of each sender's advisory lock; the second is its number.
SENDERS = 736_104
# Numbers of senders stay within four bytes, as advisory locks want them.
MOST_SENDERS = 2**31 - 1

Params = dict[str, Any]

FORGET = """
DELETE FROM newsletter_sender_seen AS seen
WHERE NOT EXISTS (
    SELECT FROM newsletter_delivery
    WHERE claimed_by = seen.number AND status IN ('claimed', 'sending')
) AND pg_try_advisory_xact_lock(%(class)s, seen.number::int)
"""
SEEN = "INSERT INTO newsletter_sender_seen VALUES (%(number)s) ON CONFLICT DO NOTHING"
HELLO = """
SELECT number FROM (
    SELECT (nextval('newsletter_sender') %% %(most)s)::int AS number
) AS next WHERE pg_try_advisory_lock(%(class)s, number)
"""
OPEN_ISSUES = """
SELECT issue.id FROM newsletter_issue AS issue
WHERE issue.status = 'sending' AND EXISTS (
    SELECT FROM newsletter_delivery WHERE issue_id = issue.id AND status = 'queued'
)
ORDER BY issue.id
"""
CLAIM = """
WITH chosen AS (
    SELECT delivery.id FROM newsletter_delivery AS delivery
    WHERE delivery.issue_id = %(issue)s AND delivery.status = 'queued' AND EXISTS (
        SELECT FROM newsletter_issue WHERE id = %(issue)s AND status = 'sending'
    )
    ORDER BY delivery.id LIMIT %(most)s FOR UPDATE OF delivery SKIP LOCKED
)
UPDATE newsletter_delivery AS delivery
SET status = 'claimed', claimed_by = %(sender)s, claimed_at = %(claimed_at)s
FROM chosen WHERE delivery.id = chosen.id
RETURNING delivery.id, delivery.subscriber_id, delivery.left_out, delivery.attempts,
    (SELECT address FROM newsletter_subscriber WHERE id = delivery.subscriber_id),
    (SELECT normalized FROM newsletter_subscriber WHERE id = delivery.subscriber_id)
"""
# Whether an issue was cancelled. Waits for whoever is cancelling it, who would not see this row.
CANCELLED = """
'cancelled' = (
    SELECT status FROM newsletter_issue WHERE id = delivery.issue_id FOR SHARE
)
"""
# What the message before came to, and whether this one may still begin: one update of both rows,
# because the constraints are read anew for each update. CASE lets only the ids look for them.
BEGIN = """
UPDATE newsletter_delivery AS delivery SET
    status = CASE id WHEN %(id)s THEN 'sending' ELSE %(outcome)s::text END,
    message_id = CASE id WHEN %(id)s THEN %(message_id)s ELSE %(done_message_id)s::text END,
    answer = CASE id WHEN %(id)s THEN answer ELSE %(answer)s::text END,
    sent_at = CASE WHEN id = %(done)s AND %(outcome)s::text = 'sent' THEN now() END,
    try_again_at = NULL,
    -- The mark that the message before began may be lost.
    attempts = attempts + CASE status WHEN 'sending' THEN 0 ELSE 1 END
WHERE id IN (%(done)s, %(id)s) AND CASE id
    WHEN %(done)s THEN
        claimed_by = %(done_by)s AND status IN ('claimed', 'sending', 'unknown')
    ELSE
        claimed_by = %(sender)s AND status = 'claimed' AND EXISTS (
            SELECT FROM newsletter_issue WHERE id = delivery.issue_id AND status = 'sending'
        )
        AND EXISTS (
            SELECT FROM newsletter_subscription AS subscription
            JOIN newsletter_issue_lists AS list
                ON list.mailinglist_id = subscription.mailing_list_id
            JOIN newsletter_subscriber AS subscriber ON subscriber.id = subscription.subscriber_id
            WHERE list.issue_id = delivery.issue_id AND subscription.status = 'active'
                AND subscription.subscriber_id = delivery.subscriber_id
                AND subscriber.address = %(address)s
                AND (subscriber.paused_until IS NULL OR subscriber.paused_until <= %(today)s)
        )
        AND NOT EXISTS (
            SELECT FROM newsletter_suppression WHERE address_hash = ANY(%(hashes)s)
        )
    END
    AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING id
"""
RECORD = f"""
UPDATE newsletter_delivery AS delivery SET
    (status, exclusion) = (
        SELECT
            CASE WHEN given_up THEN 'excluded' ELSE %(outcome)s::text END,
            CASE WHEN given_up THEN 'cancelled' ELSE '' END
        FROM (
            SELECT CASE WHEN %(outcome)s::text = 'deferred' THEN {CANCELLED} END AS given_up
        ) AS last
    ),
    answer = %(answer)s, try_again_at = now() + %(wait)s::interval,
    sent_at = CASE %(outcome)s::text WHEN 'sent' THEN now() END,
    message_id = %(done_message_id)s,
    -- The mark that the message began may be lost.
    attempts = attempts + CASE status WHEN 'sending' THEN 0 ELSE 1 END
WHERE id = %(done)s AND claimed_by = %(done_by)s AND status IN ('claimed', 'sending', 'unknown')
"""  # noqa: S608
# Why a delivery may not begin: its issue was stopped, its subscriber has another address by now
# and is asked for it anew, or gets nothing any more.
PUT_ASIDE = """
UPDATE newsletter_delivery AS delivery SET (status, exclusion) = (
    SELECT CASE reason WHEN '' THEN 'queued' ELSE 'excluded' END, reason FROM (SELECT
        CASE
            WHEN issue.status = 'cancelled' THEN 'cancelled'
            WHEN issue.status <> 'sending' THEN ''
            WHEN delivery.subscriber_id IS NULL THEN 'erased'
            WHEN EXISTS (
                SELECT FROM newsletter_subscriber
                WHERE id = delivery.subscriber_id AND address <> %(address)s
            ) THEN ''
            WHEN EXISTS (
                SELECT FROM newsletter_suppression WHERE address_hash = ANY(%(hashes)s)
            ) THEN 'suppressed'
            WHEN EXISTS (
                SELECT FROM newsletter_subscriber
                WHERE id = delivery.subscriber_id AND paused_until > %(today)s
            ) THEN 'paused'
            ELSE 'unsubscribed'
        END AS reason
        FROM newsletter_issue AS issue WHERE issue.id = delivery.issue_id FOR SHARE OF issue
    ) AS found
)
WHERE id = %(id)s AND status = 'claimed' AND claimed_by = %(sender)s
"""
# A message of which no byte left was not attempted.
RELEASE = f"""
UPDATE newsletter_delivery AS delivery
SET (status, exclusion) = (
    SELECT
        CASE WHEN given_up THEN 'excluded' ELSE 'queued' END,
        CASE WHEN given_up THEN 'cancelled' ELSE '' END
    FROM (SELECT {CANCELLED} AS given_up) AS issue
), attempts = CASE status WHEN 'claimed' THEN attempts ELSE greatest(attempts - 1, 0) END
WHERE id = ANY(%(ids)s) AND claimed_by = %(sender)s
    AND status IN ('claimed', 'sending', 'unknown')
"""  # noqa: S608
DEAD = """
SELECT claimed_by FROM (
    SELECT DISTINCT claimed_by FROM newsletter_delivery WHERE status IN ('claimed', 'sending')
) AS sender WHERE pg_try_advisory_xact_lock(%(class)s, claimed_by::int)
"""
# What a sender had claimed at one time and, as far as the database knows, not done.
LEFT = """
SELECT id, status FROM newsletter_delivery
WHERE claimed_by = %(sender)s AND claimed_at = %(claimed_at)s
    AND status IN ('claimed', 'sending', 'unknown')
ORDER BY id FOR UPDATE
"""
BURY = f"""
UPDATE newsletter_delivery AS delivery SET (status, exclusion) = (
    SELECT
        CASE
            WHEN may_have_begun THEN 'unknown' WHEN given_up THEN 'excluded' ELSE 'queued'
        END,
        CASE WHEN given_up AND NOT may_have_begun THEN 'cancelled' ELSE '' END
    FROM (
        SELECT {CANCELLED} AS given_up, delivery.status = 'sending' OR NOT EXISTS (
            SELECT FROM newsletter_sender_seen WHERE number = delivery.claimed_by
        ) AS may_have_begun
    ) AS issue
)
WHERE claimed_by = ANY(%(senders)s) AND status IN ('claimed', 'sending')
"""  # noqa: S608
DUE = """
UPDATE newsletter_delivery SET status = 'queued'
WHERE status = 'deferred' AND try_again_at <= now()
"""
ALIVE = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %(class)s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A delivery that this sender has claimed."""

    id: int
    issue_id: int
    subscriber_id: int | None
    left_out: int
    attempts: int
    address: Address | None

    @property
    def envelope_address(self) -> str:
        """The address as SMTP wants it: as it was typed, with the domain in ASCII."""
        if self.address is None:
            return ""
        local, domain = self.address.typed.rpartition("@")[0], self.address.normalized
        return f"{local}@{domain.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message that was handed over."""

    status: str
    answer: str = ""
    # How long to wait before it is tried again, if it is deferred.
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A delivery whose outcome is to be recorded, and the number that claimed it."""

    id: int
    message_id: str
    outcome: Outcome
    sender: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a sender knows of the batch that it claimed at a moment.

    Nothing else was begun, whatever the database says of it. A message that was begun is unknown,
    and claimed again when it turned out that no byte of it could leave.
    """

    claimed_at: datetime
    notes: Mapping[int, Done]


class Queue:
    """The queue, seen by one sender through a connection of its own."""

    def __init__(self, connection: psycopg.Connection) -> None:
        # Every statement commits by itself; statements that repeat are planned once, which
        # Django and PostgreSQL have to be told: planning takes longer than what was planned.
        connection.autocommit = True
        connection.prepare_threshold = 0
        connection.execute("SET plan_cache_mode = force_generic_plan")
        self._cursor = psycopg.Cursor(connection)
        self.number = self._take_number()

    def open_issues(self) -> list[int]:
        """Return the issues that have messages to send."""
        return [pk for (pk,) in self._all(OPEN_ISSUES, {})]

    def claim(self, issue_id: int, most: int, now: datetime) -> list[Item]:
        """Take up to `most` messages of an issue that nobody else has taken."""
        values = {"issue": issue_id, "most": most, "sender": self.number, "claimed_at": now}
        rows = self._all(CLAIM, values)
        return [
            Item(pk, issue_id, subscriber, left_out, attempts,
                 Address(address, normalized) if address else None)
            for pk, subscriber, left_out, attempts, address, normalized in sorted(rows)
        ]  # fmt: skip

    def begin(self, item: Item, message_id: str, done: Done | None, today: date) -> bool:
        """Record what was done and mark the next message as being sent, if it still may be.

        What was deferred has its own `record`. Not waited for: what was recorded is safe after
        the next `record` or `claim`.
        """
        values = self._values(item, today) | {"message_id": message_id} | _recording(done)
        return (item.id,) in self._all(BEGIN, values)

    def record(self, done: Done) -> None:
        """Record what was done; a second time changes nothing."""
        self._run(RECORD, _recording(done))

    def put_aside(self, item: Item, today: date) -> None:
        """Give back a message that may not begin, or exclude it with the reason."""
        self._run(PUT_ASIDE, self._values(item, today))

    def release(self, items: Sequence[Item]) -> None:
        """Give back messages that were claimed and not begun."""
        self._run(RELEASE, {"ids": [each.id for each in items], "sender": self.number})

    def settle(self, sender: int, page: Page) -> None:
        """Say what came of a batch that this or an earlier connection had claimed."""
        settle(self._cursor, sender, page)

    def senders(self) -> int:
        """Return how many senders are alive."""
        return int(self._all(ALIVE, {"class": SENDERS})[0][0])

    def _take_number(self) -> int:
        rows: list[tuple[int]] = []
        while not rows:
            rows = self._all(HELLO, {"class": SENDERS, "most": MOST_SENDERS})
        number = rows[0][0]
        self._run(FORGET, {"class": SENDERS})
        self._run(SEEN, {"number": number})
        return number

    def _values(self, item: Item, today: date) -> Params:
        """Return what is asked of a message before it begins."""
        return {
            "id": item.id,
            "sender": self.number,
            "address": item.address.typed if item.address else "",
            "hashes": item.address.hashes if item.address else [],
            "today": today,
        }

    def _all(self, statement: str, values: Params) -> list[Any]:
        return self._cursor.execute(statement, values, prepare=True).fetchall()

    def _run(self, statement: str, values: Params) -> None:
        self._cursor.execute(statement, values)


def settle(cursor: Any, sender: int, page: Page) -> int:
    """Record what a sender has noted of a batch, and give back what it has not begun.

    Return how many deliveries of the batch were still open.
    """
    cursor.execute(LEFT, {"sender": sender, "claimed_at": page.claimed_at})
    left = cursor.fetchall()
    unbegun = []
    for pk, status in left:
        done = page.notes.get(pk)
        if done is None or done.outcome.status == "claimed":
            unbegun.append(pk)
        elif done.outcome.status != status:
            cursor.execute(RECORD, _recording(done))
    cursor.execute(RELEASE, {"ids": unbegun, "sender": sender})
    return len(left)


def _recording(done: Done | None) -> Params:
    if done is None:
        return dict.fromkeys(["done", "done_by", "done_message_id", "outcome", "answer", "wait"])
    return {
        "done": done.id,
        "done_by": done.sender,
        "done_message_id": done.message_id,
        "outcome": done.outcome.status,
        "answer": done.outcome.answer,
        "wait": done.outcome.wait,
    }
