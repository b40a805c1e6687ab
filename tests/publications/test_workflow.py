"""The steps of a publication: every pair of the table, with and without the right."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from publications.actions.workflow import move, publish, publish_now, return_to_draft, withdraw
from publications.models import Publication
from publications.permissions import PUBLIC_STEPS
from publications.states import MOVES, Status
from tests.factories import a_user, a_work

pytestmark = pytest.mark.django_db
PAIRS = [(here, to) for here, to in product(Status, Status) if here != to]


@pytest.mark.parametrize(("here", "to"), PAIRS)
def test_a_publisher_takes_the_steps_of_the_table_and_no_others(here: Status, to: Status) -> None:
    work, by = a_work(status=here), a_user("change_publication", "publish_publication")
    if to in MOVES[here]:
        assert move(work, to, by=by).status == to
    else:
        with pytest.raises(ValidationError, match="cannot go from"):
            move(work, to, by=by)
    expected = to if to in MOVES[here] else here
    assert Publication.objects.get().status == expected


@pytest.mark.parametrize(("here", "to"), [(a, b) for a, b in PAIRS if b in MOVES[a]])
def test_an_editor_takes_only_steps_that_readers_do_not_see(here: Status, to: Status) -> None:
    work, by = a_work(status=here), a_user("change_publication")
    if {here, to} & PUBLIC_STEPS:
        with pytest.raises(PermissionDenied):
            move(work, to, by=by)
    else:
        assert move(work, to, by=by).status == to


@pytest.mark.parametrize("to", [Status.IN_REVIEW, Status.PUBLISHED])
def test_nobody_without_rights_takes_a_step(to: Status) -> None:
    work = a_work(status=Status.DRAFT)
    for by in (a_user(), AnonymousUser()):
        with pytest.raises(PermissionDenied):
            move(work, to, by=by)


@time_machine.travel("2026-03-02 15:00:00+00:00", tick=False)
def test_publishing_takes_the_date_given_or_the_one_there_or_now() -> None:
    by, past = a_user("publish_publication"), timezone.now() - timedelta(days=900)
    draft = {"status": Status.DRAFT}
    assert publish(a_work(published_at=None, **draft), by=by).published_at == timezone.now()
    assert publish(a_work(published_at=past, **draft), by=by).published_at == past
    assert publish(a_work(published_at=None, **draft), by=by, at=past).published_at == past


def test_publishing_now_ends_a_schedule() -> None:
    work = a_work(published_at=timezone.now() + timedelta(days=5))
    assert publish_now(work, by=a_user("publish_publication")).is_public


def test_a_new_date_for_a_published_work_is_a_step_too() -> None:
    work, later = a_work(), timezone.now() + timedelta(days=5)
    with pytest.raises(PermissionDenied):
        publish(work, by=a_user("change_publication"), at=later)
    assert publish(work, by=a_user("publish_publication"), at=later).is_scheduled


def test_a_step_to_where_the_work_stands_changes_nothing() -> None:
    work = a_work()
    publish(work, by=a_user())
    assert Publication.objects.get().updated_at == work.updated_at


def test_a_withdrawn_work_keeps_its_note_and_can_come_back() -> None:
    work, by = a_work(), a_user("publish_publication")
    assert (
        withdraw(work, by=by, note="Under legal review.").withdrawal_note == "Under legal review."
    )
    assert return_to_draft(work, by=by).status == Status.DRAFT


def test_the_step_starts_from_the_row_and_not_from_an_old_copy() -> None:
    by = a_user("change_publication", "publish_publication")
    old_copy = a_work(status=Status.DRAFT)
    move(old_copy, Status.IN_REVIEW, by=by)
    assert move(old_copy, Status.APPROVED, by=by).status == Status.APPROVED
