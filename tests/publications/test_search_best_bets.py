"""What staff put above the results of a search."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from publications.actions.search_words import save_best_bet
from publications.models import BestBet, Publication
from publications.search.best_bets import best_bets
from publications.search.query import parse
from publications.states import Status
from tests.factories import a_work
from tests.publications.desk import desk_url, errors_in, form_in, save, sign_in_with

pytestmark = pytest.mark.django_db


def a_bet(query: str, work: Publication, position: int = 1) -> BestBet:
    return save_best_bet(BestBet(query=query, publication=work, position=position))


def bets(typed: str) -> list[int]:
    return best_bets(parse(typed), now=timezone.now())


@pytest.mark.parametrize(
    "typed", ["kim jong-un", "Kim Jong Un", ' "kim   jong un" ', "KIM Jóng Un?"]
)
def test_a_search_shows_its_best_bets_in_order(typed: str) -> None:
    third, first, second = a_work(), a_work(), a_work()
    a_bet("Kim Jong-un", third, 2)
    a_bet("kim jong un", first)
    a_bet("KIM JONG UN", second)
    a_bet("kim", a_work())
    assert bets(typed) == [first.pk, second.pk, third.pk]


@pytest.mark.parametrize("typed", ["", "!!!", "un", "kim jong un speech"])
def test_other_searches_do_not(typed: str) -> None:
    a_bet("Kim Jong-un", a_work())
    assert bets(typed) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": timezone.now() + timedelta(days=1)},
        {"status": Status.DRAFT, "published_at": None},
        {"status": Status.WITHDRAWN},
    ],
)
def test_what_readers_may_not_see_is_no_best_bet(hidden: dict[str, Any]) -> None:
    a_bet("thaad", a_work(**hidden))
    assert bets("thaad") == []
    public = a_work()
    a_bet("thaad", public)
    assert bets("thaad") == [public.pk]


def test_staff_add_change_and_remove_a_best_bet(staff: Any) -> None:
    old, new = a_work("Old"), a_work("New")
    assert save(staff, "bestbet", query="THAAD", publication=old.pk).status_code == 302
    assert bets("thaad") == [old.pk]
    bet = BestBet.objects.get()
    save(staff, "bestbet", bet.pk, query="Missile defense", publication=new.pk, position="3")
    assert (bets("thaad"), bets("missile defense")) == ([], [new.pk])
    assert "Missile defense" in staff.get(desk_url("bestbet"), {"q": "New"}).content.decode()
    staff.post(desk_url("bestbet", "delete", bet.pk), {"post": "yes"})
    assert bets("missile defense") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "This field is required"),
        ("?!", "“?!” has no word in it"),
        ("thaad!", "This search shows this publication already."),
    ],
)
def test_what_is_no_best_bet_is_refused_in_a_sentence(staff: Any, query: str, said: str) -> None:
    work = a_work()
    a_bet("THAAD", work)
    response = save(staff, "bestbet", query=query, publication=work.pk)
    assert said in errors_in(response)
    assert BestBet.objects.count() == 1


@pytest.mark.parametrize("query", ["ﷺ" * 200, "한" * 200, "a-" * 100, "1 " * 100])
def test_any_search_can_have_a_best_bet(staff: Any, query: str) -> None:
    work = a_work()
    assert save(staff, "bestbet", query=query, publication=work.pk).status_code == 302
    assert bets(query) == [work.pk]


def test_a_search_in_the_report_is_one_click_from_a_best_bet(staff: Any) -> None:
    page = staff.get(desk_url("bestbet", "add"), {"query": "north korea"})
    assert form_in(page, "bestbet")["query"] == "north korea"


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_best_bets_are_refused_without_the_right(client: Any, page: str) -> None:
    bet = a_bet("thaad", a_work())
    url = desk_url("bestbet", page, *([] if page == "add" else [bet.pk]))
    sent = {"query": "dmz", "publication": bet.publication_id, "position": "1", "post": "yes"}
    sign_in_with(client, "view_bestbet", "view_publication")
    assert client.post(url, sent).status_code == 403
    assert bets("thaad") == [bet.publication_id]
    assert bets("dmz") == []
    sign_in_with(client, "view_bestbet", "view_publication", f"{page}_bestbet")
    assert client.post(url, sent).status_code == 302


def test_a_deleted_publication_is_no_best_bet(staff: Any) -> None:
    work = a_work()
    a_bet("thaad", work)
    staff.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    assert not BestBet.objects.exists()
