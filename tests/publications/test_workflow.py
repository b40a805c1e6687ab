"""The steps of a publication: every pair of the table, with and without the right."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from publications.actions.workflow import (
    move,
    publish,
    publish_now,
    return_to_draft,
    take,
    withdraw,
)
from publications.models import Publication
from publications.permissions import moves_for
from publications.states import APPROVE, CHANGE, MOVES, PUBLISH, Move, Status, moves_between
from tests.factories import a_user, a_work

pytestmark = pytest.mark.django_db
PAIRS = [(here, to) for here, to in product(Status, Status) if here != to]
RIGHTS = (CHANGE, APPROVE, PUBLISH)


@pytest.mark.parametrize(("here", "to"), PAIRS)
def test_with_every_right_one_takes_the_steps_of_the_table_and_no_others(
    here: Status, to: Status
) -> None:
    work, by = a_work(status=here), a_user(*RIGHTS)
    if moves_between(here, to):
        assert move(work, to, by=by).status == to
    else:
        with pytest.raises(ValidationError, match="cannot go from"):
            move(work, to, by=by)
    expected = to if moves_between(here, to) else here
    assert Publication.objects.get().status == expected


@pytest.mark.parametrize("step", MOVES.values(), ids=lambda step: step.name)
@pytest.mark.parametrize("here", Status)
@pytest.mark.parametrize("right", RIGHTS)
def test_each_step_asks_for_its_right_and_its_place(step: Move, here: Status, right: str) -> None:
    work, by = a_work(status=here), a_user(right)
    if here == step.after:
        # Somebody pressed the button twice.
        assert take(work, step.name, by=by).workflow_events.count() == 0
    elif here not in step.before:
        with pytest.raises(ValidationError, match="cannot go from"):
            take(work, step.name, by=by, comment="Why")
    elif right != step.right:
        with pytest.raises(PermissionDenied):
            take(work, step.name, by=by, comment="Why")
    else:
        assert take(work, step.name, by=by, comment="Why").status == step.after


def test_the_table_never_offers_two_steps_to_one_place() -> None:
    for here in Status:
        offered = [move.after for move in moves_for(a_user(*RIGHTS), a_work(status=here))]
        assert len(set(offered)) == len(offered)


def test_a_step_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(ValidationError, match="no such step"):
        take(a_work(), "burn", by=a_user(*RIGHTS))


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
    by = a_user(CHANGE, APPROVE)
    old_copy = a_work(status=Status.DRAFT)
    move(old_copy, Status.IN_REVIEW, by=by)
    assert move(old_copy, Status.APPROVED, by=by).status == Status.APPROVED
