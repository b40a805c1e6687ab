"""What a publication page offers to read next."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.models import Publication, SearchDocument
from publications.related import neighbors
from publications.search import similar
from publications.states import Status
from tests.factories import a_tag, a_work, an_author

pytestmark = pytest.mark.django_db

SEMICONDUCTORS = "<p>Wafers and lithography: the fabs need lithography and wafers again.</p>"
FERRIES = "<p>The ferry leaves the harbor; a ferry returns to its harbor.</p>"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    caches["nearby"].clear()


@pytest.fixture
def shelf() -> None:
    """Enough other works that a word can be rare."""
    for number in range(12):
        a_work(f"Budget {number}", body=f"<p>Budgets and committees, volume {number}.</p>")


def related(work: Publication) -> list[str]:
    return [each.title for each in neighbors(Publication.objects.get(pk=work.pk))[0]]


def test_works_with_the_same_telling_words_are_related(reader: Any, shelf: None) -> None:
    work = a_work("Chips", slug="chips", body=SEMICONDUCTORS)
    a_work("Machines", body="<p>Lithography for wafers, said at length.</p>")
    a_work("Islands", body=FERRIES)
    assert related(work) == ["Machines"]
    page = reader.get("/publications/chips/").content.decode()
    assert "Machines" in page
    assert "Islands" not in page


def test_the_nearest_comes_first(shelf: None) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    a_work("Somewhat", body=f"<p>{'Many other words about trade. ' * 20} One wafer.</p>")
    a_work("Near", body=SEMICONDUCTORS)
    assert related(work) == ["Near", "Somewhat"]


def test_korean_works_are_related_by_their_words(shelf: None) -> None:
    work = a_work("반도체 공급망", language="ko", body="<p>반도체 공급망의 재편</p>")
    a_work("공급망을 다시 본다", language="ko", body="<p>공급망 재편은 길다</p>")
    a_work("섬의 배", language="ko", body="<p>여객선이 돌아온다</p>")
    assert related(work) == ["공급망을 다시 본다"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT, "published_at": None},
        {"status": Status.WITHDRAWN},
        {"published_at": timezone.now() + timedelta(days=3000)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_what_readers_cannot_see_is_never_related(shelf: None, hidden: dict[str, Any]) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    a_work("Seen", body=SEMICONDUCTORS)
    a_work("Hidden", body=SEMICONDUCTORS, **hidden)
    assert related(work) == ["Seen"]


def test_a_scheduled_work_is_related_from_its_moment_on(shelf: None) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    a_work("Seen", body=SEMICONDUCTORS)
    a_work("Soon", body=SEMICONDUCTORS, published_at=timezone.now() + timedelta(days=1))
    assert related(work) == ["Seen"]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert set(related(work)) == {"Seen", "Soon"}


def test_what_was_withdrawn_since_is_not_shown(shelf: None) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    others = [a_work(f"Chips {number}", body=SEMICONDUCTORS) for number in range(6)]
    shown = related(work)
    assert len(shown) == 4
    Publication.objects.filter(title=shown[0]).update(status=Status.WITHDRAWN)
    again = related(work)
    assert again[:3] == shown[1:]
    assert len(again) == 4
    assert set(again) <= {other.title for other in others}


def test_a_work_is_never_related_to_itself_alone(shelf: None) -> None:
    assert related(a_work("Chips", body=SEMICONDUCTORS)) == []


def test_a_shared_tag_decides_between_equals(shelf: None) -> None:
    tag = a_tag("Trade")
    work = a_work("Chips", body=SEMICONDUCTORS, tags=[tag])
    a_work("Tagged", body=SEMICONDUCTORS, tags=[tag])
    a_work("Untagged", body=SEMICONDUCTORS)
    assert related(work)[0] == "Tagged"


def test_names_do_not_make_works_alike(shelf: None) -> None:
    author = an_author("Gildong Hong", native_name="홍길동")
    work = a_work("Chips", body=SEMICONDUCTORS, authors=[author])
    a_work("Islands", body=FERRIES, authors=[author])
    found, more_by = neighbors(work)
    assert found == []
    assert [each.title for each in more_by] == ["Islands"]


def test_a_work_is_shown_once_as_related_or_by_the_author(shelf: None) -> None:
    author = an_author()
    work = a_work("Chips", body=SEMICONDUCTORS, authors=[author])
    a_work("Near", body=SEMICONDUCTORS, authors=[author])
    a_work("Islands", body=FERRIES, authors=[author])
    found, more_by = neighbors(work)
    assert [each.title for each in found] == ["Near"]
    assert [each.title for each in more_by] == ["Islands"]


def test_shared_tags_stand_in_where_no_words_are_shared(shelf: None) -> None:
    one, two = a_tag("One"), a_tag("Two")
    work = a_work("Alone", body="<p>Unheard.</p>", tags=[one, two])
    a_work("By one", tags=[one])
    a_work("By both", tags=[one, two])
    a_work("Draft", tags=[one, two], status=Status.DRAFT, published_at=None)
    SearchDocument.objects.filter(publication=work).delete()
    assert related(work) == ["By both", "By one"]


@pytest.mark.parametrize(("bound", "value"), [("MOST_EACH", 1), ("MOST_WORKS", 1), ("TERMS", 0)])
def test_words_beyond_the_bounds_are_not_looked_for(
    shelf: None, monkeypatch: Any, bound: str, value: int
) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    a_work("Near", body=SEMICONDUCTORS)
    assert related(work) == ["Near"]
    caches["nearby"].clear()
    monkeypatch.setattr(similar, bound, value)
    assert related(work) == []


def test_neighbors_are_remembered_until_the_work_changes(shelf: None) -> None:
    work = a_work("Chips", body=SEMICONDUCTORS)
    a_work("Near", body=SEMICONDUCTORS)
    assert related(work) == ["Near"]
    with CaptureQueriesContext(connection) as queries:
        assert related(work) == ["Near"]
    assert not [each for each in queries if "searchdocument" in each["sql"]]
    a_work("Nearer", body=SEMICONDUCTORS)
    assert related(work) == ["Near"]
    Publication.objects.get(pk=work.pk).save()
    assert set(related(work)) == {"Near", "Nearer"}


def test_neighbors_cost_the_same_for_few_and_many(shelf: None) -> None:
    tag, author = a_tag("Trade"), an_author()
    work = a_work("Chips", body=SEMICONDUCTORS, tags=[tag], authors=[author])
    costs = []
    for _round in range(2):
        for _each in range(6):
            a_work(body=SEMICONDUCTORS, tags=[tag], authors=[author])
            a_work(body=FERRIES, tags=[tag], authors=[author])
        caches["nearby"].clear()
        with CaptureQueriesContext(connection) as queries:
            neighbors(work)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6
