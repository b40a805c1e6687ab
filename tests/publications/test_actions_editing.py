"""Saving and deleting through the actions, as the admin, commands and tests do."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from publications.actions import editing
from publications.models import Author, Contribution, Publication, SearchDocument, Tagging
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


def found(word: str) -> bool:
    return SearchDocument.objects.filter(vector=word).exists()


def test_a_work_is_written_with_its_parts_and_can_be_found() -> None:
    kind = a_work(status=Status.DRAFT).kind
    work = Publication(kind=kind, title="Rethink trade", slug="rethink")
    row = Contribution(publication=work, author=an_author("Hana Seo"))
    editing.save(work, by=a_user("change_publication"), parts=[row])
    assert str(work.byline[0]) == "Hana Seo"
    assert found("seo")


@pytest.mark.parametrize("status", Status)
def test_a_new_work_is_a_draft_whatever_it_says(status: Status) -> None:
    kind = a_work(status=Status.DRAFT).kind
    work = Publication(kind=kind, title="Out", slug="out", status=status)
    editing.save(work, by=a_user("change_publication", "publish_publication"))
    assert Publication.objects.get(slug="out").status == Status.DRAFT


@pytest.mark.parametrize("thing", ["author", "tag", "outlet", "series"])
def test_works_are_found_by_the_new_name_of_what_they_show(thing: str) -> None:
    author, tag, outlet, series = (
        an_author("Before"),
        a_tag("Before"),
        an_outlet("Before"),
        (a_series("Before")),
    )
    a_work(
        authors=[author] if thing == "author" else [],
        tags=[tag] if thing == "tag" else [],
        outlet=outlet if thing == "outlet" else None,
        series=series if thing == "series" else None,
    )
    named: Any = {"author": author, "tag": tag, "outlet": outlet, "series": series}[thing]
    field = {"author": "display_name", "series": "title"}.get(thing, "name")
    setattr(named, field, "Renamed")
    editing.save(named, by=a_user())
    assert found("renamed")


def test_a_deleted_tag_leaves_its_works_and_their_index() -> None:
    tag = a_tag("Semiconductors")
    a_work("Chips", tags=[tag])
    editing.delete(tag, by=a_user())
    assert not found("semiconductor")
    assert found("chip")
    assert not Tagging.objects.exists()


def test_what_works_still_need_is_not_deleted() -> None:
    author = an_author("Hana Seo")
    a_work(authors=[author])
    with pytest.raises(ValidationError, match=r"publications still need it \(1\)"):
        editing.delete(author, by=a_user())
    assert Author.objects.exists()


def test_a_public_work_is_deleted_only_by_those_who_may_publish() -> None:
    work = a_work()
    with pytest.raises(PermissionDenied):
        editing.delete(work, by=a_user("delete_publication"))
    editing.delete(work, by=a_user("delete_publication", "publish_publication"))
    assert not Publication.objects.exists()


def test_renaming_an_author_costs_the_same_for_few_and_many_works(
    django_assert_max_num_queries: Any,
) -> None:
    author, by = an_author("Before"), a_user()
    for _number in range(20):
        a_work(authors=[author])
    author.display_name = "After"
    with django_assert_max_num_queries(32):
        editing.save(author, by=by)
