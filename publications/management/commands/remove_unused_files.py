"""`manage.py remove_unused_files`: free the disk of what nothing leads to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from publications.actions.stored_files import remove, unneeded_files


class Command(BaseCommand):
    """Remove files that neither rows nor revisions need."""

    help = (
        "Remove stored files that no image, attachment, setting, revision, waiting change or "
        "working copy leads to, and smaller versions of pictures that were replaced. A file that "
        "was replaced stays as long as a revision can bring it back. Files of the last day stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether only to look."""
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if dry_run:
            for name in unneeded_files():
                self.stdout.write(name)
            return
        number = remove(unneeded_files())
        if options["verbosity"]:
            self.stdout.write(f"Removed {number:,} files.")
