"""Keep the search index whole: `manage.py search_index`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from publications.actions.due import apply_due
from publications.models import Publication
from publications.search import rebuilding
from publications.search.rebuilding import Drift


class Command(BaseCommand):
    """Index what is missing, everything, or compare."""

    help = (
        "Index publications that are not in the search index yet, after doing what is due by now. "
        "With --rebuild, write all of it anew while searching goes on; with --check, compare it "
        "with a fresh build."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="Write the whole index anew.")
        parser.add_argument(
            "--check",
            action="store_true",
            help="Compare with a fresh build (after --rebuild, if both are given); "
            "exit with 1 when something differs.",
        )

    def handle(self, *args: Any, rebuild: bool, check: bool, **options: Any) -> None:
        # What the next page would do first.
        while not rebuild and apply_due(timezone.now()):
            pass
        if rebuild:
            works = self._with_progress("Indexing", rebuilding.rebuild)
            self.stdout.write(f"Indexed {works:,} publications.")
        elif not check:
            missing = self._with_progress("Indexing", rebuilding.add_missing)
            if options["verbosity"]:
                self.stdout.write(f"Indexed {missing:,} publications that were missing.")
        if check:
            drift = self._with_progress("Comparing", rebuilding.check)
            if drift:
                raise CommandError(_report(drift))
            self.stdout.write("The index is what a fresh build would make.")

    def _with_progress(self, what: str, work: Any) -> Any:
        """Run `work`, on a terminal with a bar."""
        console = Console(stderr=True)
        with Progress(
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        ) as progress:
            task = progress.add_task(what, total=Publication.objects.count())
            return work(lambda works: progress.advance(task, works))


def _report(drift: Drift) -> str:
    """Say what differs, and what to do."""
    named = ", ".join(map(str, drift.documents[:10]))
    found = [
        f"{len(drift.documents):,} publications differ from their document (ids {named} …)"
        if drift.documents
        else "",
        f"{drift.counts:,} counts of terms are wrong" if drift.counts else "",
        f"{drift.words:,} words are missing" if drift.words else "",
        f"{drift.suggestions:,} suggestions are wrong" if drift.suggestions else "",
        f"{drift.waiting:,} changes wait to be taken in" if drift.waiting else "",
    ]
    what = "; ".join(filter(None, found))
    return f"The search index is not up to date: {what}. Run: manage.py search_index --rebuild"
