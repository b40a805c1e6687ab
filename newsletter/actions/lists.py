"""Mailing lists."""

from django.db import transaction

from newsletter.models import MailingList


@transaction.atomic
def save_list(mailing_list: MailingList) -> MailingList:
    """Store a new or changed list."""
    mailing_list.full_clean()
    mailing_list.save()
    return mailing_list


@transaction.atomic
def delete_list(mailing_list: MailingList) -> None:
    """Delete a list that nobody was ever on."""
    mailing_list.delete()
