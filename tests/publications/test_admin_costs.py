"""The desk's pages cost a fixed number of queries, and none counts a whole table."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kei_site.common import capped
from publications.models import Attachment, Contribution, Correction, Spotlight, Tagging
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import desk_url

pytestmark = pytest.mark.django_db
MOST = 25


def a_full_work(rows: int) -> Any:
    work = a_work(
        authors=[an_author() for _each in range(rows)],
        tags=[a_tag() for _each in range(rows)],
        outlet=an_outlet(), series=a_series(), owner=a_user(), review_by=date(2020, 1, 1),
    )  # fmt: skip
    for number in range(rows):
        Attachment.objects.create(publication=work, file="a.pdf", size=1)
        Correction.objects.create(publication=work, note="A note.")
        day = work.pk % 20 + 1
        Spotlight.objects.create(
            publication=work,
            starts_at=f"2{number:03}-01-{day:02} 00:00Z",
            ends_at=f"2{number:03}-01-{day:02} 12:00Z",
        )
    return work


def asked(client: Any, url: str, **facts: str) -> list[str]:
    client.get(url, facts)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, facts).status_code == 200
    return [each["sql"] for each in queries.captured_queries]


def test_a_form_costs_the_same_for_few_rows_and_many(staff: Any) -> None:
    few, many = a_full_work(3), a_full_work(12)
    costs = [len(asked(staff, desk_url("publication", "change", each.pk))) for each in (few, many)]
    assert costs[0] == costs[1] <= MOST


def test_what_is_chosen_is_still_shown(staff: Any) -> None:
    work = a_full_work(2)
    page = staff.get(desk_url("publication", "change", work.pk)).content.decode()
    chosen = [work.outlet.name, work.series.title]
    chosen += [row.author.display_name for row in Contribution.objects.all()]
    chosen += [row.tag.name for row in Tagging.objects.all()]
    for name in chosen:
        assert f"selected>{name}</option>" in page


@pytest.mark.parametrize(
    "facts",
    [{}, {"status": "draft"}, {"q": "work"}, {"attachment": "yes"}, {"o": "-4"}, {"year": "2020"}],
)
def test_the_list_costs_the_same_for_twice_the_works(staff: Any, facts: dict[str, str]) -> None:
    costs = []
    for _round in range(2):
        for _each in range(4):
            a_full_work(1)
            a_work(status=Status.DRAFT)
        costs.append(len(asked(staff, desk_url("publication"), **facts)))
    assert costs[0] == costs[1] <= MOST


@pytest.mark.parametrize("model", ["publication", "author", "tag", "outlet", "trash", "merge"])
def test_no_list_counts_its_whole_table(staff: Any, model: str) -> None:
    a_full_work(2)
    for sql in asked(staff, desk_url(model)):
        assert "COUNT(*)" not in sql or "LIMIT 10001" in sql


def test_a_long_list_says_how_far_it_is_counted(staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(capped, "COUNTED", 60)
    for _each in range(62):
        an_author()
    page = staff.get(desk_url("author")).content.decode()
    assert "60+ authors" in page
    assert staff.get(desk_url("author"), {"p": "2"}).status_code == 200


def test_boxes_that_search_count_no_further_either(staff: Any) -> None:
    a_full_work(2)
    facts = {"app_label": "publications", "model_name": "spotlight", "field_name": "publication"}
    for sql in asked(staff, reverse("admin:autocomplete"), **facts):
        assert "COUNT(*)" not in sql or "LIMIT 10001" in sql
