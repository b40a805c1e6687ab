"""The trash at the desk."""

from typing import Any

import pytest

from publications.actions import editing
from publications.models import Publication, Trash
from publications.states import Status
from tests.factories import a_tag, a_user, a_work, an_author
from tests.publications.desk import desk_url, messages_in, sign_in_with

pytestmark = pytest.mark.django_db


def test_deleted_listed_and_restored(staff: Any) -> None:
    work = a_work("Ships", authors=[an_author("Kim")])
    page = staff.get(desk_url("publication", "delete", work.pk)).content.decode()
    assert "It goes to the trash" in page
    staff.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    trash = Trash.objects.get()
    restore = desk_url("trash", "restore", trash.pk)
    assert restore in staff.get(desk_url("trash")).content.decode()
    assert b"It comes back withdrawn" in staff.get(restore).content
    page = staff.post(restore, follow=True)
    assert "is back from the trash" in messages_in(page)
    work = Publication.objects.get(pk=work.pk)
    assert [str(row) for row in work.byline] == ["Kim"]
    assert staff.post(restore).status_code == 404


def test_the_list_action_moves_to_the_trash_as_well(staff: Any) -> None:
    works = [a_work(), a_work()]
    sent = {"action": "delete_selected", "_selected_action": [work.pk for work in works]}
    assert b"It goes to the trash" in staff.post(desk_url("publication"), sent).content
    staff.post(desk_url("publication"), sent | {"post": "yes"})
    assert Trash.objects.count() == 2


def test_what_is_missing_and_what_collides_is_said(staff: Any) -> None:
    work, author = a_work("Ships", authors=[an_author("Kim")]), None
    author = work.byline[0].author
    work.contributions.first()
    editing.delete(work, by=staff_user())
    author.delete()
    page = staff.post(desk_url("trash", "restore", Trash.objects.get().pk), follow=True)
    assert "Author “Kim” no longer exists" in messages_in(page)
    tag = a_tag("Sea")
    editing.delete(tag, by=None)
    a_tag("SEA")
    page = staff.post(desk_url("trash", "restore", Trash.objects.get().pk))
    assert "another tag “Sea” by now" in messages_in(page)


def staff_user() -> Any:
    return a_user("delete_publication", "publish_publication")


def test_things_can_be_forgotten_for_good_by_those_who_may(staff: Any, client: Any) -> None:
    editing.delete(a_tag(), by=None)
    trash = Trash.objects.get()
    sign_in_with(client, "view_trash", "view_tag")
    assert client.post(desk_url("trash", "delete", trash.pk), {"post": "yes"}).status_code == 403
    sign_in_with(client, "view_trash", "view_tag", "delete_trash")
    assert client.post(desk_url("trash", "delete", trash.pk), {"post": "yes"}).status_code == 302
    assert not Trash.objects.exists()


@pytest.mark.parametrize("missing", ["view_trash", "view_publication", "add_publication"])
def test_nothing_is_restored_without_the_right(client: Any, missing: str) -> None:
    editing.delete(a_work("Plan", status=Status.DRAFT), by=staff_user())
    rights = {"view_trash", "view_publication", "add_publication"} - {missing}
    sign_in_with(client, *rights)
    restore = desk_url("trash", "restore", Trash.objects.get().pk)
    for answer in (client.get(restore), client.post(restore)):
        assert answer.status_code in {403, 404}
    if missing != "add_publication":
        assert b"Plan" not in client.get(desk_url("trash")).content
    assert not Publication.objects.exists()
