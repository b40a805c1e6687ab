from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from newsletter.actions import composing
from newsletter.models import Digest, Issue, IssueItem, MailingList
from publications.models import Spotlight
from publications.states import Status
from tests.factories import a_tag, a_user, a_work
from tests.newsletter.conftest import the_list

pytestmark = pytest.mark.django_db


def an_issue(*lists: MailingList, **facts) -> Issue:
    issue = Issue.objects.create(**{"subject": "July", **facts})
    issue.lists.set(lists or [the_list()])
    return issue


def a_list(name: str, *tags) -> MailingList:
    mailing_list = MailingList.objects.create(name=name, slug=name.lower())
    mailing_list.tags.set(tags)
    return mailing_list


def ago(**time):
    return timezone.now() - timedelta(**time)


def titles(issue: Issue) -> list[str]:
    return [each.publication.title for each in issue.items.select_related("publication")]


def started(at, **facts) -> Issue:
    return an_issue(status="sent", started_at=at, finished_at=at, candidates=0, **facts)


def test_what_is_new_comes_newest_first_and_never_what_readers_do_not_see():
    a_work("Older", published_at=ago(days=3))
    a_work("Newer", published_at=ago(days=1))
    a_work("To come", published_at=timezone.now() + timedelta(hours=1))
    a_work("Draft", status=Status.DRAFT)
    a_work("Last season", published_at=ago(days=31))
    issue = an_issue()
    assert composing.add_new(issue.pk) == 2
    assert titles(issue) == ["Newer", "Older"]


def test_only_what_came_after_the_last_issue_to_one_of_the_lists_is_new():
    a_work("Sent already", published_at=ago(days=5))
    a_work("New", published_at=ago(days=2))
    started(ago(days=4))
    issue = an_issue()
    composing.add_new(issue.pk)
    assert titles(issue) == ["New"]


@pytest.mark.parametrize("other", ["to another list", "a digest", "cancelled", "a draft"])
def test_what_did_not_go_to_these_people_does_not_count_as_the_last_issue(other):
    a_work("New", published_at=ago(days=5))
    earlier = started(ago(days=4))
    if other == "to another list":
        earlier.lists.set([a_list("Trade")])
    if other == "a digest":
        earlier.digest = Digest.objects.create(mailing_list=the_list(), frequency="weekly")
    if other == "cancelled":
        earlier.status = "cancelled"
    if other == "a draft":
        earlier.status, earlier.started_at = "draft", None
    earlier.save()
    issue = an_issue()
    composing.add_new(issue.pk)
    assert titles(issue) == ["New"]


def test_a_list_with_tags_gets_works_with_one_of_them_and_a_list_without_gets_all():
    trade, security = a_tag("Trade"), a_tag("Security")
    a_work("On trade", tags=[trade], published_at=ago(hours=1))
    a_work("On both", tags=[trade, security], published_at=ago(hours=2))
    a_work("On neither", published_at=ago(hours=3))
    narrow = an_issue(a_list("Economy", trade))
    composing.add_new(narrow.pk)
    assert titles(narrow) == ["On trade", "On both"]
    wide = an_issue(a_list("Everything"), MailingList.objects.get(slug="economy"))
    composing.add_new(wide.pk)
    assert titles(wide) == ["On trade", "On both", "On neither"]


def test_the_spotlight_comes_first_among_what_is_new():
    old = a_work("Old", published_at=ago(days=2))
    a_work("New", published_at=ago(days=1))
    Spotlight.objects.create(publication=old, starts_at=ago(hours=1))
    issue = an_issue()
    composing.add_new(issue.pk)
    assert titles(issue) == ["Old", "New"]


def test_an_old_work_in_the_spotlight_is_not_new():
    old = a_work("Old", published_at=ago(days=40))
    Spotlight.objects.create(publication=old, starts_at=ago(hours=1))
    assert composing.add_new(an_issue().pk) == 0


def test_adding_goes_behind_what_is_there_and_a_second_time_adds_nothing():
    chosen = a_work("Chosen", published_at=ago(days=9))
    issue = an_issue()
    composing.append(issue, [chosen])
    a_work("New", published_at=ago(days=1))
    assert composing.add_new(issue.pk) == 1
    assert composing.add_new(issue.pk) == 0
    assert titles(issue) == ["Chosen", "New"]
    assert [each.position for each in issue.items.all()] == [1, 2]


def test_at_most_thirty_are_added_and_an_issue_never_holds_more_than_sixty():
    for hours in range(35):
        a_work(f"New {hours}", published_at=ago(hours=hours + 1))
    first = an_issue()
    assert composing.add_new(first.pk) == 30
    assert titles(first)[0] == "New 0"
    full = an_issue()
    old = [a_work(published_at=ago(days=50)) for _ in range(58)]
    composing.append(full, old)
    assert composing.add_new(full.pk) == 2


@pytest.mark.parametrize("status", ["scheduled", "sending", "paused", "sent", "cancelled"])
def test_only_drafts_can_be_changed(status):
    now = timezone.now()
    issue = an_issue(
        status=status, scheduled_for=now, started_at=now, finished_at=now, candidates=0
    )
    issue.subject = "Changed"
    with pytest.raises(ValidationError, match="only drafts can be changed"):
        composing.save_issue(issue, by=None, lists=[the_list()])
    with pytest.raises(ValidationError, match="only drafts can be changed"):
        composing.add_new(issue.pk)
    with pytest.raises(ValidationError, match="so that it stays"):
        composing.delete_issue(issue)
    assert Issue.objects.get().subject == "July"


def test_a_draft_is_deleted_with_its_items_and_the_works_stay():
    issue = an_issue()
    work = a_work()
    composing.append(issue, [work])
    composing.delete_issue(issue)
    assert not Issue.objects.exists()
    work.refresh_from_db()


def test_saving_words_leaves_alone_what_others_did_meanwhile():
    issue = an_issue()
    Issue.objects.update(approved_hash="a" * 64, approved_at=timezone.now())
    issue.subject = "August"
    composing.save_issue(issue, by=a_user(), lists=[the_list()])
    stored = Issue.objects.get()
    assert (stored.subject, stored.approved_hash, stored.created_by) == ("August", "a" * 64, None)


def test_two_rows_may_swap_their_publications_and_keep_their_keys():
    issue = an_issue()
    composing.append(issue, [a_work("One"), a_work("Two")])
    one, two = issue.items.all()
    one.publication_id, two.publication_id = two.publication_id, one.publication_id
    composing.save_issue(issue, by=None, lists=[the_list()], items=[one, two])
    assert titles(issue) == ["Two", "One"]
    assert set(IssueItem.objects.values_list("pk", flat=True)) == {one.pk, two.pk}
