"""`manage.py mail_doctor`: whether mail will leave and be believed."""

from argparse import ArgumentParser
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from newsletter.doctor import Finding, Verdict, examine
from newsletter.doctor.names import Names

DNS_PORT = 53


class Command(BaseCommand):
    """Run after each change of settings or name servers; nothing is sent."""

    help = "Check settings, mail server, SPF, DKIM and DMARC; exit code 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resolver", metavar="HOST:PORT", default="", help="Ask this one, not the system's."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each finding as it is made, and fail when something is wrong."""
        mistakes = 0
        for finding in examine(resolver_at(options["resolver"])):
            self.tell(finding)
            mistakes += finding.verdict is Verdict.WRONG
        if mistakes:
            things = "thing is" if mistakes == 1 else "things are"
            raise CommandError(f"{mistakes} {things} wrong.")
        self.stdout.write("Nothing is wrong.")

    def tell(self, finding: Finding) -> None:
        """Print one finding, and below it what to do."""
        paint = {Verdict.GOOD: self.style.SUCCESS, Verdict.WRONG: self.style.ERROR}.get(
            finding.verdict, self.style.WARNING
        )
        mark = paint(f"{'?' if finding.verdict is Verdict.UNASKED else finding.verdict:<6}")
        self.stdout.write(f"{mark}{finding.about}: {finding.said}")
        if finding.remedy:
            self.stdout.write(f"      → {finding.remedy}")


def resolver_at(text: str) -> Names:
    """Return the resolver at `HOST:PORT`; the system's for the empty string."""
    if not text:
        return Names()
    try:
        found = urlsplit(f"//{text}")
        return Names(str(ip_address(found.hostname or "")), found.port or DNS_PORT)
    except ValueError as error:
        raise CommandError("--resolver wants an IP address and a port, as 127.0.0.1:53.") from error
