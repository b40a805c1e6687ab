"""Writing issues: their words, their publications in order, and what is new for their lists."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.models import Issue, IssueItem, IssueStatus, MailingList
from newsletter.models.issues import STARTED
from publications.models import Publication, Spotlight, Tagging

# A delivery remembers each item as one bit of a signed 64-bit number.
MOST_ITEMS = 60
MOST_NEW = 30
# What is new on a list that never had an issue.
NEW_FOR = timedelta(days=30)
WORDS = ["subject", "preheader", "intro", "closing", "is_archived", "updated_at"]
DELETABLE = (IssueStatus.DRAFT, IssueStatus.CANCELLED)


@transaction.atomic
def save_issue(
    issue: Issue,
    *,
    by: Any,
    lists: Collection[MailingList],
    items: Sequence[IssueItem] = (),
    removed: Sequence[IssueItem] = (),
) -> Issue:
    """Write a new or changed draft with the items that changed and without those removed."""
    if issue.pk is None:
        issue.created_by = by
        issue.save()
    else:
        lock_draft(issue.pk)
        issue.save(update_fields=WORDS)
    issue.lists.set(lists)
    _write_items(issue, items, removed)
    return issue


@transaction.atomic
def add_new(issue_id: int) -> int:
    """Add what is new for the lists of a draft behind its items; return how much it was."""
    issue = lock_draft(issue_id)
    has = set(issue.items.values_list("publication_id", flat=True))
    now = timezone.now()
    fresh = works_for(issue.lists.all(), since=_last_started(issue) or now - NEW_FOR, until=now)
    room = max(0, min(MOST_NEW, MOST_ITEMS - len(has)))
    works = spotlight_first(fresh.exclude(pk__in=has))[:room]
    append(issue, works)
    return len(works)


@transaction.atomic
def delete_issue(issue: Issue) -> None:
    """Delete an issue of which nothing was ever sent."""
    stored = Issue.objects.select_for_update().get(pk=issue.pk)
    if not is_deletable(stored):
        raise ValidationError(
            _("“%(issue)s” is scheduled or was sent, so that it stays."), params={"issue": stored}
        )
    stored.delete()


def is_deletable(issue: Issue) -> bool:
    """Say whether nothing of an issue was sent or is about to be."""
    return issue.status in DELETABLE and issue.started_at is None


def lock_draft(issue_id: int) -> Issue:
    """Return a draft, held until the transaction ends; refuse what is not a draft any more."""
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if issue.status != IssueStatus.DRAFT:
        raise no_draft(issue)
    return issue


def no_draft(issue: Issue) -> ValidationError:
    """Return the refusal to change what is not a draft any more."""
    said = _("The issue is “%(status)s” by now; only drafts can be changed.")
    return ValidationError(said % {"status": issue.get_status_display()}, code="moved")


def works_for(
    lists: Iterable[MailingList], *, since: datetime, until: datetime
) -> QuerySet[Publication]:
    """Return the public works dated after one moment and up to another for one of the lists."""
    ids = [each.pk for each in lists]
    works: QuerySet[Publication] = Publication.objects.published(until)
    works = works.filter(published_at__gt=since)
    pairs = MailingList.tags.through.objects.filter(mailinglist__in=ids)
    tags = {each.mailinglist_id: each.tag_id for each in pairs}
    # A list without tags is for everything.
    if not all(each in tags for each in ids):
        return works
    tagged = Tagging.objects.filter(tag__in=[each.tag_id for each in pairs])
    return works.filter(pk__in=tagged.values("content_object_id"))


def spotlight_first(works: QuerySet[Publication]) -> QuerySet[Publication]:
    """Sort the newest first, and the Spotlight of this moment on top of them."""
    here = Spotlight.objects.current().filter(publication=OuterRef("pk"))
    return works.order_by(Exists(here).desc(), "-published_at", "-pk")


def append(issue: Issue, works: Iterable[Publication]) -> None:
    """Put works behind what is in an issue."""
    last = issue.items.aggregate(last=Max("position"))["last"] or 0
    IssueItem.objects.bulk_create(
        IssueItem(issue=issue, publication=work, position=place)
        for place, work in enumerate(works, start=last + 1)
    )


def _last_started(issue: Issue) -> datetime | None:
    """Return when the last issue to one of the lists began; digests go to other people."""
    earlier = Issue.objects.filter(
        lists__in=issue.lists.all(), status__in=STARTED, digest=None
    ).exclude(pk=issue.pk)
    last: datetime | None = earlier.aggregate(last=Max("started_at"))["last"]
    return last


def _write_items(issue: Issue, items: Sequence[IssueItem], removed: Sequence[IssueItem]) -> None:
    # Two rows may have swapped their publications: take all away before any comes back.
    gone = [each.pk for each in (*items, *removed) if each.pk]
    issue.items.filter(pk__in=gone).delete()
    IssueItem.objects.bulk_create(items)
    _number(issue)


def _number(issue: Issue) -> None:
    """Number the items from 1 without gaps; equal numbers keep the order of writing."""
    items = list(issue.items.order_by("position", "pk"))
    for place, item in enumerate(items, start=1):
        item.position = place
    IssueItem.objects.bulk_update(items, ["position"])
