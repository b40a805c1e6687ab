"""Lists, subscribers and issues, in one line each."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from newsletter.addresses import parse
from newsletter.models import (
    Issue,
    IssueItem,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
)
from publications.models import Publication, SiteSettings
from tests.factories import a_work

_numbers = count(1)


def a_list(name: str = "", **facts: Any) -> MailingList:
    number = next(_numbers)
    name = name or f"List {number}"
    slug = facts.pop("slug", f"list-{number}")
    return MailingList.objects.create(name=name, slug=slug, **facts)


def a_subscriber(
    address: str = "",
    *,
    lists: Sequence[MailingList] = (),
    status: str = SubscriptionStatus.ACTIVE,
    **facts: Any,
) -> Subscriber:
    """Somebody who confirmed, unless said otherwise."""
    found = parse(address or f"reader{next(_numbers)}@example.org")
    subscriber = Subscriber.objects.create(
        address=found.typed, normalized=found.normalized, **facts
    )
    now = timezone.now()
    for each in lists:
        Subscription.objects.create(
            subscriber=subscriber,
            mailing_list=each,
            status=status,
            confirmed_at=now if status == SubscriptionStatus.ACTIVE else None,
            unsubscribed_at=now if status == SubscriptionStatus.UNSUBSCRIBED else None,
        )
    return subscriber


def an_issue(
    subject: str = "News of the week",
    *,
    lists: Sequence[MailingList] = (),
    works: Sequence[Publication] | None = None,
    **facts: Any,
) -> Issue:
    """A draft with one work, unless said otherwise; the site has what mail must say."""
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "The Institute", "address": "1 Main Street, Washington"}
    )
    issue = Issue.objects.create(subject=subject, **facts)
    issue.lists.set(lists)
    for position, work in enumerate([a_work()] if works is None else works, start=1):
        IssueItem.objects.create(issue=issue, publication=work, position=position)
    return issue
