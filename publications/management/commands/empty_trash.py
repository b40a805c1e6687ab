"""Forget for good what has been in the trash for 90 days."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localtime

from publications.actions import trashing

SHOWN = 50


class Command(BaseCommand):
    """Run it once a day; running it twice changes nothing."""

    help = "Forget for good what has been in the trash for 90 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what would be forgotten."
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        if not dry_run:
            self.stdout.write(f"Forgotten: {trashing.empty()}")
            return
        due = trashing.due().defer("snapshot").order_by("deleted_at", "pk")
        self.stdout.write(f"Would be forgotten: {due.count()}")
        for each in due[:SHOWN]:
            day = f"{localtime(each.deleted_at):%Y-%m-%d}"
            self.stdout.write(f"  {day}  {each.get_model_display()}  {each.title}")
