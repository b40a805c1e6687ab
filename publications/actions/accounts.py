"""Staff accounts that do not come from the admin."""

import secrets

from django.db import transaction

from publications.models import User

FIRST_NAME = "admin"


@transaction.atomic
def create_first_account() -> str | None:
    """Create the account “admin” on a site without staff; return its password, else None."""
    if User.objects.filter(is_staff=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    account, _created = User.objects.get_or_create(username=FIRST_NAME)
    account.is_staff = account.is_superuser = account.is_active = True
    account.set_password(password)
    account.save()
    return password
