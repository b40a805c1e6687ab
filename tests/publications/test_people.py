"""Authors added while a byline is typed, and those who have left."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from publications.models import Author, AuthorType
from tests.factories import a_work, an_author
from tests.publications.desk import desk_url, sign_in_with

pytestmark = pytest.mark.django_db


def offered(client: Any, term: str, field: str = "contribution.author") -> list[str]:
    model, name = field.split(".")
    facts = {"app_label": "publications", "model_name": model, "field_name": name, "term": term}
    page = client.get(reverse("admin:autocomplete"), facts)
    return [each["text"] for each in page.json()["results"]]


def add(client: Any, chosen: str) -> Any:
    return client.post(desk_url("author", "add_named"), {"chosen": chosen})


def test_a_byline_offers_to_add_who_is_missing(staff: Any) -> None:
    an_author("Hana Seo")
    assert offered(staff, "Hana") == ["Hana Seo", "Add “Hana”"]
    assert offered(staff, "  Kyle   Ferrier ") == ["Add “Kyle Ferrier”"]
    assert offered(staff, "") == ["Hana Seo"]
    assert offered(staff, "Hana", "publication.authors") == ["Hana Seo"]


def test_namesakes_come_first(staff: Any) -> None:
    an_author("A Kim Min-ji")
    an_author("KIM MIN-JI")
    an_author("Minji Kim", native_name="김민지")
    assert offered(staff, "kim min-ji") == [
        "KIM MIN-JI", "A Kim Min-ji", "Add another “kim min-ji”",
    ]  # fmt: skip
    assert offered(staff, "김민지") == ["Minji Kim", "Add another “김민지”"]


def test_a_name_is_added_once_and_again_only_when_meant(staff: Any) -> None:
    first = add(staff, "add:Kyle  Ferrier").json()
    author = Author.objects.get()
    assert first == {"id": str(author.pk), "text": "Kyle Ferrier"}
    assert (author.given_name, author.family_name, author.slug) == (
        "Kyle", "Ferrier", "kyle-ferrier",
    )  # fmt: skip
    assert add(staff, "add:kyle ferrier").json() == first
    assert add(staff, "another:Kyle Ferrier").json()["id"] != first["id"]
    assert add(staff, "add:Ministry of Trade").status_code == 200
    assert Author.objects.get(display_name="Ministry of Trade").type == AuthorType.ORGANIZATION
    assert Author.objects.count() == 3


@pytest.mark.parametrize("typed", ["", "add:", "add:   ", "add:" + "x" * 201, "add:a\x00b"])
def test_what_is_no_name_is_refused_in_a_sentence(staff: Any, typed: str) -> None:
    page = add(staff, typed)
    assert page.status_code == 400
    assert "at most 200 characters" in page.json()["refused"]
    assert staff.get(desk_url("author", "add_named")).status_code == 405


def test_only_those_who_may_add_authors_are_offered_it(client: Any) -> None:
    sign_in_with(client, "view_author", "change_publication")
    assert offered(client, "Hana") == []
    assert add(client, "add:Hana").status_code == 403
    sign_in_with(client, "view_author", "add_author")
    assert offered(client, "Hana") == ["Add “Hana”"]
    assert add(client, "add:Hana").status_code == 200


def test_who_has_left_stays_with_works_and_is_called_former(reader: Any) -> None:
    today = timezone.localdate()
    gone = an_author("Gone", slug="gone", position="Fellow", left_on=today)
    an_author("Going", slug="going", position="Fellow", left_on=today + timedelta(days=9))
    a_work("Ships", authors=[gone])
    page = reader.get("/authors/gone/").content.decode()
    assert "former Fellow" in page
    assert "Ships" in page
    assert "former" not in reader.get("/authors/going/").content.decode()


def test_the_list_of_authors_tells_current_from_former(staff: Any) -> None:
    an_author("Here")
    an_author("Leaving", left_on=date(2900, 1, 1))
    an_author("Left", left_on=date(2020, 1, 1))
    rows = {
        choice: {
            str(row)
            for row in staff.get(desk_url("author"), {"staff": choice}).context["cl"].result_list
        }
        for choice in ("current", "former", "")
    }
    assert rows == {
        "current": {"Here", "Leaving"}, "former": {"Left"}, "": {"Here", "Leaving", "Left"},
    }  # fmt: skip
