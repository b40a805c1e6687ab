"""What is written about links: what a check found, and what staff make of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from publications.actions.link_uses import note_links
from publications.actions.locking import lock
from publications.checking.verdicts import Verdict
from publications.models import LinkCheck, LinkStatus, LinkUse, Publication
from publications.states import Status

# One bad day of a server is no broken link.
FAILURES = 3
FAILING_FOR = timedelta(days=2)
AGAIN = timedelta(days=30)
FIRST_RETRY = timedelta(hours=12)
LONGEST_RETRY = timedelta(days=30)
# So that what was added in one day is not checked in one day for ever.
SPREAD = 7
BATCH = 200


def due(*, now: datetime, everything: bool = False) -> QuerySet[LinkCheck]:
    """Return the links that are to be checked: those readers can see, the longest due first."""
    shown = LinkUse.objects.filter(
        link=OuterRef("pk"),
        publication__status=Status.PUBLISHED,
        publication__published_at__lte=now,
    )
    links = LinkCheck.objects.filter(Exists(shown), ignored=False)
    return (links if everything else links.filter(next_at__lte=now)).order_by("next_at", "pk")


@transaction.atomic
def record_verdict(link: LinkCheck, verdict: Verdict, *, now: datetime) -> LinkCheck:
    """Write down what a check found and when the next one is due."""
    link = lock(link)
    link.http_code = verdict.http_code
    link.final_url = verdict.final_url
    link.reason = verdict.reason
    link.checked_at = now
    if verdict.status == LinkStatus.FAILING:
        link.failures = min(link.failures + 1, 1000)
        link.failing_since = link.failing_since or now
        lasts = link.failures >= FAILURES and now - link.failing_since >= FAILING_FOR
        link.status = LinkStatus.BROKEN if lasts else LinkStatus.FAILING
        link.next_at = now + min(FIRST_RETRY * 2 ** min(link.failures - 1, 10), LONGEST_RETRY)
    else:
        link.status = verdict.status
        link.failures, link.failing_since = 0, None
        link.next_at = now + AGAIN + timedelta(days=link.pk % SPREAD)
    if verdict.retry_after:
        link.next_at = now + verdict.retry_after
    link.save()
    return link


@transaction.atomic
def keep_archive(link: LinkCheck, *, archive_url: str, ignored: bool, by: Any) -> LinkCheck:
    """Keep where a copy of the original is, and whether to check; leave what was found."""
    _ensure_may(by)
    link = lock(link)
    link.archive_url, link.ignored = archive_url, ignored
    link.full_clean()
    link.save(update_fields=["archive_url", "ignored"])
    return link


def check_again(links: QuerySet[LinkCheck], *, by: Any) -> int:
    """Put links at the head of the queue; return how many."""
    _ensure_may(by)
    return links.update(next_at=timezone.now(), ignored=False)


def ignore(links: QuerySet[LinkCheck], *, by: Any) -> int:
    """Leave links alone from now on; return how many."""
    _ensure_may(by)
    return links.update(ignored=True)


def forget_unused() -> int:
    """Delete links that no work uses any more, unless staff wrote something down about them."""
    used = LinkUse.objects.filter(link=OuterRef("pk"))
    unused = LinkCheck.objects.filter(~Exists(used), archive_url="", ignored=False)
    return unused.delete()[0]


def collect_links(progress: Callable[[int], None] = lambda _done: None) -> int:
    """Read anew what every work leads to, in batches; return how many works there are."""
    done = 0
    ids = Publication.objects.order_by("pk").values_list("pk", flat=True).iterator()
    for batch in batched(ids, BATCH):
        with transaction.atomic():
            note_links(batch)
        done += len(batch)
        progress(done)
    return done


def _ensure_may(by: Any) -> None:
    if not by.has_perm("publications.change_linkcheck"):
        raise PermissionDenied(_("Your account may not change what is known of links."))
