"""Set times hold to the second, though no worker runs."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from publications.actions import due, editing, workflow
from publications.actions.recording import revisions_of
from publications.models import (
    Act,
    DueProblem,
    PendingChange,
    Publication,
    Revision,
    Rights,
    SearchDocument,
    Spotlight,
)
from publications.search import rebuilding
from publications.search.indexing import index
from publications.search.suggestion_labels import rebuild_thing_labels
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import errors_in, save, sign_in_with

NOON = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)
BEFORE = NOON - timedelta(seconds=1)
TITLE = "Zeppelins over Busan"
OTHER = "Airships over Incheon"
EARLIER = NOON - timedelta(days=9)
MIGRATION = import_module("publications.migrations.0024_search_what_readers_see")
LISTS = [
    "/", "/publications/", "/reports/", "/authors/ada/", "/outlets/times/", "/tags/airships/",
    "/series/papers/", "/archive/2026/", "/search/?q=zeppelins", "/search/",
    "/feeds/publications.rss", "/feeds/publications.atom", "/feeds/authors/ada.rss",
    "/search/results.atom?q=zeppelins", "/search/results.json?q=zeppelins",
    "/search/results.ris?q=zeppelins", "/search/results.bib?q=zeppelins",
    "/search/suggest/?q=zepp",
]  # fmt: skip


def shelve(**facts):
    """A work on every list, beside one that keeps the lists from being empty."""
    with time_machine.travel(EARLIER, tick=False):
        series, outlet = a_series("Papers"), an_outlet("Times")
        series.slug, outlet.slug = "papers", "times"
        series.save()
        outlet.save()
        shelves = {
            "kind": "reports", "authors": [an_author(slug="ada")], "tags": [a_tag("Airships")],
            "series": series, "outlet": outlet,
        }  # fmt: skip
        a_work("The one beside it", published_at=EARLIER, **shelves)
        return a_work(TITLE, slug="zeppelins", **{"published_at": EARLIER} | facts | shelves)


def shown(reader, address: str) -> str:
    """What a page says, without the marks around what was searched."""
    return re.sub(r"</?mark>", "", reader.get(address).content.decode())


def where_it_stands(reader, words: str = TITLE) -> set[str]:
    """The addresses whose answer names the work; the sitemap names its address only."""
    found = {each for each in LISTS if words in shown(reader, each)}
    if reader.get("/publications/zeppelins/").status_code == 200:
        found.add("page")
    if "/publications/zeppelins/" in reader.get("/sitemap-publications-1.xml").content.decode():
        found.add("sitemap")
    return found


EVERYWHERE = {*LISTS, "page", "sitemap"}


def when(moment: datetime):
    return time_machine.travel(moment, tick=False)


def a_change(work: Publication, at: datetime | None = NOON, **fields) -> PendingChange:
    """A change that waits, made the day before."""
    with when(EARLIER):
        editing.save(Publication.objects.get(pk=work.pk), by=a_user("publish_publication"))
    work.refresh_from_db()
    snapshot = take(work)
    snapshot["fields"] |= fields
    return PendingChange.objects.create(
        publication=work, snapshot=snapshot, base_revision=work.revision, publish_at=at,
        made_by=a_user("publish_publication", first_name="Ji-woo", last_name="Han"),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_scheduled_work_is_absent_a_second_before_and_present_at_the_second(reader):
    shelve(published_at=NOON)
    with when(BEFORE):
        assert where_it_stands(reader) == set()
        assert reader.get("/publications/zeppelins/").status_code == 404
    with when(NOON):
        assert where_it_stands(reader) == EVERYWHERE


@pytest.mark.django_db
def test_a_work_to_be_withdrawn_is_present_a_second_before_and_gone_at_the_second(reader):
    shelve(withdraw_at=NOON, withdrawal_note="It was wrong.")
    with when(BEFORE):
        assert where_it_stands(reader) == EVERYWHERE
    with when(NOON):
        # The first page that is asked for already knows.
        assert TITLE not in reader.get("/search/?q=zeppelins").content.decode()
        assert where_it_stands(reader) == set()
        gone = reader.get("/publications/zeppelins/")
        assert gone.status_code == 410
        assert "It was wrong." in gone.content.decode()
    work = Publication.objects.get(slug="zeppelins")
    assert (work.status, work.withdraw_at, work.updated_at) == (Status.WITHDRAWN, None, NOON)
    last = revisions_of(work).first()
    assert (last.act, last.comment) == (Act.MOVED, "Withdrawn at the time that was set.")


@pytest.mark.django_db
def test_changes_that_wait_are_unseen_a_second_before_and_public_at_the_second(reader):
    work = shelve()
    a_change(work, title=OTHER)
    seen = EVERYWHERE - {each for each in EVERYWHERE if "suggest" in each or "q=zepp" in each}
    with when(BEFORE):
        assert seen <= where_it_stands(reader)
        assert where_it_stands(reader, OTHER) <= {"page", "sitemap"}
    with when(NOON):
        assert where_it_stands(reader) <= {"page", "sitemap"}
        assert seen <= where_it_stands(reader, OTHER)
        assert OTHER in shown(reader, "/search/?q=airships+incheon")
        assert OTHER in reader.get("/publications/zeppelins/").content.decode()
    assert not PendingChange.objects.exists()
    last = revisions_of(work).first()
    assert (last.act, last.made_by_name) == (Act.RELEASED, "Ji-woo Han")


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"published_at": NOON}, {"withdraw_at": NOON}, None])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/publications/",
        "/search/?q=busan",
        "/sitemap-publications-1.xml",
        "/feeds/publications.rss",
        "/feeds/publications.atom",
    ],
)
def test_a_cache_that_asks_whether_its_copy_holds_learns_that_it_does_not(reader, facts, address):
    work = shelve(**facts or {})
    if facts is None:
        a_change(work, title=OTHER, body="<p>Busan</p>")
    with when(BEFORE):
        kept = reader.get(address)
        assert "no-cache" in kept["Cache-Control"] or "Cache-Control" not in kept
        ask = {"If-None-Match": kept["ETag"]}
        assert reader.get(address, headers=ask).status_code == 304
    with when(NOON):
        fresh = reader.get(address, headers=ask)
        assert fresh.status_code == 200
        assert fresh.content != kept.content


@pytest.mark.django_db
def test_a_spotlight_goes_with_its_work(reader):
    work = shelve(withdraw_at=NOON)
    Spotlight.objects.create(publication=work, headline="Look up", starts_at=EARLIER)
    with when(BEFORE):
        assert "Look up" in reader.get("/").content.decode()
    with when(NOON):
        assert "Look up" not in reader.get("/").content.decode()


@pytest.mark.django_db
def test_withdrawing_by_hand_forgets_the_set_time(reader):
    work = shelve(withdraw_at=NOON)
    by = a_user("publish_publication")
    with when(BEFORE):
        workflow.withdraw(work, by=by)
        workflow.publish(work, by=by)
    with when(NOON):
        assert reader.get("/publications/zeppelins/").status_code == 200


@pytest.mark.django_db
def test_what_is_not_published_is_left_alone():
    draft = a_work(status=Status.DRAFT, published_at=None, withdraw_at=NOON)
    withdrawn = a_work(status=Status.WITHDRAWN)
    a_change(withdrawn, title="Later")
    assert due.apply_due(NOON + timedelta(days=1)) == 0
    draft.refresh_from_db()
    assert draft.withdraw_at == NOON
    assert PendingChange.objects.exists()


@pytest.mark.django_db
def test_one_that_is_broken_is_noted_and_stops_neither_the_others_nor_the_pages(reader, staff):
    broken, fine = a_work("Broken"), a_work("Fine")
    a_change(broken, at=NOON - timedelta(hours=1), title="")
    a_change(fine, title="Finer")
    with when(NOON):
        assert reader.get("/").status_code == 200
        fine.refresh_from_db()
        broken.refresh_from_db()
        assert (broken.title, fine.title) == ("Broken", "Finer")
        problem = DueProblem.objects.get()
        assert (problem.publication, problem.due_at) == (broken, NOON - timedelta(hours=1))
        assert "cannot be blank" in problem.said
        # It is not tried again and again, until somebody sets another time.
        assert due.find_due(timezone.now()) == []
        PendingChange.objects.update(publish_at=NOON - timedelta(minutes=1))
        assert [each.publication_id for each in due.find_due(timezone.now())] == [broken.pk]
    assert "Broken" in staff.get("/admin/publications/dueproblem/").content.decode()


@pytest.mark.django_db
def test_what_was_changed_live_meanwhile_is_not_lost():
    work = a_work("First", standfirst="Why.", body="<p>One</p>")
    a_change(work, title="Later", body="<p>Later</p>")
    live = Publication.objects.get(pk=work.pk)
    live.standfirst, live.body = "Corrected.", "<p>Corrected</p>"
    editing.save(live, by=a_user("publish_publication"))
    due.apply_due(NOON)
    work.refresh_from_db()
    assert (work.title, work.standfirst, work.body) == ("Later", "Corrected.", "<p>Later</p>")
    problem = DueProblem.objects.get()
    assert problem.is_done
    assert "its history has what was replaced: body" in problem.said


def an_excerpt(**facts):
    """A work of which readers see the first paragraph."""
    return a_work(
        body="<p>The opening.</p><p>A zeppelin.</p>", outlet=an_outlet(),
        outlet_url="https://outlet.example/", published_at=EARLIER, **facts,
    )  # fmt: skip


def finds(reader, word: str) -> bool:
    return "1 result" in shown(reader, f"/search/?q={word}")


@pytest.mark.django_db
def test_what_readers_do_not_see_of_an_excerpt_is_not_searched(reader):
    an_excerpt(rights=Rights.EXCERPT)
    assert finds(reader, "opening")
    assert not finds(reader, "zeppelin")
    with when(NOON + timedelta(days=900)):
        assert not finds(reader, "zeppelin")


@pytest.mark.django_db
def test_a_text_that_becomes_whole_is_searched_whole_from_the_first_second_of_its_day(
    reader, settings
):
    settings.TIME_ZONE = "America/New_York"
    midnight = datetime(2026, 12, 1, 5, 0, 0, tzinfo=UTC)
    with when(EARLIER):
        work = an_excerpt(rights=Rights.FULL_FROM, full_text_from=date(2026, 12, 1))
        rebuild_thing_labels()
    with when(midnight - timedelta(seconds=1)):
        assert finds(reader, "opening")
        assert not finds(reader, "zeppelin")
        assert not rebuilding.check()
    with when(midnight):
        # Nothing has asked for a page yet, and that is no difference.
        assert rebuilding.looks_whole()
        assert finds(reader, "zeppelin")
        assert not rebuilding.check()
    work.rights, work.full_text_from = Rights.EXCERPT, None
    with when(NOON):
        editing.save(work, by=a_user("publish_publication"))
        assert not finds(reader, "zeppelin")


@pytest.mark.django_db
def test_documents_of_before_are_written_anew(reader):
    work = an_excerpt(rights=Rights.EXCERPT)
    Publication.objects.filter(pk=work.pk).update(rights=Rights.FULL)
    index([work.pk])
    assert finds(reader, "zeppelin")
    Publication.objects.filter(pk=work.pk).update(rights=Rights.EXCERPT)
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.WRITE_ANEW)
    assert not finds(reader, "zeppelin")
    assert SearchDocument.objects.get().whole_from is None


@pytest.mark.django_db
def test_the_command_does_all_of_it_and_says_how_much(monkeypatch):
    monkeypatch.setattr(due, "MOST", 1)
    for _number in range(3):
        a_work(published_at=EARLIER, withdraw_at=NOON)
    said = StringIO()
    with when(NOON):
        call_command("apply_due", stdout=said)
        call_command("apply_due", stdout=said)
    assert said.getvalue().split("\n")[:2] == ["3 things were due.", "0 things were due."]
    assert Publication.objects.filter(status=Status.WITHDRAWN).count() == 3


@pytest.mark.django_db
def test_asking_what_is_due_costs_one_statement_and_no_walk(django_assert_num_queries):
    for _number in range(40):
        a_work()
    with django_assert_num_queries(1):
        due.apply_due(NOON)
    with connection.cursor() as cursor:
        # Of all tables: what is guessed of an unknown one depends on the tests before.
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        facts = {"now": NOON, "published": "published", "most": 50}
        for statement in (due.MAYBE, due.DUE):
            cursor.execute("EXPLAIN " + statement, facts)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "publication_withdraw_at" in plan
            assert "publish_at" in plan
            assert "search_document_whole_from" in plan


def test_many_processes_at_once_do_it_once(committed):
    works = [a_work(published_at=EARLIER, withdraw_at=NOON) for _number in range(3)]
    changed = a_work("First", published_at=EARLIER)
    a_change(changed, title="Second")
    barrier, done = threading.Barrier(4), []

    def ask() -> None:
        barrier.wait()
        try:
            done.append(due.apply_due(NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(done) == 4
    assert not DueProblem.objects.exists()
    for work in works:
        assert Revision.objects.filter(model="publication", object_id=work.pk).count() == 2
    assert SearchDocument.objects.filter(public_from__isnull=False).count() == 1
    close_old_connections()


def test_a_work_that_somebody_holds_does_not_hold_up_the_page(committed, monkeypatch):
    monkeypatch.setattr(due, "PATIENCE", "50ms")
    work = a_work(published_at=EARLIER, withdraw_at=NOON)
    with transaction.atomic():
        Publication.objects.select_for_update().get(pk=work.pk)
        done: list[int] = []

        def ask() -> None:
            done.append(due.apply_due(NOON))
            connection.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        assert done == [0]
    assert not DueProblem.objects.exists()
    assert due.apply_due(NOON) == 1


@pytest.mark.django_db
def test_the_form_sets_a_time_for_withdrawing_but_none_that_is_past(staff):
    work = a_work()
    response = save(staff, "publication", work.pk, withdraw_at_0="2020-01-01",
                    withdraw_at_1="09:00")  # fmt: skip
    assert "This moment is past" in errors_in(response)
    save(staff, "publication", work.pk, withdraw_at_0="2100-01-01", withdraw_at_1="09:00")
    work.refresh_from_db()
    assert work.withdraw_at == datetime(2100, 1, 1, 14, tzinfo=UTC)


@pytest.mark.django_db
def test_who_may_not_publish_sets_no_time_for_withdrawing(client):
    sign_in_with(client, "view_publication", "change_publication", "view_kind")
    work = a_work()
    save(client, "publication", work.pk, withdraw_at_0="2100-01-01", withdraw_at_1="09:00")
    work.refresh_from_db()
    assert work.withdraw_at is None
