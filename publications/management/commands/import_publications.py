"""Import publications from a file of JSON lines."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from publications.importing.jsonl import Lines, UnusableError, open_lines
from publications.importing.kinds import Rules
from publications.importing.report import Report
from publications.importing.runner import BusyError, Line, alone, run, undone
from publications.models import Kind

UNUSABLE = 2
INTERRUPTED = 130


class Command(BaseCommand):
    """Read the options, run the import, show the report."""

    help = (
        "Import publications from a file of JSON lines, one object a line, plain or gzip.\n\n"
        "Works are known by source and id: the same file again changes nothing, a changed line\n"
        "updates its work, and an interrupted import goes on when it is run again. Works\n"
        "that staff have changed since are left alone and reported. docs/importing.md lists the\n"
        "fields.\n"
        "\n"
        "Exit codes: 0 done (skipped lines are listed), 1 another import is at work or the\n"
        "database failed, 2 the input cannot be used, 130 interrupted."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the help text."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help="the file, or - for standard input")
        parser.add_argument(
            "--source",
            metavar="NAME",
            default="",
            help="where the works come from, instead of what the lines say",
        )
        parser.add_argument(
            "--kind",
            metavar="SLUG",
            default="",
            help="kind of works whose line names none, such as op-eds",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="let changed lines replace works that staff have edited (never withdrawn ones)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything, then take it all back"
        )
        parser.add_argument(
            "--report",
            metavar="REPORT",
            type=Path,
            help="write a JSON line for each work that was skipped or remarked on",
        )
        parser.add_argument("--limit", metavar="N", type=_count, help="stop after N lines")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the import and show what it did, however it ends."""
        width = None if self.stdout.isatty() else 100
        console = Console(file=cast("IO[str]", self.stdout), highlight=False, width=width)
        started = time.monotonic()
        stopped: CommandError | None = None
        with ExitStack() as stack:
            report = Report(_open_report(stack, options["report"]))
            try:
                _run(report, options)
            except UnusableError as error:
                stopped = CommandError(str(error), returncode=UNUSABLE)
            except BusyError:
                stopped = CommandError("Another import is at work; wait until it has ended.")
            except DatabaseError as error:
                stopped = CommandError(
                    f"The database failed: {error}. Run the same again to go on."
                )
            except KeyboardInterrupt:
                again = "Interrupted. What is counted here is done; run the same again to go on."
                stopped = CommandError(again, returncode=INTERRUPTED)
        if report.works or not stopped:
            heading = "Rehearsed, nothing kept" if options["dry_run"] else "Imported"
            report.show(console, seconds=time.monotonic() - started, heading=heading)
        if stopped:
            raise stopped


def _run(report: Report, options: dict[str, Any]) -> None:
    rules = _rules(options["source"], options["kind"])
    with (
        open_lines(options["file"]) as lines,
        alone(),
        undone(when=options["dry_run"]),
        _progress(lines) as watched,
    ):
        limited = islice(watched, options["limit"])
        run(limited, rules, report, overwrite=options["overwrite"])


def _rules(source: str, kind: str) -> Rules:
    kinds: dict[str, str] = {}
    for name, slug in Kind.objects.order_by("position", "name").values_list("name", "slug"):
        kinds |= {slug: slug, name.lower(): slug}
    if not kinds:
        raise UnusableError("The site has no kind of publication; add one in the admin first.")
    if kind and kind.lower() not in kinds:
        known = ", ".join(dict.fromkeys(kinds.values()))
        raise UnusableError(f"There is no kind “{kind}”. Kinds are: {known}.")
    return Rules(kinds, source=source, kind=kind.lower())


@contextmanager
def _progress(lines: Lines) -> Iterator[Iterator[Line]]:
    """Pass the lines on, moving a bar when somebody is watching."""
    if not sys.stderr.isatty():
        yield iter(lines)
        return
    columns = (TextColumn("{task.fields[count]:,} lines"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _counted(lines, progress)


def _counted(lines: Lines, progress: Progress) -> Iterator[Line]:
    task = progress.add_task("", total=lines.size, count=0)
    for count, line in enumerate(lines, start=1):
        yield line
        progress.update(task, completed=lines.position, count=count)


def _open_report(stack: ExitStack, path: Path | None) -> TextIO | None:
    if path is None:
        return None
    try:
        return stack.enter_context(path.open("w", encoding="utf-8"))
    except OSError as error:
        raise CommandError(
            f"The report {path} cannot be written: {error.strerror}.", returncode=UNUSABLE
        ) from error


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("give a number from 1 up")
    return int(text)
