"""`manage.py export_subscribers`: the people of a list as a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsletter.exporting import table
from newsletter.models import MailingList, Subscription


class Command(BaseCommand):
    """Write a CSV file that a spreadsheet opens safely."""

    help = "Write the subscriptions of a list, with status and dates, as CSV in UTF-8."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE", help="the file, or - for standard output")
        parser.add_argument("--list", metavar="SLUG", required=True, help="the mailing list")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write piece by piece."""
        if not MailingList.objects.filter(slug=options["list"]).exists():
            known = ", ".join(MailingList.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no list “{options['list']}”. Lists are: {known}.")
        pieces = table(Subscription.objects.filter(mailing_list__slug=options["list"]))
        if options["file"] == "-":
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        try:
            with Path(options["file"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
