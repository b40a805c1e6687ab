"""`manage.py serve`: from nothing to a running site, and back, in one command."""

import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from publications.models import Publication

# What works beside the web server.
BESIDE = [
    [sys.executable, "manage.py", "send_issues", "--with-parent"],
    [sys.executable, "manage.py", "make_renditions", "--with-parent"],
]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "kei_site/gunicorn.conf.py"]


class Command(BaseCommand):
    """Prepare the database and serve the site until Ctrl-C."""

    help = (
        "Migrate the database, load sample content into an empty library, create the first "
        "account, then serve the site with gunicorn, send issues and make renditions of pictures, "
        "until Ctrl-C. An embedded database that was started for it is stopped with it."
    )

    # Checks ask the database, which would start unseen; `migrate` runs them in a moment anyway.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port and the size of the sample."""
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument(
            "--sample",
            type=int,
            default=0,
            metavar="N",
            help="load N sample publications into an empty library (none)",
        )

    def handle(self, *args: Any, port: int, sample: int, **options: Any) -> None:
        """Prepare, serve, and leave nothing running that was not running before."""
        ensure_free(port)
        server = getattr(connection, "server", None)
        try:
            started = bool(server and server.ensure_running())
            try:
                self._prepare(sample)
                self._serve(port)
            finally:
                connection.close()
                if server and started:
                    server.stop()
        except KeyboardInterrupt:
            self.stdout.write("")
        self.stdout.write("Stopped.")

    def _prepare(self, sample: int) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if sample and not Publication.objects.exists():
            call_command("load_sample", count=sample)
        call_command("search_index", verbosity=0)
        call_command("create_first_account")

    def _serve(self, port: int) -> None:
        """Run gunicorn and what works beside it; all stop by themselves on Ctrl-C."""
        # The child has connections of its own; ours would only be held open.
        connection.close()
        bind = f"127.0.0.1:{port}"
        gunicorn = subprocess.Popen(  # noqa: S603
            [*GUNICORN, "--bind", bind, "kei_site.wsgi:application"], cwd=settings.BASE_DIR
        )
        beside = [subprocess.Popen(each, cwd=settings.BASE_DIR) for each in BESIDE]  # noqa: S603
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: gunicorn.terminate())
        self.stdout.write(f"\nThe site is at http://{bind}/ and the desk at http://{bind}/admin/")
        self.stdout.write("Press Ctrl-C to stop.")
        self.stdout.flush()
        code = gunicorn.wait()
        for process in beside:
            process.terminate()
        for process in beside:
            process.wait()
        signal.signal(signal.SIGINT, previous)
        if code:
            raise CommandError(f"gunicorn ended with code {code}; its messages are above.")


def ensure_free(port: int) -> None:
    """Refuse a port that something else listens on, before anything is started."""
    with socket.socket() as probe:
        # As gunicorn does, or a port that was used a minute ago would seem taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({error}). Stop what uses it, or choose another: "
                "make run PORT=8001"
            ) from error
