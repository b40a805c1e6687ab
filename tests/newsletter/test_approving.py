import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from newsletter.actions import composing
from newsletter.actions.approving import approve, ensure_may_send, is_approved
from newsletter.models import Issue, NewsletterSettings
from tests.factories import a_user, a_work
from tests.newsletter.test_composing import an_issue, the_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return a_user("change_issue")


@pytest.fixture
def editor():
    return a_user("change_issue")


@pytest.fixture
def issue(author) -> Issue:
    """An issue with one work, at an institute where a second person approves."""
    NewsletterSettings.objects.create(pk=1, needs_approval=True)
    issue = an_issue(created_by=author)
    composing.append(issue, [a_work("Rethink trade")])
    return issue


def refusal(issue: Issue) -> str:
    """Why the issue may not be sent; nothing when it may."""
    try:
        ensure_may_send(Issue.objects.get(pk=issue.pk))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def test_nothing_needs_approval_unless_the_settings_say_so(issue):
    assert "second person" in refusal(issue)
    NewsletterSettings.objects.update(needs_approval=False)
    assert refusal(issue) == ""


def test_somebody_else_approves_and_the_author_does_not(issue, author, editor):
    with pytest.raises(ValidationError, match="somebody else has to approve"):
        approve(issue.pk, author)
    assert not is_approved(Issue.objects.get())
    approved = approve(issue.pk, editor)
    assert approved.approved_by == editor
    assert is_approved(Issue.objects.get())
    assert refusal(issue) == ""


def test_whoever_changed_it_last_is_an_author_too(issue, editor):
    def edited_by(user, said):
        LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(Issue),
            object_id=issue.pk,
            action_flag=CHANGE,
            change_message=said,
        )

    edited_by(editor, "Paused")
    approve(issue.pk, editor)
    edited_by(editor, '[{"changed": {"fields": ["Subject"]}}]')
    with pytest.raises(ValidationError, match="somebody else has to approve"):
        approve(issue.pk, editor)
    edited_by(a_user(), '[{"changed": {"fields": ["Subject"]}}]')
    approve(issue.pk, editor)


def change_subject(issue):
    issue.subject = "다른 제목"
    composing.save_issue(issue, by=None, lists=[the_list()])


def change_blurb(issue):
    issue.items.update(blurb="Better words.")


def change_order(issue):
    composing.append(issue, [a_work("Another")])


def change_headline_of_the_work(issue):
    work = issue.publications.get()
    work.title = "Corrected"
    work.save()


def change_lists(issue):
    issue.lists.clear()


@pytest.mark.parametrize(
    "change",
    [change_subject, change_blurb, change_order, change_headline_of_the_work, change_lists],
)
def test_whatever_changes_the_content_needs_approval_again(issue, editor, change):
    approve(issue.pk, editor)
    change(Issue.objects.get())
    assert not is_approved(Issue.objects.get())
    assert "needs approval again" in refusal(issue)
    approve(issue.pk, editor)
    assert refusal(issue) == ""


def test_what_was_changed_while_somebody_looked_is_not_approved(issue, editor):
    seen = approve(issue.pk, editor).approved_hash
    change_subject(Issue.objects.get())
    with pytest.raises(ValidationError, match="changed while you looked"):
        approve(issue.pk, editor, seen=seen)
    assert not is_approved(Issue.objects.get())


def test_what_was_cancelled_cannot_be_approved(issue, editor):
    Issue.objects.update(status="cancelled")
    with pytest.raises(ValidationError, match="not been sent"):
        approve(issue.pk, editor)
