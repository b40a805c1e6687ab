"""Fill the site with an invented library, to try it, to show it or to measure it."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from publications.models import Publication
from publications.sample import papers
from publications.sample.furnishing import furnish
from publications.sample.library import DEFAULT_COUNT, DEFAULT_FILES, Library
from publications.sample.loading import Loaded, load

NOON = 12


def whole_number(text: str) -> int:
    """Read a number that is not negative."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"“{text}” is not a whole number such as 300")
    return int(text)


def day(text: str) -> datetime:
    """Read a day such as 2026-11-23 as its noon by the site's clock."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day such as 2026-11-23") from None
    return timezone.make_aware(found.replace(hour=NOON))


class Command(BaseCommand):
    """Write the works first, then what stands around them."""

    help = (
        "Fill the site with an invented library: works since 1991, mostly in English and some in "
        "Korean, with authors, outlets, tags, series, pictures, PDF files, a Spotlight and the "
        "usual pages. The same count, seed and day give the same library."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument(
            "--count", type=whole_number, default=DEFAULT_COUNT, metavar="N",
            help=f"how many works to write (default: {DEFAULT_COUNT})",
        )  # fmt: skip
        parser.add_argument(
            "--seed", type=whole_number, default=1, metavar="S",
            help="another number gives another library (default: 1)",
        )  # fmt: skip
        parser.add_argument(
            "--files", type=whole_number, default=DEFAULT_FILES, metavar="N",
            help="how many of the newest works may have a picture or a PDF file "
            f"(default: {DEFAULT_FILES})",
        )  # fmt: skip
        parser.add_argument(
            "--today", type=day, metavar="YYYY-MM-DD",
            help="the day on which the library ends (default: today)",
        )  # fmt: skip
        parser.add_argument(
            "--add", action="store_true",
            help="write beside what the library holds; works that an earlier run with the same "
            "seed wrote are left as they are",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse, or write and report."""
        self.refuse_unless_empty(may_add=options["add"])
        if options["files"] and not papers.CAN_DRAW:
            self.stderr.write("No PDF files: reportlab is missing (it is in the extra “sample”).")
        today = timezone.localtime(options["today"])
        library = Library(options["count"], options["seed"], today, options["files"])
        loaded = self.load_with_progress(library, quiet=options["verbosity"] == 0)
        furnish(today)
        if options["verbosity"]:
            self.report(loaded)

    def refuse_unless_empty(self, *, may_add: bool) -> None:
        """Stop before anything is written into a library that somebody uses."""
        held = Publication.objects.count()
        if held and not may_add:
            raise CommandError(
                f"Nothing was written: the library already holds {held:,} publications. "
                "To write sample works beside them, repeat the command with --add."
            )

    def load_with_progress(self, library: Library, *, quiet: bool) -> Loaded:
        """Write the works while a bar on the terminal shows how far it has come."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        hidden = quiet or not console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
            task = progress.add_task("Sample works", total=library.count)
            return load(library.works(), lambda number: progress.advance(task, number))

    def report(self, loaded: Loaded) -> None:
        """Say what was done."""
        self.stdout.write(
            f"Wrote {loaded.works:,} works, {loaded.images} pictures and {loaded.papers} PDF files."
        )
        if loaded.known:
            self.stdout.write(f"{loaded.known:,} works were there already and were left alone.")
