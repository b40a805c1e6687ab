"""The search index is what a fresh build would make, whatever staff did before."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from publications.actions import editing, workflow
from publications.actions.after import after_write
from publications.models import (
    PageText,
    Publication,
    SearchChange,
    SearchCount,
    SearchDocument,
    SearchLabel,
    SearchSpelling,
    SearchWord,
)
from publications.search import rebuilding
from publications.search.file_text import index_files
from publications.search.suggestion_labels import rebuild_thing_labels
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


def count(lexeme: str) -> int:
    return sum(SearchCount.objects.filter(lexeme=lexeme).values_list("documents", flat=True))


def holds(work: Publication, lexeme: str) -> bool:
    return SearchDocument.objects.filter(pk=work.pk).extra(
        where=["vector @@ %s::tsquery"], params=[f"'{lexeme}'"]
    ).exists()  # fmt: skip


def test_everything_that_names_a_work_is_indexed():
    work = a_work(
        "Ferries at Dawn", standfirst="A harbor wakes.", body="<p>The <b>quay</b> is wet.</p>",
        authors=[an_author("Ines Vale", native_name="이네스")], tags=[a_tag("Tides")],
        outlet=an_outlet("Coast Courier"), series=a_series("Harbor Letters"),
    )  # fmt: skip
    for lexeme in ("ferri", "harbor", "quay", "vale", "이네", "tide", "courier", "letter"):
        assert holds(work, lexeme), lexeme
    assert not holds(work, "b")
    assert count("ferri") == 1


def test_counts_follow_each_write_and_come_back_to_nothing():
    staff = a_user("delete_publication", "change_publication", "publish_publication")
    work = a_work("Lanterns", body="<p>Oil and wick.</p>")
    assert count("lantern") == count("all:1") == 1
    work.title = "Lamps"
    editing.save(work, by=staff)
    assert (count("lantern"), count("lamp"), count("all:1")) == (0, 1, 1)
    workflow.withdraw(work, by=staff)
    assert count("lamp") == count("all:1") == count("length:sum") == 0
    workflow.return_to_draft(work, by=staff)
    editing.delete(work, by=staff)
    assert not SearchCount.objects.exclude(documents=0).exists()
    assert not SearchDocument.objects.exists()
    assert not SearchLabel.objects.filter(source="title").exists()
    assert not SearchChange.objects.exists()


def test_a_draft_adds_no_word_and_no_suggestion():
    draft = a_work("Secret zebrafish", status=Status.DRAFT, published_at=None)
    assert holds(draft, "zebrafish")  # the desk finds it
    assert not count("zebrafish")
    assert not SearchWord.objects.filter(word="zebrafish").exists()
    assert not SearchSpelling.objects.filter(word="zebrafish").exists()
    assert not SearchLabel.objects.filter(word="zebrafish").exists()


def test_a_new_name_reaches_the_works_that_show_it():
    staff = a_user("change_author")
    author = an_author("Old Name")
    work = a_work("Piers", authors=[author])
    author.display_name = "Quentin Marsh"
    editing.save(author, by=staff)
    assert holds(work, "quentin")
    assert not holds(work, "old")
    assert rebuilding.check().documents == []


def test_a_change_that_fails_leaves_the_index_alone():
    work = a_work("Anchors")
    with transaction.atomic():
        Publication.objects.filter(pk=work.pk).update(title="Buoys")
        after_write(work)
        assert holds(work, "buoy")
        transaction.set_rollback(True)
    assert holds(work, "anchor")
    assert count("anchor") == 1
    assert not count("buoy")


def test_check_names_what_differs_and_rebuild_mends_it(capsys):
    works = [a_work(f"Beacon {n}", tags=[a_tag()]) for n in range(3)]
    rebuild_thing_labels()
    call_command("search_index", "--check")
    assert "fresh build" in capsys.readouterr().out
    Publication.objects.filter(pk=works[0].pk).update(title="Lighthouse")
    SearchCount.objects.filter(lexeme="beacon").update(documents=7)
    SearchWord.objects.filter(word="beacon").delete()
    SearchDocument.objects.filter(pk=works[1].pk).delete()
    with pytest.raises(CommandError, match=r"2 publications.*4 counts.*2 words.*--rebuild"):
        call_command("search_index", "--check")
    call_command("search_index", "--rebuild", "--check")
    assert count("beacon") == 2
    assert holds(works[0], "lighthous")


def test_check_looks_at_files_and_suggestions_too():
    author = an_author("Iris Keel")
    a_work("Beacons", authors=[author])
    work = a_work("Buoys")
    file = work.attachments.create(file="attachments/buoys.pdf", page_count=2)
    for number, text in enumerate(("A bell rings.", "A whistle answers."), start=1):
        file.pages.create(number=number, text=text)
    index_files([file.pk])
    after_write(work)
    rebuild_thing_labels()  # of the author, and of the kinds, which a migration wrote
    call_command("search_index", "--check")
    PageText.objects.filter(page__number=2).update(vector="")
    with pytest.raises(CommandError, match=rf"1 publications .*ids {work.pk} "):
        call_command("search_index", "--check")
    SearchLabel.objects.filter(word="beacons").delete()
    SearchLabel.objects.filter(word="keel").update(word="kiel")
    SearchLabel.objects.create(source="tag", word="gone", weight=0, object_id=9_999_999)
    with pytest.raises(CommandError, match=r"2 publications.*2 suggestions are wrong"):
        call_command("search_index", "--check")
    call_command("search_index", "--rebuild", "--check")


def test_without_options_only_what_is_missing_is_written(capsys):
    here, missing = a_work("Here"), a_work("Missing")
    SearchDocument.objects.filter(pk=missing.pk).delete()
    SearchDocument.objects.filter(pk=here.pk).update(length=99)
    call_command("search_index")
    assert "Indexed 1 publications" in capsys.readouterr().out
    assert holds(missing, "miss")
    assert SearchDocument.objects.get(pk=here.pk).length == 99


def test_health_tells_of_a_drift_without_going_down(client):
    work = a_work("Harbor lights")
    assert client.get("/health").json() == {"database": "ok", "search": "ok"}
    Publication.objects.filter(pk=work.pk).update(title="Harbor dark")
    answer = client.get("/health")
    assert answer.status_code == 200
    assert "search_index --rebuild" in answer.json()["search"]


def test_a_schedule_is_indexed_and_waits_for_its_moment(client):
    a_work("Tomorrow's gazette", published_at=timezone.now() + timedelta(days=1))
    assert count("gazett") == 1
    assert b"Tomorrow" not in client.get("/search/?q=gazette").content


def test_frequent_terms_are_filed_by_impact(monkeypatch):
    monkeypatch.setattr("publications.search.indexing.LARGE", 4)
    monkeypatch.setattr("publications.search.indexing.FREQUENT", 4)
    monkeypatch.setattr("publications.search.rebuilding.LARGE", 4)
    monkeypatch.setattr("publications.search.rebuilding.FREQUENT", 4)
    works = [a_work(f"Signal {n}", body="<p>signal</p>" * n) for n in range(6)]
    call_command("search_index", "--rebuild", "--check")
    levels = SearchCount.objects.filter(lexeme__startswith="signal|")
    assert sum(levels.values_list("documents", flat=True)) == 6
    assert levels.count() > 1
    works.append(a_work("Signal at last"))
    assert sum(levels.values_list("documents", flat=True)) == 7
    call_command("search_index", "--check")
