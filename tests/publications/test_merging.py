"""Merging authors, tags and outlets, and taking it back."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.models import MailingList
from publications.actions import editing, merging
from publications.actions.recording import revisions_of
from publications.models import (
    Act,
    Author,
    Contribution,
    Merge,
    Outlet,
    Publication,
    Redirect,
    Revision,
    Tag,
)
from publications.search import engine
from publications.search.query import parse
from publications.snapshots import take
from tests.factories import a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return a_user("change_author", "publish_publication", first_name="Ji-woo", last_name="Han")


def byline(work):
    rows = work.contributions.order_by("position").select_related("author")
    return [(row.position, row.author.display_name, row.role) for row in rows]


def found(words: str) -> set[str]:
    ids = engine.search(parse(words), {}, limit=10, now=timezone.now()).ids
    return set(Publication.objects.filter(pk__in=ids).values_list("title", flat=True))


def test_works_fields_and_addresses_go_to_the_one_that_stays(reader, editor):
    kept = an_author("Kim Min-ji", slug="kim", position="Fellow")
    gone = an_author("Minji Kim", slug="minji", native_name="김민지", position="Intern")
    Redirect.objects.create(old_path="/authors/older/", target="/authors/minji/")
    work = a_work("Ships", authors=[an_author("Lee"), gone])
    merging.merge(kept, [gone], by=editor)
    assert byline(work) == [(1, "Lee", "author"), (2, "Kim Min-ji", "author")]
    kept.refresh_from_db()
    assert (kept.native_name, kept.position) == ("김민지", "Fellow")
    assert not Author.objects.filter(pk=gone.pk).exists()
    for path in ("/authors/minji/", "/authors/older/"):
        assert reader.get(path).headers["Location"] == "/authors/kim/"
    last = revisions_of(work).order_by("number").last()
    assert (last.number, last.act, last.made_by) == (2, Act.MERGED, editor)
    assert revisions_of(work).first().snapshot is not None
    assert revisions_of(kept).order_by("number").last().comment == "Merged: Minji Kim"


def test_works_are_found_by_the_name_that_stays(editor):
    kept, gone = an_author("Vitelli"), an_author("Vittelly")
    a_work("Ships", authors=[gone])
    assert found("vittelly") == {"Ships"}
    merging.merge(kept, [gone], by=editor)
    assert (found("vitelli"), found("vittelly")) == ({"Ships"}, set())


def test_a_native_name_that_is_filled_in_finds_all_works_until_it_goes_again(editor):
    kept, gone = an_author("Kim Min-ji"), an_author("Minji Kim", native_name="김민지")
    a_work("Ships", authors=[kept])
    (merge,) = merging.merge(kept, [gone], by=editor)
    assert found("김민지") == {"Ships"}
    merging.undo(merge, by=editor)
    assert found("김민지") == set()


def test_both_in_one_byline_stand_once_at_the_first_place(editor):
    kept, gone = an_author("Kept"), an_author("Gone")
    first, later = a_work(authors=[gone, an_author("Lee"), kept]), a_work(authors=[kept, gone])
    roles = a_work(authors=[kept])
    Contribution.objects.create(publication=roles, author=gone, role="editor", position=2)
    before = {work.pk: byline(work) for work in (first, later, roles)}
    (merge,) = merging.merge(kept, [gone], by=editor)
    assert byline(first) == [(1, "Kept", "author"), (2, "Lee", "author")]
    assert byline(later) == [(1, "Kept", "author")]
    assert byline(roles) == [(1, "Kept", "author"), (2, "Kept", "editor")]
    merging.undo(merge, by=editor)
    assert {work.pk: byline(work) for work in (first, later, roles)} == before


def test_undoing_brings_all_of_it_back(reader, editor):
    kept, gone = an_author("Kept", slug="kept"), an_author("Gone", slug="gone", position="Fellow")
    work = a_work("Ships", authors=[gone])
    Redirect.objects.create(old_path="/authors/older/", target="/authors/gone/")
    was, had = take(gone), take(kept)
    (merge,) = merging.merge(kept, [gone], by=editor)
    assert merging.undo(merge, by=editor) == []
    gone = Author.objects.get(pk=gone.pk)
    assert (take(gone), take(kept)) == (was, had)
    assert byline(work) == [(1, "Gone", "author")]
    assert reader.get("/authors/gone/").status_code == 200
    assert reader.get("/authors/older/").headers["Location"] == "/authors/gone/"
    assert found("gone") == {"Ships"}
    assert [each.act for each in revisions_of(work).order_by("number")] == [
        Act.FOUND, Act.MERGED, Act.RESTORED,
    ]  # fmt: skip
    assert gone.revision == revisions_of(gone).count() == 2 - (was == take(gone))


def test_what_was_changed_since_stays(editor):
    kept, gone, lee = an_author("Kept"), an_author("Gone", position="Fellow"), an_author("Lee")
    touched, other = a_work(authors=[gone]), a_work(authors=[gone])
    (merge,) = merging.merge(kept, [gone], by=editor)
    row = touched.contributions.get()
    row.author = lee
    editing.save(touched, by=editor, parts=[row])
    kept.refresh_from_db()
    kept.position = "Director"
    editing.save(kept, by=editor)
    merging.undo(merge, by=editor)
    assert byline(touched) == [(1, "Lee", "author")]
    assert byline(other) == [(1, "Gone", "author")]
    kept.refresh_from_db()
    assert kept.position == "Director"


def test_a_place_that_is_taken_meanwhile_gives_the_last_one(editor):
    kept, gone = an_author("Kept"), an_author("Gone")
    work = a_work(authors=[kept, gone])
    (merge,) = merging.merge(kept, [gone], by=editor)
    Contribution.objects.create(publication=work, author=an_author("Lee"), position=2)
    merging.undo(merge, by=editor)
    assert byline(work) == [(1, "Kept", "author"), (2, "Lee", "author"), (3, "Gone", "author")]


def test_tags_are_merged_with_the_lists_about_them(editor):
    kept, gone = a_tag("Trade"), a_tag("Commerce", description="About trade.")
    both, one = a_work(tags=[kept, gone]), a_work(tags=[gone])
    mailing = MailingList.objects.create(name="Trade letter", slug="trade-letter")
    mailing.tags.add(gone)
    (merge,) = merging.merge(kept, [gone], by=editor)
    assert [list(work.tags.all()) for work in (both, one)] == [[kept], [kept]]
    assert list(mailing.tags.all()) == [kept]
    merging.undo(merge, by=editor)
    gone = Tag.objects.get(name="Commerce")
    assert set(both.tags.all()) == {kept, gone}
    assert list(one.tags.all()) == [gone]
    assert list(mailing.tags.all()) == [gone]
    kept.refresh_from_db()
    assert kept.description == ""


def test_outlets_are_merged(editor):
    kept, gone = an_outlet("The Korea Times"), an_outlet("Korea Times")
    work, moved_on = a_work(outlet=gone), a_work(outlet=gone)
    (merge,) = merging.merge(kept, [gone], by=editor)
    work.refresh_from_db()
    assert work.outlet == kept
    Publication.objects.filter(pk=moved_on.pk).update(outlet=an_outlet("Hankyoreh"))
    merging.undo(merge, by=editor)
    for each, name in ((work, "Korea Times"), (moved_on, "Hankyoreh")):
        each.refresh_from_db()
        assert each.outlet.name == name


def test_an_old_revision_finds_the_one_that_stays(editor):
    kept, gone, last = an_author("Kept"), an_author("Gone"), an_author("Last")
    work = a_work("Before", authors=[gone, kept])
    editing.save(work, by=editor)
    work.title = "After"
    editing.save(work, by=editor)
    merging.merge(kept, [gone], by=editor)
    merging.merge(last, [kept], by=editor)
    assert editing.restore(work, 1, by=editor) == []
    work.refresh_from_db()
    assert (work.title, byline(work)) == ("Before", [(1, "Last", "author")])


def test_several_go_at_once_and_leave_the_last_first(editor):
    kept, one, two = (an_author(name) for name in ("Kept", "One", "Two"))
    work = a_work(authors=[one, two, kept])
    first, second = merging.merge(kept, [one, two], by=editor)
    assert byline(work) == [(1, "Kept", "author")]
    with pytest.raises(ValidationError, match="Undo the later merge “Two → Kept” first"):
        merging.undo(first, by=editor)
    merging.undo(second, by=editor)
    merging.undo(first, by=editor)
    assert byline(work) == [(1, "One", "author"), (2, "Two", "author"), (3, "Kept", "author")]


def test_a_merge_is_undone_once_within_thirty_days_and_from_the_end(editor):
    one, two, three = (an_author(name) for name in ("One", "Two", "Three"))
    (first,) = merging.merge(two, [one], by=editor)
    (second,) = merging.merge(three, [two], by=editor)
    with pytest.raises(ValidationError, match="Undo the later merge “Two → Three” first"):
        merging.undo(first, by=editor)
    merging.undo(second, by=editor)
    with pytest.raises(ValidationError, match="undone already"):
        merging.undo(second, by=editor)
    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(ValidationError, match="30 days"),
    ):
        merging.undo(first, by=editor)


def test_a_name_that_somebody_else_has_now_is_not_taken_from_them(editor):
    kept, gone = an_outlet("The Korea Times"), an_outlet("Korea Times")
    (merge,) = merging.merge(kept, [gone], by=editor)
    an_outlet("korea times")
    with pytest.raises(ValidationError, match="another outlet “Korea Times” by now"):
        merging.undo(merge, by=editor)
    assert Outlet.objects.count() == 2


@pytest.mark.parametrize("gone", [[], ["kept"], ["kept", "other"]])
def test_what_makes_no_sense_is_refused(editor, gone):
    things = {"kept": an_author("Kept"), "other": an_author("Other")}
    with pytest.raises(ValidationError, match="at least two"):
        merging.merge(things["kept"], [things[name] for name in gone], by=editor)
    assert Author.objects.count() == 2


def test_a_merge_of_twice_as_many_works_costs_the_same(editor):
    costs = []
    for number in (5, 10):
        kept, gone = an_author(), an_author()
        for _each in range(number):
            a_work(authors=[gone, an_author()], tags=[a_tag()])
        with CaptureQueriesContext(connection) as queries:
            (merge,) = merging.merge(kept, [gone], by=editor)
        with CaptureQueriesContext(connection) as back:
            merging.undo(merge, by=editor)
        costs.append((len(queries), len(back)))
        assert merge.works == number
    assert costs[0] == costs[1]
    assert Merge.objects.count() == 2
    assert Revision.objects.filter(act=Act.MERGED, model="publication").count() == 15
