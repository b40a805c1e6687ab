"""Do what is due now, for sites that nobody visits at the moment."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from publications.actions.due import apply_due


class Command(BaseCommand):
    """Withdraw works and publish changes whose time has come."""

    help = (
        "Withdraw works and publish changes whose time has come. The site does this by itself "
        "before every page, so that no timer is needed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Go on until nothing is left, and say how much it was."""
        done = 0
        while step := apply_due(timezone.now()):
            done += step
        said = ngettext("%(n)d thing was due.", "%(n)d things were due.", done)
        self.stdout.write(said % {"n": done})
