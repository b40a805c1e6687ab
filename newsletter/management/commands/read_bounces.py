"""`manage.py read_bounces`: take in the bounces and complaints that arrived by mail."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.actions.consenting import Circumstances
from newsletter.actions.mail_events import take_in_all
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.bounces import intake
from newsletter.bounces.intake import Waiting
from newsletter.bounces.leaving import who_leaves
from newsletter.bounces.reading import read
from newsletter.bounces.reports import Report
from newsletter.mail.links import Recipient
from newsletter.models import MailEvent, MailEventKind

HELP = """
Take in the bounces and complaints that arrived by mail: addresses that do not
exist and people who complained get nothing any more. Who wrote to leave, as
mail programs do for them, is taken off the lists of the issue. Forged messages
have no consequences, and the same report counts once, however often it is read.

A Maildir's messages are moved from new/ to cur/: as seen, or flagged where they
report nothing. An mbox file stays as it is. Nothing is deleted. The command may
be killed at any moment and run again.
"""
SOURCE = "mail"


class Command(BaseCommand):
    """Run often, by a timer or as the program that mail is piped into."""

    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--maildir", type=Path, metavar="DIR", help="A folder with new/ and cur/."
        )
        where.add_argument("--mbox", type=Path, metavar="FILE", help="A file with many messages.")
        where.add_argument("stdin", nargs="?", choices=["-"], help="One message on standard input.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what is reported; store and move nothing."
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        messages, total = _source(options)
        tally: Counter[str] = Counter()
        for waiting in _with_progress(messages, total):
            tally.update(_looked_at(waiting) if dry_run else _taken_in(waiting))
        self.stdout.write(_said(tally, dry_run=dry_run))


def _source(options: dict[str, Any]) -> tuple[Iterator[Waiting], int | None]:
    """Return the messages and, where it is known, how many there are."""
    maildir, mbox = options["maildir"], options["mbox"]
    if maildir:
        if not intake.is_maildir(maildir):
            raise CommandError(f"{maildir} is no Maildir: it has no folders new and cur.")
        return intake.from_maildir(maildir), intake.count_new(maildir)
    if mbox:
        if not mbox.is_file():
            raise CommandError(f"There is no file {mbox}.")
        return intake.from_mbox(mbox), None
    return intake.from_stream(sys.stdin.buffer), 1


def _looked_at(waiting: Waiting) -> Counter[str]:
    reports = read(waiting.raw)
    leaver = who_leaves(waiting.raw) if not reports else None
    return _counted(reports, reports, leaver)


def _taken_in(waiting: Waiting) -> Counter[str]:
    reports = read(waiting.raw)
    events = take_in_all(reports, SOURCE)
    leaver = who_leaves(waiting.raw) if not reports else None
    if leaver:
        where = Circumstances(form_address=f"mailto:{settings.UNSUBSCRIBE_ADDRESS}")
        unsubscribe(leaver.subscriber_id, issue_id=leaver.issue_id, where=where)
    waiting.done(bool(reports or leaver))
    return _counted(reports, events, leaver)


def _counted(
    reports: Sequence[Report], new: Sequence[Report | MailEvent], leaver: Recipient | None
) -> Counter[str]:
    found = Counter(["messages", *(each.kind for each in new)])
    found["known"] = len(reports) - len(new)
    if not reports:
        found["leaving" if leaver else "kept"] = 1
    return found


def _said(tally: Counter[str], *, dry_run: bool) -> str:
    """Say in a few words what was found."""
    return (
        f"{'Would take in' if dry_run else 'Took in'} from {tally['messages']:,} messages: "
        f"{tally[MailEventKind.HARD_BOUNCE]:,} hard bounces, "
        f"{tally[MailEventKind.SOFT_BOUNCE]:,} soft bounces, "
        f"{tally[MailEventKind.COMPLAINT]:,} complaints, {tally['leaving']:,} who leave. "
        f"{tally['known']:,} reports were known or about nobody. "
        f"{tally['kept']:,} messages report nothing and were kept."
    )


def _with_progress(messages: Iterable[Waiting], total: int | None) -> Iterator[Waiting]:
    """Pass the messages on, on a terminal with a bar."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as progress:
        task = progress.add_task("", total=total)
        for message in messages:
            yield message
            progress.advance(task)
