"""Digests: issues that compose themselves when their hour has come."""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.actions import sending
from newsletter.actions.composing import append, spotlight_first, works_for
from newsletter.models import Digest, DigestSkip, Frequency, Issue, IssueItem
from publications.models import Publication

log = logging.getLogger(__name__)

MOST_WORKS = 30
LONGEST_SUBJECT = 200
LONGEST_REASON = 200
# How long a digest that did not go out is left alone.
REST = timedelta(minutes=10)
# Days, today among them: the first of this or of the last month is always one of these.
LOOK_BACK = 32


def run_due(now: datetime) -> int:
    """Send every digest whose hour has come, and return how many issues were made.

    May run anywhere and at any time: a digest that was missed runs once, late, and
    of two runs at once one finds nothing to do. One that failed is tried again after a rest.
    """
    made = 0
    resting = DigestSkip.objects.filter(skipped_at__gt=now - REST).values("digest")
    for digest in Digest.objects.filter(is_active=True).exclude(pk__in=resting):
        if last_moment(digest, now) <= digest.covered_until:
            continue
        try:
            made += run(digest.pk, now)
        except Exception:
            # One list's trouble must not keep the others waiting.
            log.exception("Digest %s did not run.", digest.pk)
            reason = _("Something went wrong; the log of the site says what. It is tried again.")
            skip(digest, reason, now)
    return made


@transaction.atomic
def run(digest_id: int, now: datetime) -> bool:
    """Compose and start the issue of one digest, or note why not; say whether there is one."""
    held = Digest.objects.select_for_update(skip_locked=True, of=("self",))
    digest = held.select_related("mailing_list").filter(pk=digest_id, is_active=True).first()
    if digest is None or not _is_due(digest, now):
        return False
    works = _oldest_uncovered(digest, now)
    # What did not fit comes next time.
    is_full = len(works) == MOST_WORKS
    digest.covered_until = works[-1].published_at if is_full else now  # type: ignore[assignment]
    digest.save(update_fields=["covered_until"])
    if not works:
        skip(digest, _("Nothing new was published."), now)
        return False
    _start(_compose(digest, works), now)
    return True


@transaction.atomic
def save_digest(digest: Digest) -> Digest:
    """Store a new or changed digest; one that rested begins with what comes from now on."""
    digest.full_clean()
    before = Digest.objects.select_for_update().filter(pk=digest.pk).first()
    if before:
        digest.covered_until = before.covered_until
    if before and digest.is_active and not before.is_active:
        digest.covered_until = timezone.now()
    digest.save()
    return digest


@transaction.atomic
def delete_digest(digest: Digest) -> None:
    """Delete a digest; its issues stay."""
    digest.delete()


def skip(digest: Digest, reason: str, now: datetime) -> None:
    """Note that a digest was due and did not go out."""
    DigestSkip.objects.create(digest=digest, skipped_at=now, reason=cut(reason, LONGEST_REASON))


def last_moment(digest: Digest, now: datetime) -> datetime:
    """Return when the digest was due last, in UTC.

    An hour that the clocks skip counts as the hour after it, and of an hour that
    comes twice the first one counts (PEP 495, fold=0).
    """
    zone = timezone.get_default_timezone()
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(LOOK_BACK))
    moments = (
        datetime.combine(day, time(digest.hour), tzinfo=zone).astimezone(UTC)
        for day in days
        if _falls_on(digest, day)
    )
    return next(moment for moment in moments if moment <= now)


def _falls_on(digest: Digest, day: date) -> bool:
    match digest.frequency:
        case Frequency.WEEKLY:
            return day.weekday() == digest.weekday
        case Frequency.MONTHLY:
            return day.day == 1
    return True


def _is_due(digest: Digest, now: datetime) -> bool:
    """Ask again under the lock; an issue that was full has not covered everything until now."""
    last = digest.issues.aggregate(last=Max("created_at"))["last"]
    ran = max(digest.covered_until, last or digest.covered_until)
    return ran < last_moment(digest, now)


def _oldest_uncovered(digest: Digest, now: datetime) -> Sequence[Publication]:
    """Return what is new and was in no issue of this digest yet, the oldest first."""
    # Several works may have one date, and the last issue had room for some of them.
    just_before = digest.covered_until - timedelta(microseconds=1)
    works = works_for([digest.mailing_list], since=just_before, until=now)
    had = IssueItem.objects.filter(issue__digest=digest).values("publication")
    return list(works.exclude(pk__in=had).order_by("published_at", "pk")[:MOST_WORKS])


def _compose(digest: Digest, works: Sequence[Publication]) -> Issue:
    chosen = list(spotlight_first(Publication.objects.filter(pk__in=[each.pk for each in works])))
    issue = Issue.objects.create(digest=digest, subject=subject_of(digest, chosen[0]))
    issue.lists.set([digest.mailing_list])
    append(issue, chosen)
    return issue


def subject_of(digest: Digest, first: Publication) -> str:
    """Name the list and the first headline, as one line of at most 200 characters."""
    said = _("New on %(list)s: %(headline)s") % {
        "list": digest.mailing_list,
        "headline": first.title,
    }
    plain = "".join(each if each.isprintable() else " " for each in said)
    return cut(" ".join(plain.split()), LONGEST_SUBJECT)


def cut(text: str, longest: int) -> str:
    """Shorten a text to so many code points, as the database counts them."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _start(issue: Issue, now: datetime) -> None:
    """Let an issue begin; one that must not be sent waits as a draft for somebody to look."""
    try:
        with transaction.atomic():
            sending.start(issue.pk)
    except ValidationError as refusal:
        sending.hold_back(issue.pk, refusal.messages)
        reason = _("Waits for somebody: %(reason)s") % {"reason": " ".join(refusal.messages)}
        skip(issue.digest, reason, now)  # type: ignore[arg-type]
