"""Creating the account that the first person signs in with."""

from typing import Any

from django.core.management.base import BaseCommand

from publications.actions.accounts import FIRST_NAME, create_first_account


class Command(BaseCommand):
    """Create a staff account on a site that has none, and say its password once."""

    help = "Create the first staff account and print its password; nothing when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        password = create_first_account()
        if password:
            self.stdout.write(
                f"Sign in at /admin/ as “{FIRST_NAME}” with the password {password}\n"
                "It is shown only this once. Change it under “Change password”."
            )
