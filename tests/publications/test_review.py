"""Review: buttons that save and move, what was said, approvals that hold, and two people."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from lxml import html

from kei_site.common import courier
from publications.actions import editing, workflow
from publications.actions.recording import revisions_of
from publications.models import Publication, SiteSettings, Tag, User, WorkflowEvent
from publications.states import APPROVE, CHANGE, PUBLISH, Status
from tests.factories import a_tag, a_user, a_work, an_author
from tests.publications.desk import (
    at,
    desk_url,
    errors_in,
    form_in,
    messages_in,
    save,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site_address(settings: Any) -> None:
    settings.SITE_URL = "https://www.example.org"


def member(group: str, **facts: Any) -> User:
    user = a_user(**facts)
    user.groups.add(Group.objects.get(name=group))
    return user


def enter(client: Any, group: str, **facts: Any) -> User:
    user = member(group, **facts)
    client.force_login(user)
    return user


def buttons(client: Any, work: Publication | None = None) -> list[str]:
    args = () if work is None else (work.pk,)
    page = client.get(desk_url("publication", "change" if args else "add", *args))
    return html.fromstring(page.content.decode()).xpath("//button[@name='_move']/@value")


def steps(work: Publication) -> list[str]:
    return [event.move for event in reversed(work.workflow_events.all())]


# --- Buttons ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        (
            "Writer",
            {"draft": ["submit"], "in_review": ["return_to_draft"],
             "approved": ["return_to_draft"], "published": [], "withdrawn": []},
        ),
        (
            "Editor",
            {"draft": ["submit"], "in_review": ["approve", "send_back"],
             "approved": ["send_back"], "published": [], "withdrawn": []},
        ),
        (
            "Publisher",
            {"draft": ["submit", "publish"], "in_review": ["approve", "publish", "send_back"],
             "approved": ["publish", "send_back"], "published": ["withdraw", "unpublish"],
             "withdrawn": ["publish", "unpublish"]},
        ),
    ],
)  # fmt: skip
def test_the_form_offers_the_steps_that_one_may_take(
    client: Any, group: str, offered: dict[str, list[str]]
) -> None:
    enter(client, group)
    assert {here: buttons(client, a_work(status=here)) for here in offered} == offered
    assert buttons(client) == offered["draft"]


def test_who_may_only_look_gets_no_button(client: Any) -> None:
    client.force_login(a_user("view_publication", PUBLISH))
    assert buttons(client, a_work(status=Status.DRAFT)) == []


def test_enter_in_a_field_saves_and_takes_no_step(staff: Any) -> None:
    page = staff.get(desk_url("publication", "change", a_work(status=Status.DRAFT).pk))
    form = html.fromstring(page.content.decode()).get_element_by_id("publication_form")
    first = form.xpath(".//*[self::button or self::input][@type='submit' or @type='image']")[0]
    assert first.get("name") == "_save"


def test_one_press_saves_and_takes_the_step(client: Any) -> None:
    writer = enter(client, "Writer", first_name="Ji-woo", last_name="Han")
    work = a_work("First", status=Status.DRAFT, published_at=None)
    answer = save(client, "publication", work.pk, title="Second", _move="submit", _comment=" Ok? ")
    assert answer.status_code == 302
    work.refresh_from_db()
    assert (work.title, work.status) == ("Second", Status.IN_REVIEW)
    event = WorkflowEvent.objects.get()
    assert (event.move, event.before, event.after) == ("submit", "draft", "in_review")
    assert (event.by, event.by_name, event.comment) == (writer, "Ji-woo Han", "Ok?")
    assert event.revision == work.revision == revisions_of(work).first().number
    said = messages_in(client.get(desk_url("publication")))
    assert "It stands at “In review” now." in said


def test_a_new_work_is_written_and_submitted_at_once(client: Any) -> None:
    enter(client, "Writer")
    kind = a_work().kind_id
    save(client, "publication", title="Fresh", kind=kind, _move="submit")
    assert Publication.objects.get(title="Fresh").status == Status.IN_REVIEW


def test_publishing_with_a_date_to_come_makes_a_schedule(client: Any) -> None:
    enter(client, "Publisher")
    work = a_work(status=Status.APPROVED, published_at=None)
    save(client, "publication", work.pk, _move="publish", **at("2100-01-01 09:00:00"))
    work.refresh_from_db()
    assert work.is_scheduled
    assert "Readers see it from" in messages_in(client.get(desk_url("publication")))


@pytest.mark.parametrize(
    ("group", "here", "pressed", "comment", "said"),
    [
        ("Writer", Status.DRAFT, "publish", "", "may not take this step"),
        ("Writer", Status.IN_REVIEW, "approve", "", "may not take this step"),
        ("Editor", Status.IN_REVIEW, "send_back", "  ", "Say in the comment"),
        ("Editor", Status.DRAFT, "approve", "", "cannot go from “Draft” to “Approved”"),
        ("Editor", Status.DRAFT, "burn", "", "no such step"),
        ("Editor", Status.IN_REVIEW, "approve", "x" * 501, "has 501 letters"),
    ],
)
def test_a_refused_step_changes_nothing_and_keeps_what_was_typed(
    client: Any, group: str, here: Status, pressed: str, comment: str, said: str
) -> None:
    enter(client, group)
    work = a_work("First", status=here, published_at=None)
    answer = save(
        client, "publication", work.pk,
        title="Long thought about", body="<p>Typed.</p>", _move=pressed, _comment=comment,
    )  # fmt: skip
    assert answer.status_code == 200
    assert said in errors_in(answer)
    kept = form_in(answer, "publication")
    assert (kept["title"], kept["body"].strip()) == ("Long thought about", "<p>Typed.</p>")
    assert kept["_comment"].strip() == comment.strip()
    work.refresh_from_db()
    assert (work.title, work.status) == ("First", here)
    assert not WorkflowEvent.objects.exists()


def test_the_status_itself_cannot_be_sent(client: Any) -> None:
    enter(client, "Writer")
    work = a_work(status=Status.DRAFT)
    save(client, "publication", work.pk, title="Mine", status="published")
    work.refresh_from_db()
    assert (work.title, work.status) == ("Mine", Status.DRAFT)


def test_a_comment_without_a_step_is_kept_too(client: Any) -> None:
    enter(client, "Writer")
    work = a_work(status=Status.IN_REVIEW)
    save(client, "publication", work.pk, _comment="The figure comes on Friday.")
    assert steps(work) == ["commented"]
    page = client.get(desk_url("publication", "change", work.pk)).content.decode()
    assert "The figure comes on Friday." in page


def test_the_form_shows_what_was_said_newest_first_and_no_markup_of_it(client: Any) -> None:
    enter(client, "Editor", first_name="Kim")
    work = a_work(status=Status.DRAFT)
    workflow.take(work, "submit", by=a_user(CHANGE))
    save(client, "publication", work.pk, _move="send_back", _comment="<b>Shorter</b>, please.")
    page = client.get(desk_url("publication", "change", work.pk)).content.decode()
    assert "&lt;b&gt;Shorter&lt;/b&gt;, please." in page
    assert page.index("Sent back") < page.index("Submitted for review")


def test_the_form_costs_the_same_for_few_and_many_steps(
    staff: Any, django_assert_max_num_queries: Any
) -> None:
    work, by = a_work(status=Status.DRAFT, authors=[an_author()], tags=[a_tag()]), a_user(CHANGE)
    for _time in range(20):
        workflow.take(work, "submit", by=by)
        workflow.take(work, "return_to_draft", by=by)
    url = desk_url("publication", "change", work.pk)
    staff.get(url)
    with django_assert_max_num_queries(25):
        page = staff.get(url).content.decode()
    assert page.count("standing__step") < 40
    assert "Older steps are kept" in page


# --- The list ---------------------------------------------------------------------------------


def act(client: Any, action: str, *works: Publication) -> Any:
    sent = {"action": action, "_selected_action": [work.pk for work in works]}
    return client.post(desk_url("publication"), sent, follow=True)


def test_the_list_takes_the_steps_of_the_same_table(client: Any) -> None:
    enter(client, "Editor")
    draft, waiting = a_work("A", status=Status.DRAFT), a_work("B", status=Status.IN_REVIEW)
    said = messages_in(act(client, "submit", draft, waiting))
    assert "2 publications changed" in said
    said = messages_in(act(client, "approve", draft, a_work("C", status=Status.DRAFT)))
    assert "C: A work cannot go from “Draft” to “Approved”." in said
    assert Publication.objects.get(pk=draft.pk).status == Status.APPROVED
    act(client, "return_to_draft", waiting)
    assert steps(waiting) == ["return_to_draft"]


def test_a_writer_is_not_offered_what_editors_do(client: Any) -> None:
    enter(client, "Writer")
    work = a_work(status=Status.IN_REVIEW)
    choices = dict(
        client.get(desk_url("publication")).context["action_form"].fields["action"].choices
    )
    assert {"submit", "return_to_draft"} <= choices.keys()
    assert not {"approve", "publish_now", "withdraw", "delete_selected"} & choices.keys()
    act(client, "approve", work)
    assert Publication.objects.get().status == Status.IN_REVIEW


# --- The record -------------------------------------------------------------------------------


def test_steps_are_never_altered_and_outlive_the_work_and_the_account() -> None:
    by = a_user(CHANGE, first_name="Kim")
    work = a_work(status=Status.DRAFT)
    workflow.take(work, "submit", by=by)
    for change in (lambda rows: rows.update(comment="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change(WorkflowEvent.objects.all())
    by.delete()
    Publication.objects.get().delete()
    event = WorkflowEvent.objects.get()
    assert (event.by, event.by_name, event.publication_id) == (None, "Kim", work.pk)


def test_another_date_of_a_published_work_is_a_step_too(staff: Any) -> None:
    work = a_work()
    save(staff, "publication", work.pk, **at("2020-01-01 09:00:00"))
    save(staff, "publication", work.pk, title="Another headline")
    assert steps(work) == ["redated"]


# --- An approval holds for what was approved --------------------------------------------------


def approved(**facts: Any) -> Publication:
    work = a_work(status=Status.IN_REVIEW, published_at=None, **facts)
    return workflow.take(work, "approve", by=a_user(APPROVE))


def test_a_changed_work_goes_back_to_review(client: Any) -> None:
    enter(client, "Writer")
    work = approved()
    save(client, "publication", work.pk, title="A new thought")
    work.refresh_from_db()
    assert (work.title, work.status) == ("A new thought", Status.IN_REVIEW)
    assert steps(work) == ["approve", "changed"]
    assert "it is in review again" in messages_in(client.get(desk_url("publication")))


def test_a_save_without_a_change_leaves_the_approval(client: Any) -> None:
    enter(client, "Writer")
    work = approved(tags=[a_tag("Trade")], authors=[an_author()], body="<p>Words.</p>")
    Tag.objects.update(name="Commerce")
    save(client, "publication", work.pk)
    save(client, "publication", work.pk, **at("2100-01-01 09:00:00"))
    work.refresh_from_db()
    assert work.status == Status.APPROVED
    assert steps(work) == ["approve"]


@pytest.mark.parametrize("part", ["byline", "tag", "attachment"])
def test_what_belongs_to_a_work_is_approved_with_it(client: Any, part: str) -> None:
    enter(client, "Writer")
    work = approved(authors=[an_author()], tags=[a_tag()])
    typed = {
        "byline": {"contributions-0-affiliation": "Elsewhere"},
        "tag": {"taggings-0-DELETE": "on"},
        "attachment": {"taggings-1-tag": a_tag().pk},
    }[part]
    save(client, "publication", work.pk, **typed)
    work.refresh_from_db()
    assert work.status == Status.IN_REVIEW


def test_going_back_in_history_ends_an_approval_too() -> None:
    work, by = a_work("First", status=Status.IN_REVIEW), a_user(CHANGE, APPROVE)
    work.title = "Second"
    editing.save(work, by=by)
    work = workflow.take(work, "approve", by=by)
    editing.restore(work, 1, by=by)
    work.refresh_from_db()
    assert (work.title, work.status) == ("First", Status.IN_REVIEW)
    assert steps(work) == ["approve", "changed"]


def test_publishing_with_a_change_is_said_as_it_was(client: Any) -> None:
    enter(client, "Publisher")
    work = approved()
    save(client, "publication", work.pk, title="Last comma", _move="publish")
    assert steps(work) == ["approve", "changed", "publish"]
    assert Publication.objects.get().is_public


# --- Two people -------------------------------------------------------------------------------


@pytest.fixture
def two_people() -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"two_person_rule": True})


def written_by(by: User, **facts: Any) -> Publication:
    work = a_work(status=Status.DRAFT, published_at=None, **facts)
    work.title = "Rewritten"
    editing.save(work, by=by)
    return workflow.take(work, "submit", by=by)


def test_without_the_rule_an_editor_approves_what_they_wrote() -> None:
    by = a_user(CHANGE, APPROVE)
    assert workflow.take(written_by(by), "approve", by=by).status == Status.APPROVED


@pytest.mark.usefixtures("two_people")
@pytest.mark.parametrize("is_superuser", [False, True])
def test_whoever_changed_a_work_cannot_approve_it(client: Any, is_superuser: bool) -> None:
    by = enter(client, "Publisher", is_superuser=is_superuser)
    work = written_by(by)
    assert buttons(client, work) == ["send_back"]
    page = client.get(desk_url("publication", "change", work.pk)).content.decode()
    assert "somebody else has to approve it" in page
    for pressed in ("approve", "publish"):
        answer = save(client, "publication", work.pk, title="Kept", _move=pressed)
        assert "somebody else has to approve it" in errors_in(answer)
        assert form_in(answer, "publication")["title"] == "Kept"
    said = messages_in(act(client, "publish_now", work))
    assert "somebody else has to approve it" in said
    assert Publication.objects.get().status == Status.IN_REVIEW


@pytest.mark.usefixtures("two_people")
def test_somebody_else_approves_and_then_the_author_may_publish() -> None:
    author = a_user(CHANGE, APPROVE, PUBLISH)
    work = workflow.take(written_by(author), "approve", by=a_user(APPROVE))
    assert workflow.take(work, "publish", by=author).is_public


@pytest.mark.usefixtures("two_people")
def test_changing_and_approving_with_one_press_is_refused(client: Any) -> None:
    enter(client, "Editor")
    work = written_by(a_user(CHANGE))
    assert "approve" in buttons(client, work)
    answer = save(client, "publication", work.pk, title="My comma", _move="approve")
    assert "somebody else has to approve it" in errors_in(answer)
    assert save(client, "publication", work.pk, _move="approve").status_code == 302


@pytest.mark.usefixtures("two_people")
def test_only_changes_since_the_last_approval_count() -> None:
    first, second = a_user(CHANGE, APPROVE), a_user(CHANGE, APPROVE)
    work = workflow.take(written_by(first), "approve", by=second)
    work.body = "<p>Changed by the second.</p>"
    editing.save(work, by=second)
    with pytest.raises(ValidationError, match="somebody else"):
        workflow.take(work, "approve", by=second)
    assert workflow.take(work, "approve", by=first).status == Status.APPROVED


@pytest.mark.usefixtures("two_people")
def test_who_only_set_the_date_or_took_steps_may_approve() -> None:
    work, by = written_by(a_user(CHANGE)), a_user(CHANGE, APPROVE)
    work = workflow.take(work, "return_to_draft", by=by)
    work.published_at = None
    work.withdrawal_note = "Nothing"
    editing.save(work, by=by)
    work = workflow.take(work, "submit", by=by)
    assert workflow.take(work, "approve", by=by).status == Status.APPROVED


def test_the_rule_is_a_setting(staff: Any) -> None:
    SiteSettings.objects.get_or_create(pk=1)
    assert save(staff, "sitesettings", 1, two_person_rule="on").status_code == 302
    assert SiteSettings.objects.get().two_person_rule


# --- Groups -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "migration", ["publications.migrations.0011_groups", "newsletter.migrations.0007_publishers"]
)
def test_a_group_that_was_edited_stays_as_it_is(migration: str) -> None:
    group = Group.objects.get(name="Publisher")
    group.permissions.remove(*group.permissions.filter(codename__startswith="delete_"))
    due = set(group.permissions.values_list("pk", flat=True))
    for _time in range(2):
        import_module(migration).seed(apps, None)
    assert set(group.permissions.values_list("pk", flat=True)) == due
    assert Group.objects.filter(name__in=["Writer", "Editor", "Publisher"]).count() == 3


# --- Mail -------------------------------------------------------------------------------------


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Any:
    """What arrives by an action, as the addresses and the messages."""

    def letters(do: Any) -> dict[str, Any]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        courier.wait()
        return {each.to[0]: each for each in mail.outbox}

    return letters


def test_a_submission_reaches_everybody_who_approves_but_the_submitter(sent: Any) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "한라 Institute\nSeoul"})
    editor = member("Editor", email="editor@example.org", first_name="Ed")
    member("Publisher", email="publisher@example.org")
    member("Writer", email="writer@example.org")
    member("Editor", email="off@example.org", wants_review_mail=False)
    member("Editor", email="left@example.org", is_active=False)
    member("Editor")
    work = a_work("Rethink\ttrade", status=Status.DRAFT, published_at=None)
    letters = sent(lambda: workflow.take(work, "submit", by=editor, comment="Ready?\nKim"))
    assert set(letters) == {"publisher@example.org"}
    letter = letters["publisher@example.org"]
    assert letter.subject == "[한라 Institute Seoul] Submitted for review: Rethink trade"
    assert "Submitted for review – Ed" in letter.body
    assert "Ready?\nKim" in letter.body
    assert f"https://www.example.org{desk_url('publication', 'change', work.pk)}" in letter.body
    headers = letter.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"].endswith("@www.example.org>")


@pytest.mark.parametrize(
    ("here", "step", "reached"),
    [
        (Status.IN_REVIEW, "approve", {"owner@example.org", "author@example.org"}),
        (Status.IN_REVIEW, "send_back", {"owner@example.org", "author@example.org"}),
        (Status.IN_REVIEW, "publish", {"owner@example.org", "author@example.org"}),
        (Status.IN_REVIEW, "return_to_draft", set()),
    ],
)
def test_owner_and_submitter_hear_what_became_of_it(
    sent: Any, here: Status, step: str, reached: set[str]
) -> None:
    author = a_user(CHANGE, email="author@example.org")
    owner = a_user(email="owner@example.org")
    work = a_work("Trade", status=Status.DRAFT, published_at=None, owner=owner)
    workflow.take(work, "submit", by=author)
    by = a_user(CHANGE, APPROVE, PUBLISH, email="boss@example.org")
    letters = sent(lambda: workflow.take(work, step, by=by, comment="Because."))
    assert set(letters) == reached
    assert all("Because." in letter.body for letter in letters.values())


def test_a_withdrawal_is_told_and_a_schedule_says_when(sent: Any) -> None:
    owner, by = a_user(email="owner@example.org"), a_user(PUBLISH)
    work = a_work("Out", owner=owner)
    assert "Withdrawn: Out" in sent(lambda: workflow.withdraw(work, by=by))[owner.email].subject
    work.refresh_from_db()
    work.published_at = datetime(2100, 3, 1, 14, tzinfo=UTC)
    letter = sent(lambda: workflow.publish(work, by=by, at=work.published_at))[owner.email]
    assert "Scheduled: Out" in letter.subject
    assert "Readers see it from" in letter.body
    assert "2100" in letter.body


def test_an_approval_that_ends_is_told_to_those_who_approve(sent: Any) -> None:
    member("Editor", email="editor@example.org")
    work = approved()
    work.title = "Changed"
    letters = sent(lambda: editing.save(work, by=a_user(CHANGE)))
    assert "Changed after the approval" in letters["editor@example.org"].subject


def test_many_steps_at_once_make_one_message_for_each_person(client: Any, sent: Any) -> None:
    enter(client, "Writer")
    member("Editor", email="editor@example.org")
    works = [a_work(f"Work {n}", status=Status.DRAFT) for n in range(3)]
    letters = sent(lambda: act(client, "submit", *works))
    assert "3 publications" in letters["editor@example.org"].subject
    assert all(work.title in letters["editor@example.org"].body for work in works)


def test_a_refused_step_sends_nothing(client: Any, sent: Any) -> None:
    enter(client, "Writer")
    member("Editor", email="editor@example.org")
    work = a_work(status=Status.DRAFT)
    assert sent(lambda: save(client, "publication", work.pk, title="", _move="submit")) == {}


def test_a_mail_server_that_is_down_does_not_break_the_save(
    client: Any, sent: Any, settings: Any, caplog: Any
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    enter(client, "Writer")
    member("Editor", email="editor@example.org")
    work = a_work(status=Status.DRAFT)
    sent(lambda: save(client, "publication", work.pk, title="Safe", _move="submit"))
    work.refresh_from_db()
    assert (work.title, work.status) == ("Safe", Status.IN_REVIEW)
    assert "did not leave" in caplog.text
    assert "editor@example.org" not in caplog.text
