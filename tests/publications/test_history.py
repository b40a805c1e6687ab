"""What was, is kept: revisions, going back, and saves from a stale form."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from publications.actions import editing, workflow
from publications.actions.editing import StaleError
from publications.actions.recording import record_many, revisions_of, rolled_back
from publications.models import Act, Attachment, Contribution, Publication, Revision, Spotlight
from publications.snapshots import take, take_many
from publications.states import Status
from tests.factories import a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return a_user("change_publication", "publish_publication", first_name="Ji-woo", last_name="Han")


@pytest.fixture
def work():
    """A work with something in each of its parts."""
    work = a_work(
        "First", authors=[an_author("Kim"), an_author("Lee")], tags=[a_tag("Trade")],
        standfirst="Why.", body="<p>One</p>", outlet=an_outlet("The Korea Times"),
    )  # fmt: skip
    file = ContentFile(b"one", name="one.txt")
    Attachment.objects.create(publication=work, file=file, title="Annex", size=3)
    Spotlight.objects.create(publication=work, headline="Look", blurb="Here")
    return work


def names(work: Publication) -> list[str]:
    rows = work.contributions.order_by("position")
    return [row.author.display_name for row in rows]


def change_everything(work: Publication, editor) -> None:
    work = Publication.objects.get(pk=work.pk)
    work.title, work.body, work.outlet = "Second", "<p>Two</p>", an_outlet("Hankyoreh")
    first, second = work.contributions.order_by("position")
    first.position, second.position = 2, 1
    editing.save(
        work,
        by=editor,
        parts=[first, second],
        removed=[*work.taggings.all(), *work.attachments.all(), *work.spotlights.all()],
    )


def test_a_save_leaves_what_was_and_what_is(work, editor):
    change_everything(work, editor)
    first, second = revisions_of(work).order_by("number")
    assert (first.act, first.made_by_name) == (Act.FOUND, "")
    assert (second.act, second.made_by, second.made_by_name) == (Act.SAVED, editor, "Ji-woo Han")
    assert first.snapshot["fields"]["title"] == "First"
    assert second.snapshot["fields"]["outlet"]["name"] == "Hankyoreh"
    assert [row["author"]["name"] for row in second.snapshot["parts"]["contributions"]] == [
        "Lee",
        "Kim",
    ]
    assert Publication.objects.get(pk=work.pk).revision == 2


def test_a_save_that_changes_nothing_leaves_nothing(work, editor):
    editing.save(Publication.objects.get(pk=work.pk), by=editor)
    editing.save(Publication.objects.get(pk=work.pk), by=editor)
    assert [each.act for each in revisions_of(work)] == [Act.FOUND]


def test_restoring_brings_all_of_it_back(work, editor):
    was = take(work)
    change_everything(work, editor)
    assert names(work) == ["Lee", "Kim"]
    assert not work.attachments.exists()
    remarks = editing.restore(work, 1, by=editor)
    assert remarks == []
    assert take(work) == was
    assert names(work) == ["Kim", "Lee"]
    with work.attachments.get().file.open() as file:
        assert file.read() == b"one"
    last = revisions_of(work).first()
    assert (last.number, last.act, last.restored_from) == (3, Act.RESTORED, 1)


def test_restoring_does_not_change_where_a_work_stands(work, editor):
    workflow.withdraw(work, by=editor, note="Wrong")
    editing.restore(work, 1, by=editor)
    work.refresh_from_db()
    assert (work.status, work.withdrawal_note) == (Status.WITHDRAWN, "Wrong")


def test_what_no_longer_exists_is_said_and_left_out(work, editor):
    outlet, author = work.outlet, work.contributions.first().author
    change_everything(work, editor)
    Contribution.objects.filter(author=author).delete()
    author.delete()
    outlet.delete()
    remarks = editing.restore(work, 1, by=editor)
    assert remarks == [
        "Outlet “The Korea Times” no longer exists.",
        "Author “Kim” no longer exists.",
    ]
    work.refresh_from_db()
    assert (work.title, work.outlet) == ("First", None)
    assert names(work) == ["Lee"]


def test_restoring_an_address_that_is_taken_gives_another(work, editor):
    work.slug = "new"
    old = Publication.objects.get(pk=work.pk).slug
    editing.save(work, by=editor)
    a_work(slug=old)
    remarks = editing.restore(work, 1, by=editor)
    assert remarks == [f"The address “{old}” belongs to another one now."]


def test_a_stale_save_writes_nothing_and_hands_back_what_was_typed(work, editor):
    mine, theirs = (Publication.objects.get(pk=work.pk) for _ in range(2))
    editing.save(work, by=editor)
    base = Publication.objects.get(pk=work.pk).revision
    theirs.title = "Theirs"
    editing.save(theirs, by=editor, base=base)
    mine.title = "Mine"
    with pytest.raises(StaleError) as refused, transaction.atomic():
        editing.save(mine, by=editor, base=base)
    assert refused.value.mine["fields"]["title"] == "Mine"
    work.refresh_from_db()
    assert work.title == "Theirs"
    assert isinstance(refused.value, ValidationError)


def test_history_cannot_be_rewritten(work, editor):
    change_everything(work, editor)
    for act in (lambda rows: rows.update(comment="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            act(Revision.objects.all())
    editor.delete()
    assert revisions_of(work).first().made_by_name == "Ji-woo Han"


def test_an_author_and_a_tag_have_a_history_too(editor):
    for thing, field in ((an_author("Old"), "display_name"), (a_tag("Old"), "name")):
        setattr(thing, field, "New")
        editing.save(thing, by=editor)
        editing.restore(thing, 1, by=editor)
        thing.refresh_from_db()
        assert getattr(thing, field) == "Old"
        assert revisions_of(thing).count() == 3


def test_bulk_history_costs_the_same_for_twice_as_many():
    costs = []
    for number in (2, 4):
        works = [a_work(authors=[an_author()], tags=[a_tag()]) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_many(works, by=None, act=Act.IMPORTED)
        costs.append(len(queries))
        assert [work.revision for work in works] == [1] * number
    assert costs[0] == costs[1]
    assert len(take_many(Publication, [work.pk for work in works])) == 4


def test_what_is_looked_at_is_taken_back(work):
    with rolled_back():
        Publication.objects.update(title="Looked at")
        assert Publication.objects.get(pk=work.pk).title == "Looked at"
    assert Publication.objects.get(pk=work.pk).title == "First"
