"""`manage.py purge_working_copies`: forget unsaved texts that nobody came back for."""

from typing import Any

from django.core.management.base import BaseCommand

from publications.actions.working_copies import purge_working_copies


class Command(BaseCommand):
    """Run once a day."""

    help = "Delete texts that were typed, not saved, and not looked at for 30 days."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Purge, and say how much there was."""
        self.stdout.write(f"Deleted {purge_working_copies()} unsaved texts.")
