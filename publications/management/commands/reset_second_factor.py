"""Letting somebody in again who has lost their second factor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publications.actions.accounts import reset_second_factor
from publications.models import User


class Command(BaseCommand):
    """Take away the second factors of an account and end its sessions."""

    help = "Remove app, passkeys and recovery codes of an account, and sign it out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        removed = reset_second_factor(user)
        self.stdout.write(
            f"Removed {removed} of “{user.username}”; a password is enough to sign in now."
            if removed
            else f"“{user.username}” had no second factor."
        )
