"""What is found, in which order, and how much of it there is."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from publications.models import Kind
from publications.search import engine
from publications.search.engine import Sort
from publications.search.explaining import explain
from publications.search.facets import Facet
from publications.search.query import parse
from publications.states import Status
from tests.factories import a_tag, a_work

pytestmark = pytest.mark.django_db


def look(typed: str, filters=None, **more):
    return engine.search(parse(typed), filters or {}, now=timezone.now(), **more)


def titles(found, works):
    names = {work.pk: work.title for work in works}
    return [names[pk] for pk in found.ids]


def test_a_headline_weighs_more_than_the_text_and_the_same_headline_most():
    works = [
        a_work("Winter trade", body="<p>harbor town</p>"),
        a_work("Winter harbor", body="<p>trade town</p>"),
        a_work("Harbor"),
        a_work("Nothing of it"),
    ]
    assert titles(look("harbor"), works) == [
        "Harbor", "Winter harbor", "Winter trade",
    ]  # fmt: skip


def test_rare_words_tell_more_than_frequent_ones():
    works = [a_work(f"Trade letter {n}", body="<p>trade</p>") for n in range(12)]
    works += [a_work("On zinc", body="<p>zinc</p>"), a_work("Trade trade trade")]
    found = look("zinc trade")
    assert found.full == 0
    assert titles(found, works)[0] == "On zinc"


def test_all_words_come_first_then_any_of_them():
    works = [
        a_work("Tin tin tin"),
        a_work("Copper copper copper"),
        a_work("A long story of copper mines", body="<p>and somewhere tin</p>"),
        a_work("Lead"),
    ]
    found = look("tin copper")
    assert (found.total, found.full) == (3, 1)
    assert titles(found, works)[0] == "A long story of copper mines"


def test_enough_full_matches_need_no_partial_ones():
    for number in range(engine.FEW):
        a_work(f"Tin and copper {number}")
    a_work("Tin alone")
    found = look("tin copper")
    assert found.total == found.full == engine.FEW


def test_a_filter_never_brings_in_works_that_were_not_there():
    for number in range(engine.FEW):
        a_work(f"Tin and copper {number}", kind="reports")
    a_work("Tin alone", kind="op-eds")
    kind = Kind.objects.get(slug="op-eds")
    assert look("tin copper", {Facet.KIND: frozenset({kind.pk})}).total == 0


def test_what_is_quoted_stays_required():
    works = [a_work("Red tin roof"), a_work("Tin, red with rust"), a_work("Copper roof")]
    found = look('"red tin" copper')
    assert titles(found, works) == ["Red tin roof"]
    assert look('"tin red"').total == 1
    assert look('"roof tin"').total == 0


def test_a_quote_that_nobody_has_leaves_the_other_words():
    works = [a_work("Red tin roof"), a_work("Copper roof")]
    found = look('"tin of gold" copper')
    assert (found.full, titles(found, works)) == (0, ["Copper roof"])


def test_an_explanation_adds_up_to_the_order():
    works = [
        a_work("Tin"),
        a_work("Copper", body="<p>tin tin</p>", published_at=timezone.now() - timedelta(9999)),
        a_work("한국의 반도체", body="<p>tin 반도체</p>"),
    ]
    query = parse("tin 반도체 cop*")
    found = engine.search(query, {}, now=timezone.now())
    why = explain(query, found.ids, now=timezone.now())
    scores = [why[pk].score for pk in found.ids]
    assert len(scores) == len(works)
    assert scores == sorted(scores, reverse=True)
    tin = next(reason for reason in why[works[1].pk].reasons if reason.term == "tin")
    assert (tin.documents, tin.frequency) == (3, 2)
    assert explain(parse("Tin"), [works[0].pk], now=timezone.now())[works[0].pk].has_this_title


def test_what_is_excluded_is_not_there():
    works = [a_work("Tin mine"), a_work("Tin toy")]
    assert titles(look("tin -toy"), works) == ["Tin mine"]


def test_drafts_and_schedules_are_never_found():
    a_work("Tin draft", status=Status.DRAFT, published_at=None)
    a_work("Tin tomorrow", published_at=timezone.now() + timedelta(days=1))
    found = look("tin")
    assert (found.total, list(found.ids)) == (0, [])
    assert not any(found.facets.values())
    assert look("").total == 0


def test_newest_and_oldest():
    now = timezone.now()
    works = [
        a_work(f"Tin {n}", body="<p>tin</p>" * n, published_at=now - timedelta(days=n))
        for n in (1, 2, 3)
    ]
    assert titles(look("tin", sort=Sort.NEWEST), works) == ["Tin 1", "Tin 2", "Tin 3"]
    assert titles(look("tin", sort=Sort.OLDEST), works) == ["Tin 3", "Tin 2", "Tin 1"]
    assert titles(look("", sort=Sort.OLDEST), works) == ["Tin 3", "Tin 2", "Tin 1"]
    assert titles(look(""), works) == ["Tin 1", "Tin 2", "Tin 3"]


def test_of_two_alike_the_newer_comes_first():
    now = timezone.now()
    works = [
        a_work(f"Tin {name}", published_at=now - timedelta(days=days))
        for name, days in (("old", 4000), ("new", 1))
    ]
    assert titles(look("tin"), works) == ["Tin new", "Tin old"]


def test_a_facet_in_use_still_counts_its_other_values():
    tag = a_tag("Metals")
    a_work("Tin one", kind="reports", tags=[tag])
    a_work("Tin two", kind="op-eds")
    reports = Kind.objects.get(slug="reports")
    found = look("tin", {Facet.KIND: frozenset({reports.pk})})
    assert found.total == 1
    assert len(found.facets[Facet.KIND]) == 2
    assert found.facets[Facet.TOPIC] == {tag.pk: 1}


@pytest.fixture
def small_bounds(monkeypatch):
    """Treat a library of a hundred works as a large one."""
    for name, value in {
        "EXACT": 10,
        "SMALL": 8,
        "SAMPLE": 8,
        "READ": 8,
        "WALKED": 12,
        "CANDIDATES": 20,
    }.items():
        monkeypatch.setattr(engine, name, value)
    monkeypatch.setattr("publications.search.matching.TELLING", 8)
    for module in ("indexing", "rebuilding"):
        monkeypatch.setattr(f"publications.search.{module}.LARGE", 10)
        monkeypatch.setattr(f"publications.search.{module}.FREQUENT", 8)


@pytest.mark.usefixtures("small_bounds")
def test_a_large_library_finds_the_best_and_estimates_the_rest():
    now = timezone.now()
    works = [
        a_work(f"Volume {n}", body="<p>tin ore</p>" + "<p>slag</p>" * (n % 7),
               published_at=now - timedelta(days=n))
        for n in range(120)
    ]  # fmt: skip
    best = a_work("Tin ore, tin ore", body="<p>tin ore</p>" * 9, published_at=now - timedelta(999))
    works.append(best)
    call_command("search_index", "--rebuild")
    found = look("tin ore", limit=5)
    assert found.is_estimate
    assert 40 <= found.total <= 360
    assert found.ids[0] == best.pk
    assert titles(look("tin ore", limit=5, sort=Sort.NEWEST), works) == [
        f"Volume {n}" for n in range(5)
    ]
    assert look("tin ore", limit=1, sort=Sort.OLDEST).ids == [best.pk]
    assert titles(look("", limit=3), works) == ["Volume 0", "Volume 1", "Volume 2"]


@pytest.mark.usefixtures("small_bounds")
def test_a_rare_word_in_a_large_library_is_exact():
    for number in range(40):
        a_work(f"Tin {number}", body="<p>zinc</p>" if number < 3 else "")
    call_command("search_index", "--rebuild")
    found = look("tin zinc")
    assert not found.is_estimate
    assert found.full == 3
