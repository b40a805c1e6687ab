"""One work in the Spotlight at a time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from publications.actions.spotlight import feature
from publications.models import Spotlight
from tests.factories import a_work

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 9, tzinfo=ZoneInfo("America/New_York"))


def featured(title: str, begin: int, end: int | None = None) -> Spotlight:
    return feature(
        Spotlight(
            publication=a_work(title), starts_at=day(begin), ends_at=day(end) if end else None
        )
    )


def calendar() -> list[tuple[str, int, int | None]]:
    rows = Spotlight.objects.order_by("starts_at")
    return [(str(row), row.starts_at.day, row.ends_at.day if row.ends_at else None) for row in rows]


def test_one_without_an_end_lasts_until_the_next_is_set() -> None:
    featured("First", 1)
    featured("Second", 5)
    assert calendar() == [("First", 1, 5), ("Second", 5, None)]


def test_one_set_before_another_lasts_until_that_begins() -> None:
    featured("Later", 5)
    featured("Sooner", 1)
    assert calendar() == [("Sooner", 1, 5), ("Later", 5, None)]


def test_one_may_begin_the_moment_another_ends() -> None:
    featured("First", 1, 3)
    featured("Second", 3, 6)
    assert len(calendar()) == 2


@pytest.mark.parametrize(
    ("begin", "end"), [(2, 3), (1, 3), (4, 9), (1, 9), (2, 5), (3, None), (2, None)]
)
def test_an_overlap_is_refused_and_names_the_other(begin: int, end: int | None) -> None:
    featured("The other", 2, 5)
    with pytest.raises(ValidationError, match="“The other” is in the Spotlight from May 2"):
        featured("Mine", begin, end)
    assert len(calendar()) == 1


def test_one_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValidationError, match="must end after it starts"):
        featured("Backwards", 5, 2)


def test_one_may_be_moved_within_its_own_time() -> None:
    row = featured("Mine", 2, 5)
    row.ends_at = day(4)
    feature(row)
    assert calendar() == [("Mine", 2, 4)]


def test_the_database_refuses_an_overlap_that_goes_round_the_action() -> None:
    featured("First", 2, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Spotlight.objects.create(publication=a_work(), starts_at=day(3))
