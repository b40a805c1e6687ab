"""`manage.py import_subscribers`: take in people who agreed somewhere else."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from newsletter.actions.importing import Plan, Report, import_subscribers
from newsletter.importing import Candidate, candidates, ensure_is_header, guess
from newsletter.models import MailingList
from newsletter.tables import Table, UnusableError, inspect, read

FIELDS = ("email", "language")


class Command(BaseCommand):
    """Read the options, import, say what became of every row that was not taken in."""

    help = (
        "Put the people of a CSV file on a list, without a mail to them: they agreed elsewhere. "
        "Encoding and separator are found out. Who left or is suppressed is reported and not "
        "imported; the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--list", metavar="SLUG", required=True, help="the mailing list")
        parser.add_argument(
            "--map",
            metavar="email=COLUMN,language=COLUMN",
            type=_mapping,
            default={},
            help="which column is what; guessed by default",
        )
        parser.add_argument(
            "--proof",
            metavar="TEXT",
            required=True,
            help="where and when these people agreed; kept with each of them",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, and report."""
        try:
            with options["file"].open("rb") as file:
                report = self._run(file, options)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        except UnusableError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write("Rehearsed, nothing kept:" if options["dry_run"] else "Imported:")
        for words, number in report.lines:
            self.stdout.write(f"{number:>9,}  {words}")
        if report.other_languages:
            self.stdout.write(f"{report.other_languages:>9,}  of them with an unknown language")

    def _run(self, file: BinaryIO, options: dict[str, Any]) -> Report:
        plan = Plan(
            mailing_list=_list(options["list"]),
            proof=options["proof"],
            form_address="import_subscribers",
            is_rehearsal=options["dry_run"],
        )
        table = inspect(file)
        ensure_is_header(table.columns)
        mapping = _known(options["map"] or guess(table.columns, read(file, table)), table)
        rows = candidates(read(file, table), table.columns, mapping)
        with _progress(rows, table.rows) as watched:
            return import_subscribers(
                watched, plan, remark=lambda remark: self.stdout.write(str(remark))
            )


def _list(slug: str) -> MailingList:
    mailing_list = MailingList.objects.filter(slug=slug).first()
    if mailing_list is None:
        known = ", ".join(MailingList.objects.values_list("slug", flat=True))
        raise CommandError(f"There is no list “{slug}”. Lists are: {known}.")
    return mailing_list


def _mapping(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.split(",")]
    mapping = {field: column for field, _equals, column in pairs}
    if "email" not in mapping or not mapping.keys() <= set(FIELDS):
        raise ArgumentTypeError("write email=COLUMN or email=COLUMN,language=COLUMN")
    return mapping


def _known(mapping: dict[str, str], table: Table) -> dict[str, str]:
    """Return the mapping where all its columns are there."""
    there = ", ".join(table.columns)
    if "email" not in mapping:
        raise CommandError(f"Say with --map which column holds the address. Columns are: {there}.")
    for column in mapping.values():
        if column not in table.columns:
            raise CommandError(f"There is no column “{column}”. Columns are: {there}.")
    return mapping


@contextmanager
def _progress(rows: Iterator[Candidate], total: int) -> Iterator[Iterator[Candidate]]:
    """Pass the rows on, moving a bar when somebody is watching."""
    if not sys.stderr.isatty():
        yield rows
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield iter(progress.track(rows, total=total, description=""))
