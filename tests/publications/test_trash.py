"""What is deleted goes to the trash and comes back from there."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from publications.actions import editing, trashing
from publications.actions.recording import revisions_of
from publications.models import Act, Attachment, Publication, Redirect, Tag, Trash
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return a_user(
        "delete_publication", "publish_publication", "delete_tag", first_name="Ji", last_name="Han"
    )


@pytest.fixture
def work():
    work = a_work(
        "Ships", slug="ships", authors=[an_author("Kim"), an_author("Lee")], tags=[a_tag("Sea")],
        body="<p>Sea</p>", outlet=an_outlet(), source="wxr", external_id="7",
    )  # fmt: skip
    file = ContentFile(b"one", name="one.txt")
    Attachment.objects.create(publication=work, file=file, title="Annex", size=3)
    return work


def thrown_away(thing, editor) -> Trash:
    editing.delete(thing, by=editor)
    return Trash.objects.get()


def test_a_work_comes_back_whole_but_not_public(reader, work, editor):
    was, pk = take(work), work.pk
    trash = thrown_away(work, editor)
    assert (trash.title, trash.deleted_by_name) == ("Ships", "Ji Han")
    assert reader.get("/publications/ships/").status_code == 410
    work, remarks = trashing.restore(trash, by=editor)
    assert remarks == []
    work = Publication.objects.get(pk=pk)
    assert work.status == Status.WITHDRAWN
    now = take(work)
    assert now["fields"] | {"status": "published"} == was["fields"]
    assert now["parts"] == was["parts"]
    assert (work.source, work.external_id) == ("wxr", "7")
    with work.attachments.get().file.open() as file:
        assert file.read() == b"one"
    assert not Trash.objects.exists()
    assert b"Ships" in reader.get("/publications/ships/").content
    acts = [each.act for each in revisions_of(work).order_by("number")]
    assert acts == [Act.FOUND, Act.RESTORED]
    assert work.revision == 2


@pytest.mark.parametrize(
    ("facts", "status", "answer"),
    [
        ({"status": Status.DRAFT, "published_at": None}, Status.DRAFT, 404),
        ({"status": Status.IN_REVIEW, "published_at": None}, Status.DRAFT, 404),
        ({"published_at": timezone.now() + timedelta(days=9)}, Status.DRAFT, 404),
        ({"status": Status.WITHDRAWN}, Status.WITHDRAWN, 410),
    ],
)
def test_what_readers_never_saw_comes_back_as_a_draft(reader, editor, facts, status, answer):
    trash = thrown_away(a_work(slug="plan", **facts), editor)
    assert reader.get("/publications/plan/").status_code == answer
    work, _remarks = trashing.restore(trash, by=editor)
    work.refresh_from_db()
    assert work.status == status
    assert reader.get("/publications/plan/").status_code == answer


def test_an_address_a_number_and_an_origin_taken_meanwhile_are_said(editor):
    series = a_series()
    origin = {"source": "wxr", "external_id": "7"}
    work = a_work("Old", slug="ships", series=series, series_number=1, **origin)
    trash = thrown_away(work, editor)
    a_work("New", slug="ships", series=series, series_number=1, **origin)
    work, remarks = trashing.restore(trash, by=editor)
    work.refresh_from_db()
    assert (work.slug, work.series_number, work.external_id) == ("ships-2", None, "")
    assert remarks == [
        "Another work has the number 1 in the series.",
        "The address “ships” belongs to another one now.",
        "It was imported again meanwhile: the two are separate works now.",
    ]


def test_a_redirect_from_the_old_address_counts_more(reader, work, editor):
    thrown_away(work, editor)
    Redirect.objects.create(old_path="/publications/ships/", target="/about/")
    assert reader.get("/publications/ships/").headers["Location"] == "/about/"


def test_a_tag_comes_back_on_the_works_that_had_it(work, editor):
    tag = Tag.objects.get()
    other = a_work(tags=[tag])
    trash = thrown_away(tag, editor)
    assert not work.tags.exists()
    editing.delete(other, by=editor)
    trashing.restore(trash, by=editor)
    assert [each.name for each in work.tags.all()] == ["Sea"]


def test_a_name_that_somebody_else_has_now_is_refused(editor):
    trash = thrown_away(a_tag("Sea"), editor)
    a_tag("sea")
    with pytest.raises(ValidationError, match="another tag “Sea” by now"):
        trashing.restore(trash, by=editor)
    assert Trash.objects.exists()


def test_the_trash_is_emptied_after_ninety_days(work, editor, capsys):
    thrown_away(work, editor)
    call_command("empty_trash")
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        call_command("empty_trash")
        assert Trash.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        call_command("empty_trash", "--dry-run")
        assert Trash.objects.exists()
        assert "publication  Ships" in capsys.readouterr().out
        call_command("empty_trash")
        call_command("empty_trash")
    assert not Trash.objects.exists()
    assert capsys.readouterr().out.split() == ["Forgotten:", "1", "Forgotten:", "0"]
