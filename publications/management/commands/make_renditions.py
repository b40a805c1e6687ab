"""`manage.py make_renditions`: the smaller versions of pictures, beside the web server."""

import logging
import os
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from kei_site.common.stopping import EventOrOrphaned, stop_on_signals
from publications.actions.renditions import make_all_anew, render_next
from publications.models import Rendering

logger = logging.getLogger(__name__)

# Seconds between two looks for new pictures.
PAUSE = 3.0
# Readers come first.
NICENESS = 10


class Command(BaseCommand):
    """Make renditions until told to stop."""

    help = (
        "Make smaller versions (WebP and JPEG, 480, 960 and 1,600 pixels wide) of pictures that "
        "have none, until Ctrl-C or SIGTERM. May run several times at once and be killed at any "
        "moment; until a picture has its versions, pages show the picture itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take when to end, and whether to begin from nothing."""
        parser.add_argument("--once", action="store_true", help="end when no picture waits")
        parser.add_argument("--rebuild", action="store_true", help="make all of them anew")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when the program that started it does"
        )

    def handle(
        self, *args: Any, once: bool, rebuild: bool, with_parent: bool, **options: Any
    ) -> None:
        if rebuild:
            self.stdout.write(f"{make_all_anew():,} pictures wait.")
        if once:
            made = self._empty_queue(Event())
            if options["verbosity"]:
                self.stdout.write(f"Looked at {made:,} pictures.")
            return
        os.nice(NICENESS)
        stop = stop_on_signals(EventOrOrphaned() if with_parent else Event())
        while not stop.is_set():
            try:
                self._empty_queue(stop)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database is gone (%s); trying again", type(error).__name__)
            # Nothing is held open while there is nothing to do.
            connection.close()
            stop.wait(PAUSE)

    def _empty_queue(self, stop: Event) -> int:
        """Work until no picture waits; return how many there were."""
        number = 0
        while not stop.is_set() and (done := render_next()):
            number += 1
            if done.outcome == Rendering.BROKEN:
                logger.warning("Picture %s is broken or gone: %s", done.image.pk, done.image)
        return number
