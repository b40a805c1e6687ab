"""Issues that begin by themselves, and those that must not."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.actions import sending
from newsletter.models import Delivery, Issue, MailingList, NewsletterSettings
from newsletter.sending import overseer
from publications.models import SiteSettings
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.newsletter.test_admin_issues import EDITOR, page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekly() -> MailingList:
    weekly = a_list("Weekly")
    a_subscriber("reader@example.org", lists=[weekly])
    return weekly


def due(weekly: MailingList, subject: str = "News of the week") -> Issue:
    """An issue whose moment has just come."""
    issue = an_issue(subject, lists=[weekly])
    sending.schedule(issue.pk, timezone.now() + timedelta(hours=1))
    Issue.objects.filter(pk=issue.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))
    issue.refresh_from_db()
    return issue


def without_an_address() -> None:
    SiteSettings.objects.update(address="")


def without_approval() -> None:
    NewsletterSettings.objects.update_or_create(pk=1, defaults={"needs_approval": True})


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(without_an_address, "address"), (without_approval, "second person has to approve")],
)
def test_what_must_not_be_sent_waits_for_somebody_and_says_why_once(weekly, caplog, trouble, words):
    issue = due(weekly)
    trouble()
    with caplog.at_level(logging.WARNING, logger="newsletter"):
        for _ in range(3):
            overseer.tick()
    assert len([each for each in caplog.records if "did not begin" in each.message]) == 1
    issue.refresh_from_db()
    assert issue.status == "draft"
    assert words in issue.refusal
    assert not Delivery.objects.exists()
    desk = signed_in(*EDITOR)
    form = desk.get(page("issue_change", issue.pk)).content.decode()
    assert "It did not begin by itself" in form
    assert words in form
    assert "Did not begin" in desk.get(page("issue_changelist")).content.decode()


def test_what_is_repaired_begins_and_nothing_is_said_any_more(weekly):
    issue = due(weekly)
    without_approval()
    overseer.tick()
    NewsletterSettings.objects.update(needs_approval=False)
    issue = sending.schedule(issue.pk, timezone.now() + timedelta(hours=1))
    assert issue.refusal == ""
    Issue.objects.filter(pk=issue.pk).update(scheduled_for=timezone.now())
    overseer.tick()
    issue.refresh_from_db()
    assert (issue.status, issue.candidates) == ("sending", 1)
    assert "Did not begin" not in signed_in(*EDITOR).get(page("issue_changelist")).content.decode()


def test_one_that_cannot_begin_keeps_no_other_waiting(weekly):
    broken, fine = due(weekly, "Broken"), due(weekly, "Fine")
    broken.items.all().delete()
    overseer.tick()
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.status, fine.status) == ("draft", "sending")
