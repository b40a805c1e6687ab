"""Words that mean the same: how staff write them, and what a search finds by them."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publications.actions.search_words import save_synonym
from publications.models import Synonym, SynonymKey
from publications.search.engine import search
from publications.search.query import Phrase, parse
from publications.search.synonyms import expand, split_terms
from tests.factories import a_work
from tests.publications.desk import desk_url, errors_in, form_in, save, sign_in_with

pytestmark = pytest.mark.django_db
MIGRATION = import_module("publications.migrations.0005_seed_synonyms")


@pytest.fixture(autouse=True)
def _no_seeds(db: None) -> None:
    Synonym.objects.all().delete()


def a_synonym(*terms: str) -> Synonym:
    return save_synonym(Synonym(terms="\n".join(terms)))


def found(typed: str) -> set[str]:
    """The titles of works that have all that was typed, or its synonyms."""
    results = search(expand(parse(typed)), {}, now=timezone.now())
    works = apps.get_model("publications", "Publication").objects.in_bulk(results.ids)
    return {works[pk].title for pk in results.ids[: results.full]}


NORTH = ("DPRK", "North Korea", "Democratic People’s Republic of Korea", "북한")
KIM = ("Kim Jong-un", "Kim Chong-un", "김정은")


@pytest.mark.parametrize(
    "typed",
    [
        "dprk", "DPRK", "North Korea", '"north korea"', "north-korea", "북한", "북한의", '"북한"',
        "democratic people's republic of korea", "Democratic Peoples Republic Korea",
    ],
)  # fmt: skip
def test_each_name_finds_all_of_them(typed: str) -> None:
    a_synonym(*NORTH)
    titles = {
        "The DPRK today",
        "In North Korea",
        "북한 경제",
        "Laws of the Democratic People's Republic of Korea",
    }
    for title in (*titles, "Korean wine", "Northern Ireland"):
        a_work(title)
    assert found(typed) == titles


@pytest.mark.parametrize(
    "typed", ["kim jong un", "Kim Jong-un", "kim jongun", "김정은", "kim chong un", '"kim jong un"']
)
def test_a_name_is_found_however_it_is_written(typed: str) -> None:
    a_synonym(*KIM)
    titles = {
        "Kim Jong Un speaks",
        "Kim Jong-un answers",
        "Kim Jongun leaves",
        "김정은 방문",
        "Kim Chong-un returns",
    }
    for title in (*titles, "Kim Dae-jung"):
        a_work(title)
    assert found(typed) == titles


def test_words_of_a_name_are_still_found_apart(db: None) -> None:
    a_synonym(*NORTH)
    a_work("Korea from south to north")
    a_work("Korea")
    assert found("north korea") == {"Korea from south to north"}
    # In quotes they must stand together.
    assert found('"north korea"') == set()


def test_other_words_are_asked_for_as_well(db: None) -> None:
    a_synonym(*NORTH)
    a_work("Trade of the DPRK")
    a_work("The DPRK")
    a_work("Trade of South Korea")
    assert found("north korea trade") == found("trade north korea") == {"Trade of the DPRK"}


@pytest.mark.parametrize("typed", ["korea north", "north -korea", "north* korea", "northkorea", ""])
def test_what_is_no_name_is_left_alone(typed: str) -> None:
    a_synonym(*NORTH)
    assert expand(parse(typed)) == parse(typed)


def test_what_is_excluded_is_not_widened(db: None) -> None:
    a_synonym(*NORTH)
    a_work("DPRK trade")
    a_work("North Korea trade")
    assert found("trade -dprk") == {"North Korea trade"}


def test_the_longest_name_wins(db: None) -> None:
    a_synonym("Korea", "Corea")
    a_synonym(*NORTH)
    north, corea = expand(parse("north korea and corea")).groups
    assert (north.text, corea.text) == ("north korea", "corea")
    assert Phrase(("corea",), (0,)) not in north.alternatives
    assert Phrase(("korea",), (0,)) in corea.alternatives


def test_a_name_in_two_rows_means_all_of_both(db: None) -> None:
    a_synonym("Busan", "Pusan")
    a_synonym("Pusan", "부산")
    for title in ("Busan", "Pusan", "부산"):
        a_work(title)
    assert found("pusan") == {"Busan", "Pusan", "부산"}
    assert found("busan") == {"Busan", "Pusan"}


def test_alternatives_have_a_limit(db: None) -> None:
    a_synonym(*(f"name{number}" for number in range(100)))
    (group,) = expand(parse("name7")).groups
    assert len(group.alternatives) == 13


def test_synonyms_cost_one_query(db: None) -> None:
    a_synonym(*NORTH)
    a_synonym(*KIM)
    for typed in ("dprk", "kim jong un of north korea " + " ".join(map(str, range(60)))):
        with CaptureQueriesContext(connection) as queries:
            expand(parse(typed))
        assert len(queries) == 1


def test_terms_stand_on_lines_or_between_commas(db: None) -> None:
    assert split_terms(" DPRK,  North  Korea\r\n\n북한,DPRK\n") == ["DPRK", "North Korea", "북한"]


def test_staff_write_change_and_delete_a_synonym(staff: Any) -> None:
    save(staff, "synonym", terms="THAAD, Terminal High Altitude\r\n사드", note="Defense")
    synonym = Synonym.objects.get()
    assert (synonym.terms, synonym.note) == ("THAAD\nTerminal High Altitude\n사드", "Defense")
    keys = SynonymKey.objects.values_list("key", "first")
    assert set(keys) == {
        ("thaad", "thaad"), ("termin high altitud", "termin"), ("사드", "사드"),
    }  # fmt: skip
    save(staff, "synonym", synonym.pk, terms="THAAD\n사드")
    assert set(keys.all()) == {("thaad", "thaad"), ("사드", "사드")}
    assert "THAAD = 사드" in staff.get(desk_url("synonym")).content.decode()
    staff.post(desk_url("synonym", "delete", synonym.pk), {"post": "yes"})
    assert not SynonymKey.objects.exists()


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("", "This field is required"),
        ("DPRK", "at least two"),
        ("DPRK\ndprk", "at least two"),
        ("DPRK\n!!!", "“!!!” cannot be searched for"),
        ("DPRK\nof the", "“of the” cannot be searched for"),
        ("DPRK\n" + " ".join(f"word{number}" for number in range(60)), "or too many"),
        (",\n,", "at least two"),
    ],
)
def test_what_is_no_synonym_is_refused_in_a_sentence(staff: Any, terms: str, said: str) -> None:
    response = save(staff, "synonym", terms=terms)
    assert said in errors_in(response)
    assert form_in(response, "synonym")["terms"].split() == terms.split()
    assert not Synonym.objects.exists()


def test_a_search_without_results_is_one_click_from_a_synonym(staff: Any) -> None:
    page = staff.get(desk_url("synonym", "add"), {"terms": "north corea"})
    assert form_in(page, "synonym")["terms"].strip() == "north corea"


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_synonyms_are_refused_without_the_right(client: Any, page: str) -> None:
    synonym = a_synonym(*NORTH)
    url = desk_url("synonym", page, *([] if page == "add" else [synonym.pk]))
    sign_in_with(client, "view_synonym")
    assert client.post(url, {"terms": "a1\nb2", "post": "yes"}).status_code == 403
    assert Synonym.objects.get().terms == synonym.terms
    sign_in_with(client, "view_synonym", f"{page}_synonym")
    assert client.post(url, {"terms": "a1\nb2", "post": "yes"}).status_code == 302


def test_the_seeds_are_planted_once_and_never_over_what_staff_wrote(db: None) -> None:
    MIGRATION.seed(apps, None)
    rows, keys = Synonym.objects.count(), SynonymKey.objects.count()
    assert rows == len(MIGRATION.SYNONYMS)
    SynonymKey.objects.filter(key="dprk").delete()
    MIGRATION.seed(apps, None)
    assert (Synonym.objects.count(), SynonymKey.objects.count()) == (rows, keys - 1)


def test_the_seeds_find_what_they_name(db: None) -> None:
    MIGRATION.seed(apps, None)
    a_work("President 이재명 in Pusan")
    a_work("Kim Dae-jung")
    assert found("Lee Jae-myung Busan") == {"President 이재명 in Pusan"}
    assert found("kim tae jung") == {"Kim Dae-jung"}


def test_every_seed_could_have_been_written_by_staff(db: None) -> None:
    for terms in MIGRATION.SYNONYMS:
        assert a_synonym(*terms).terms.split("\n") == list(terms)
