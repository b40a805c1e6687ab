"""`manage.py purge_unconfirmed`: forget sign-ups that were never confirmed."""

from typing import Any

from django.core.management.base import BaseCommand

from newsletter.actions.purging import purge_unconfirmed


class Command(BaseCommand):
    """Run once a day."""

    help = "Delete sign-ups that were not confirmed within 30 days, old links and old counters."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Purge, and say how much there was."""
        purged = purge_unconfirmed()
        self.stdout.write(
            f"Deleted {purged.subscriptions} unconfirmed subscriptions, "
            f"{purged.subscribers} subscribers without any, {purged.links} old links "
            f"and {purged.counters} counters."
        )
