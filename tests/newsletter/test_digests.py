from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from newsletter.actions import digests
from newsletter.models import (
    Delivery,
    Digest,
    DigestSkip,
    Issue,
    MailingList,
    NewsletterSettings,
    Subscriber,
    Subscription,
)
from publications.models import Publication, SiteSettings, Spotlight
from publications.states import Status
from tests.factories import a_tag, a_work
from tests.newsletter.conftest import the_list

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """A moment by the clock of the site."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.fixture(autouse=True)
def _zone(settings) -> None:
    settings.TIME_ZONE = "America/New_York"


@pytest.fixture
def site(db) -> None:
    """An institute that has what every issue needs."""
    furnish()


def furnish() -> None:
    facts = {"name": "Institute", "address": "1 Main Street, Washington, DC"}
    SiteSettings.objects.update_or_create(pk=1, defaults=facts)


def a_digest(frequency: str = "daily", since: str = "2026-03-02T08:00", **facts) -> Digest:
    return Digest.objects.create(
        mailing_list=facts.pop("mailing_list", None) or the_list(),
        frequency=frequency,
        covered_until=at(since),
        **facts,
    )


def a_reader(frequency: str = "daily", name: str = "reader") -> Subscriber:
    address = f"{name}@example.org"
    reader = Subscriber.objects.create(address=address, normalized=address, frequency=frequency)
    Subscription.objects.create(
        subscriber=reader, mailing_list=the_list(), status="active", confirmed_at=timezone.now()
    )
    return reader


def run_at(moment: str) -> int:
    with time_machine.travel(at(moment), tick=False):
        return digests.run_due(timezone.now())


def titles() -> list[list[str]]:
    """The headlines of each issue, in the order in which the issues were made."""
    return [
        [each.publication.title for each in issue.items.select_related("publication")]
        for issue in Issue.objects.order_by("pk")
    ]


# When a digest was due last; in 2026 the clocks go forward on March 8 and back on November 1, at 2.
DUE = [
    ("daily", 8, "2026-03-03T07:59", "2026-03-02T08:00"),
    ("daily", 8, "2026-03-03T08:00", "2026-03-03T08:00"),
    ("daily", 0, "2026-03-03T00:00", "2026-03-03T00:00"),
    ("daily", 8, "2026-03-08T08:00", "2026-03-08T08:00"),
    ("weekly", 8, "2026-03-03T09:00", "2026-03-03T08:00"),
    ("weekly", 8, "2026-03-03T07:00", "2026-02-24T08:00"),
    ("weekly", 8, "2026-03-09T23:00", "2026-03-03T08:00"),
    ("monthly", 8, "2026-03-31T23:00", "2026-03-01T08:00"),
    ("monthly", 8, "2026-04-01T07:59", "2026-03-01T08:00"),
    ("monthly", 8, "2026-04-01T08:00", "2026-04-01T08:00"),
    ("monthly", 8, "2026-01-01T07:00", "2025-12-01T08:00"),
]


@pytest.mark.parametrize(("frequency", "hour", "now", "due"), DUE)
def test_when_a_digest_was_due_last(frequency, hour, now, due):
    tuesday = 1
    digest = Digest(frequency=frequency, hour=hour, weekday=tuesday)
    assert digests.last_moment(digest, at(now)) == at(due)


@pytest.mark.parametrize(
    ("hour", "now", "due"),
    [
        # Two o'clock does not exist that night: three is meant.
        (2, "2026-03-08 06:59", "2026-03-07 07:00"),
        (2, "2026-03-08 07:00", "2026-03-08 07:00"),
        # One o'clock comes twice: at 5 and at 6, in UTC.
        (1, "2026-11-01 05:00", "2026-11-01 05:00"),
        (1, "2026-11-01 06:30", "2026-11-01 05:00"),
    ],
)
def test_the_nights_on_which_clocks_change(hour, now, due):
    utc = lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: E731
    assert digests.last_moment(Digest(frequency="daily", hour=hour), utc(now)) == utc(due)


def test_an_hour_that_comes_twice_sends_once(site):
    a_digest(hour=1, since="2026-10-31T01:00")
    a_reader()
    a_work("Before", published_at=at("2026-10-31T12:00"))
    first, second = (datetime(2026, 11, 1, hour, 5, tzinfo=UTC) for hour in (5, 6))
    for moment in (first, second):
        a_work("Between", published_at=moment - timedelta(minutes=1))
        with time_machine.travel(moment, tick=False):
            digests.run_due(moment)
    assert titles() == [["Between", "Before"]]


def test_a_digest_composes_itself_of_what_is_new_and_begins(site):
    digest = a_digest()
    reader = a_reader()
    a_work("Covered before", published_at=at("2026-03-02T07:00"))
    a_work("Older", published_at=at("2026-03-02T09:00"))
    a_work("Newer", published_at=at("2026-03-03T07:00"))
    a_work("To come", published_at=at("2026-03-03T08:01"))
    a_work("Draft", status=Status.DRAFT)
    assert run_at("2026-03-03T07:59") == 0
    assert run_at("2026-03-03T08:00") == 1
    assert titles() == [["Newer", "Older"]]
    issue = Issue.objects.get()
    assert (issue.digest, list(issue.lists.all())) == (digest, [the_list()])
    assert issue.subject == "New on New publications: Newer"
    assert (issue.status, Delivery.objects.get().subscriber) == ("sending", reader)
    assert not DigestSkip.objects.exists()


def test_the_next_digest_begins_where_this_one_ended(site):
    a_digest()
    a_reader()
    a_work("First", published_at=at("2026-03-03T08:00"))
    run_at("2026-03-03T08:00")
    a_work("Second", published_at=at("2026-03-03T08:00:01"))
    assert run_at("2026-03-03T20:00") == 0
    assert run_at("2026-03-04T08:00") == 1
    assert titles() == [["First"], ["Second"]]


def test_what_was_missed_runs_once_and_late(site):
    a_digest()
    a_reader()
    for day in (3, 4, 5):
        a_work(f"Day {day}", published_at=at(f"2026-03-0{day}T12:00"))
    assert run_at("2026-03-06T15:30") == 1
    assert run_at("2026-03-06T15:31") == 0
    assert titles() == [["Day 5", "Day 4", "Day 3"]]


def test_nothing_new_is_noted_and_nobody_gets_mail(site):
    digest = a_digest()
    a_reader()
    assert run_at("2026-03-03T08:05") == 0
    assert run_at("2026-03-03T08:06") == 0
    skip = DigestSkip.objects.get()
    assert (skip.digest, skip.skipped_at) == (digest, at("2026-03-03T08:05"))
    assert "Nothing new" in skip.reason
    assert not Issue.objects.exists()


def test_a_list_with_tags_gets_a_digest_of_its_tags(site):
    trade = a_tag("Trade")
    the_list().tags.set([trade])
    a_digest()
    a_reader()
    a_work("On trade", tags=[trade], published_at=at("2026-03-02T12:00"))
    a_work("On rice", published_at=at("2026-03-02T13:00"))
    run_at("2026-03-03T08:00")
    assert titles() == [["On trade"]]


def test_the_spotlight_is_on_top(site):
    a_digest()
    a_reader()
    old = a_work("Old", published_at=at("2026-03-02T12:00"))
    a_work("New", published_at=at("2026-03-02T13:00"))
    Spotlight.objects.create(publication=old, starts_at=at("2026-03-02T12:00"))
    run_at("2026-03-03T08:00")
    assert titles() == [["Old", "New"]]


def test_what_does_not_fit_comes_next_time_even_when_dates_are_equal(site):
    a_digest()
    a_reader()
    for number in range(45):
        a_work(f"Work {number:02}", published_at=at("2026-03-02T12:00"))
    run_at("2026-03-03T08:00")
    assert run_at("2026-03-03T09:00") == 0
    run_at("2026-03-04T08:00")
    first, second = titles()
    assert (len(first), len(second)) == (30, 15)
    assert len({*first, *second}) == 45


@pytest.mark.parametrize(
    "headline",
    ["한반도 평화 " * 40, "A" * 500, "Two\nlines\tand\u2028more", "각" * 100],
)
def test_the_subject_is_one_line_of_at_most_200_characters(site, headline):
    a_digest()
    a_reader()
    a_work(headline, published_at=at("2026-03-02T12:00"))
    assert run_at("2026-03-03T08:00") == 1
    subject = Issue.objects.get().subject
    assert len(subject) <= 200
    assert subject.isprintable()
    assert subject.startswith(f"New on New publications: {headline[:3]}")


def test_one_that_needs_approval_waits_as_a_draft_and_says_so(site):
    NewsletterSettings.objects.create(pk=1, needs_approval=True)
    a_digest()
    a_reader()
    a_work("New", published_at=at("2026-03-02T12:00"))
    run_at("2026-03-03T08:00")
    assert Issue.objects.get().status == "draft"
    assert "second person has to approve" in DigestSkip.objects.get().reason
    assert not Delivery.objects.exists()


def test_one_with_errors_waits_as_a_draft_and_says_so(site):
    SiteSettings.objects.update(address="")
    a_digest()
    a_reader()
    a_work("New", published_at=at("2026-03-02T12:00"))
    run_at("2026-03-03T08:00")
    assert Issue.objects.get().status == "draft"
    assert "postal address" in DigestSkip.objects.get().reason


def test_a_digest_that_rests_sends_nothing(site):
    a_digest(is_active=False)
    a_reader()
    a_work("New", published_at=at("2026-03-02T12:00"))
    assert run_at("2026-03-03T08:00") == 0
    assert not Issue.objects.exists()
    assert not DigestSkip.objects.exists()


def test_each_list_has_a_digest_of_its_own(site):
    other = MailingList.objects.create(name="Other", slug="other")
    a_digest()
    a_digest(mailing_list=other)
    a_digest("weekly")
    a_reader()
    a_work("New", published_at=at("2026-03-02T12:00"))
    # A Wednesday: the weekly one was covered on Monday, and Tuesday is over.
    assert run_at("2026-03-04T08:00") == 3
    assert Issue.objects.filter(lists=other).count() == 1


def test_one_that_fails_says_so_keeps_no_other_waiting_and_is_tried_after_a_rest(site, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newsletter_issue ADD CHECK (subject !~ 'Bad') NOT VALID")
    bad = a_digest(mailing_list=MailingList.objects.create(name="Bad", slug="bad", position=0))
    a_digest()
    a_reader()
    a_work("New", published_at=at("2026-03-02T12:00"))
    assert run_at("2026-03-03T08:00") == 1
    assert DigestSkip.objects.get(digest=bad).reason.startswith("Something went wrong")
    assert run_at("2026-03-03T08:01") == run_at("2026-03-03T08:09") == 0
    assert len(caplog.records) == DigestSkip.objects.count() == 1
    assert run_at("2026-03-03T08:10") == 0
    assert len(caplog.records) == DigestSkip.objects.count() == 2
    MailingList.objects.filter(slug="bad").update(name="Good")
    assert run_at("2026-03-03T08:20") == 1
    assert titles() == [["New"], ["New"]]


def test_two_runs_at_once_make_one_issue(committed):
    furnish()
    a_digest(since="2026-03-02T08:00")
    a_reader()
    work = a_work("New", published_at=timezone.now() - timedelta(hours=1))
    start = Barrier(8)

    def one(_number: int) -> int:
        try:
            start.wait()
            return digests.run_due(timezone.now())
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(one, range(8))) == 1
        assert Issue.objects.count() == Delivery.objects.count() == 1
        assert not DigestSkip.objects.exists()
    finally:
        clean_up(work)


def clean_up(*works: Publication) -> None:
    """Remove what `committed` does not know of."""
    Delivery.objects.all().delete()
    Issue.objects.all().delete()
    Digest.objects.all().delete()
    for work in works:
        work.delete()
    SiteSettings.objects.all().delete()
