"""Counting clicks: how many, never whose."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from newsletter.models import IssueLink, NewsletterSettings
from newsletter.throttle import Limit

# Programs that check mail follow all links of a message at once.
CLICKS_OF_A_NETWORK = Limit("click", 3, timedelta(seconds=1))


@transaction.atomic
def count_click(link: IssueLink, *, network: str, is_machine: bool) -> None:
    """Add one to the clicks of people or machines, unless clicks are not counted here."""
    if not NewsletterSettings.read().counts_clicks:
        return
    is_calm = CLICKS_OF_A_NETWORK.admits(f"{network}:{link.issue_id}")
    column = "clicks" if is_calm and not is_machine else "machine_clicks"
    IssueLink.objects.filter(pk=link.pk).update(**{column: F(column) + 1})
