"""Owners and days for review, and the worklist of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from publications.actions import caring
from publications.actions.recording import revisions_of
from tests.factories import a_user, a_work
from tests.publications.desk import desk_url, errors_in, messages_in, save, sign_in_with

pytestmark = pytest.mark.django_db
REVIEWS = "/admin/publications/publication/reviews/"
TODAY = timezone.localdate


def titles(client: Any, **asked: str) -> list[str]:
    return [work.title for work in client.get(REVIEWS, asked).context["page"].object_list]


def test_the_most_overdue_of_mine_come_first(staff: Any, admin_user: Any) -> None:
    later = TODAY() + timedelta(days=3)
    a_work("Later", owner=admin_user, review_by=later)
    a_work("Overdue", owner=admin_user, review_by=date(2020, 1, 1))
    a_work("Theirs", owner=a_user(), review_by=date(2019, 1, 1))
    a_work("Never", owner=admin_user)
    assert titles(staff) == ["Overdue", "Later"]
    assert titles(staff, whose="all") == ["Theirs", "Overdue", "Later"]
    assert "overdue" in staff.get(REVIEWS).content.decode()


def test_an_empty_worklist_says_so(staff: Any) -> None:
    assert "No publication that you own" in staff.get(REVIEWS).content.decode()
    assert "under “Care”" in staff.get(REVIEWS, {"whose": "all"}).content.decode()


def test_a_review_sets_the_next_day_and_says_who(staff: Any, admin_user: Any) -> None:
    work = a_work(owner=admin_user, review_by=date(2020, 1, 1))
    soon = TODAY() + timedelta(days=200)
    url = reverse("admin:publications_reviewed", args=[work.pk])
    page = staff.post(url, {"next_on": soon.isoformat()}, follow=True)
    assert "is reviewed" in messages_in(page)
    work.refresh_from_db()
    assert work.review_by == soon
    last = revisions_of(work).order_by("number").last()
    assert (last.made_by, last.number) == (admin_user, 2)
    assert last.comment.startswith("Reviewed; next on ")
    staff.post(url, {"next_on": "", "whose": "all"})
    work.refresh_from_db()
    assert work.review_by is None
    assert revisions_of(work).order_by("number").last().comment == "Reviewed; not again"


@pytest.mark.parametrize("typed", ["2020-01-01", "soon"])
def test_another_day_is_refused(staff: Any, typed: str) -> None:
    work = a_work(review_by=date(2020, 1, 1))
    url = reverse("admin:publications_reviewed", args=[work.pk])
    page = staff.post(url, {"next_on": typed, "whose": "all"}, follow=True)
    assert "error" in page.content.decode()
    work.refresh_from_db()
    assert work.review_by == date(2020, 1, 1)
    with pytest.raises(ValidationError, match="future"):
        caring.reviewed(work, by=a_user(), next_on=TODAY())


def test_whoever_may_only_look_reviews_nothing(client: Any) -> None:
    work = a_work(review_by=date(2020, 1, 1))
    url = reverse("admin:publications_reviewed", args=[work.pk])
    sign_in_with(client)
    assert client.get(REVIEWS).status_code == 403
    sign_in_with(client, "view_publication")
    page = client.get(REVIEWS, {"whose": "all"}).content.decode()
    assert work.title in page
    assert 'name="next_on"' not in page
    assert client.post(url, {"next_on": ""}).status_code == 403


def test_owner_and_day_are_set_in_the_form(staff: Any) -> None:
    owner, gone = a_user(first_name="Ji-woo"), a_user(is_active=False)
    work = a_work()
    response = save(staff, "publication", work.pk, owner=owner.pk, review_by="2900-01-01")
    assert response.status_code == 302, errors_in(response)
    work.refresh_from_db()
    assert (work.owner, work.review_by) == (owner, date(2900, 1, 1))
    response = save(staff, "publication", work.pk, owner=gone.pk)
    assert "not one of the available choices" in errors_in(response)
    assert "Ji-woo" in staff.get(desk_url("publication", "change", work.pk)).content.decode()


def test_the_worklist_costs_the_same_for_few_and_many(staff: Any) -> None:
    costs = []
    for _round in range(2):
        for _each in range(4):
            a_work(owner=a_user(), review_by=date(2020, 1, 1))
        staff.get(REVIEWS)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(REVIEWS, {"whose": "all"}).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10
    for page in ("99", "x", "0"):
        assert staff.get(REVIEWS, {"page": page}).status_code == 200
