"""Publications at the editorial desk: the form that holds all of a work."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models.signals import pre_save
from django.utils import timezone

from publications.models import Correction, Kind, Publication, Redirect, Spotlight, Tagging
from publications.states import Status
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.publications.desk import (
    at,
    desk_url,
    errors_in,
    form_in,
    messages_in,
    save,
    sign_in_with,
)

pytestmark = pytest.mark.django_db
EDITOR = ("view_publication", "add_publication", "change_publication", "view_kind")


def new(**typed: Any) -> dict[str, Any]:
    return {"title": "Rethink trade", "kind": Kind.objects.get(slug="op-eds").pk, **typed}


def test_a_whole_op_ed_is_saved_in_one_form(staff: Any) -> None:
    author, outlet, tag, series = (
        an_author("Hana Seo"),
        an_outlet("The Korea Times"),
        a_tag("Trade policy"),
        a_series("Columns"),
    )
    response = save(
        staff,
        "publication",
        **new(
            body="<p>Words.</p><script>alert(1)</script>",
            _move="publish",
            outlet=outlet.pk,
            outlet_url="https://times.example/1",
            outlet_date="2024-07-10",
            series=series.pk,
            series_number="3",
        ),
        **{
            "contributions-0-author": author.pk,
            "contributions-0-affiliation": "Elsewhere",
            "taggings-0-tag": tag.pk,
            "spotlights-0-starts_at_0": "2024-07-10",
            "spotlights-0-starts_at_1": "09:00:00",
            "spotlights-0-headline": "Look at trade again",
        },
    )
    assert response.status_code == 302, errors_in(response)
    work = Publication.objects.get()
    assert (work.slug, work.body, work.series_number) == ("rethink-trade", "<p>Words.</p>", 3)
    assert work.is_public
    assert [(each.author, each.affiliation) for each in work.byline] == [(author, "Elsewhere")]
    assert list(work.tags.all()) == [tag]
    assert Spotlight.objects.get().headline == "Look at trade again"


def test_a_spotlight_that_nobody_touched_keeps_its_microseconds(staff: Any) -> None:
    begin = timezone.now().replace(microsecond=700_000)
    Spotlight.objects.create(publication=a_work(), starts_at=begin - timedelta(1), ends_at=begin)
    work = a_work()
    spotlight = Spotlight.objects.create(publication=work, starts_at=begin)
    response = save(staff, "publication", work.pk, title="Another")
    assert response.status_code == 302, errors_in(response)
    spotlight.refresh_from_db()
    assert spotlight.starts_at == begin


def test_what_is_saved_can_be_found_at_once(staff: Any, reader: Any) -> None:
    author, tag = an_author("Hana Seo"), a_tag("Semiconductors")
    save(
        staff,
        "publication",
        **new(_move="publish"),
        **{"contributions-0-author": author.pk, "taggings-0-tag": tag.pk},
    )
    for words in ("rethink", "Seo", "semiconductors"):
        found = staff.get(desk_url("publication"), {"q": words})
        assert found.context["cl"].result_count == 1, words


def test_hangul_stays_in_the_address(staff: Any) -> None:
    save(staff, "publication", **new(title="반도체 동맹", slug=""))
    assert Publication.objects.get().slug == "반도체-동맹"


def test_the_same_headline_again_gets_a_number(staff: Any) -> None:
    for _time in range(3):
        save(staff, "publication", **new(slug=""))
    assert set(Publication.objects.values_list("slug", flat=True)) == {
        "rethink-trade", "rethink-trade-2", "rethink-trade-3",
    }  # fmt: skip


def test_a_headline_without_letters_still_gets_an_address(staff: Any) -> None:
    save(staff, "publication", **new(title="?!", slug=""))
    assert Publication.objects.get().slug == "publication"


def test_an_address_that_is_taken_is_refused_in_an_older_work(staff: Any) -> None:
    a_work(slug="taken")
    work = a_work(slug="mine")
    response = save(staff, "publication", work.pk, slug="taken")
    assert "already exists" in errors_in(response)


def test_a_form_without_headline_and_address_is_shown_again(staff: Any) -> None:
    work = a_work(slug="ships")
    response = save(staff, "publication", work.pk, title="", slug="")
    assert response.status_code == 200
    assert "This field is required" in errors_in(response)


def test_a_new_address_of_a_public_work_leaves_a_redirect(staff: Any, reader: Any) -> None:
    work = a_work(slug="old")
    save(staff, "publication", work.pk, slug="new")
    assert reader.get("/publications/old/").headers["Location"] == "/publications/new/"
    assert reader.get("/publications/new/").status_code == 200


def test_a_new_address_of_a_draft_leaves_nothing(staff: Any) -> None:
    work = a_work(slug="old", status=Status.DRAFT, published_at=None)
    save(staff, "publication", work.pk, slug="new")
    assert not Redirect.objects.exists()


def test_publishing_without_a_date_takes_now(staff: Any) -> None:
    work = a_work(status=Status.APPROVED, published_at=None)
    with time_machine.travel("2026-03-02 15:00:00+00:00", tick=False):
        save(staff, "publication", work.pk, _move="publish")
    work.refresh_from_db()
    assert work.published_at.isoformat() == "2026-03-02T15:00:00+00:00"


def test_a_published_work_keeps_its_date_when_the_field_is_emptied(staff: Any) -> None:
    work = a_work()
    save(staff, "publication", work.pk, published_at_0="", published_at_1="")
    work.refresh_from_db()
    assert work.published_at is not None
    assert work.is_public


def test_a_date_to_come_makes_a_schedule(staff: Any) -> None:
    work = a_work(status=Status.DRAFT, published_at=None)
    save(staff, "publication", work.pk, _move="publish", **at("2100-01-01 09:00:00"))
    assert "Scheduled" in staff.get(desk_url("publication")).content.decode()


def test_an_editor_cannot_change_a_published_work_at_once_nor_move_its_date(client: Any) -> None:
    sign_in_with(client, *EDITOR)
    work = a_work()
    was = (work.title, work.published_at)
    response = save(client, "publication", work.pk, title="Corrected", **at("2001-01-01 00:00:00"))
    assert "Save as changes to publish later" in errors_in(response)
    assert form_in(response, "publication")["title"] == "Corrected"
    work.refresh_from_db()
    assert (work.title, work.published_at) == was


def test_staff_who_may_only_look_cannot_change(client: Any) -> None:
    sign_in_with(client, "view_publication")
    work = a_work()
    url = desk_url("publication", "change", work.pk)
    assert b'name="_save"' not in client.get(url).content
    assert client.post(url, {"title": "Mine now"}).status_code == 403
    assert client.get(desk_url("publication", "add")).status_code == 403
    assert client.post(desk_url("publication", "delete", work.pk)).status_code == 403


def test_names_may_trade_places_in_the_byline(staff: Any) -> None:
    work = a_work(authors=[an_author("First"), an_author("Second")])
    save(staff, "publication", work.pk, **{
        "contributions-0-position": "2", "contributions-1-position": "1",
    })  # fmt: skip
    assert [str(each) for each in Publication.objects.get().byline] == ["Second", "First"]


def test_rows_of_the_byline_may_trade_names(staff: Any) -> None:
    one, two = an_author("First"), an_author("Second")
    work = a_work(authors=[one, two])
    save(staff, "publication", work.pk, **{
        "contributions-0-author": two.pk, "contributions-1-author": one.pk,
    })  # fmt: skip
    assert [str(each) for each in Publication.objects.get().byline] == ["Second", "First"]


def test_equal_places_keep_the_order_of_the_rows(staff: Any) -> None:
    authors = [an_author(name) for name in ("Ana", "Ben", "Cho")]
    rows = {f"contributions-{i}-author": author.pk for i, author in enumerate(authors)}
    places = {f"contributions-{i}-position": "1" for i in range(3)}
    roles = {f"contributions-{i}-role": "author" for i in range(3)}
    save(
        staff, "publication",
        **new(), **rows, **places, **roles, **{"contributions-TOTAL_FORMS": "3"},
    )  # fmt: skip
    assert [str(each) for each in Publication.objects.get().byline] == ["Ana", "Ben", "Cho"]


def test_one_author_twice_in_one_role_is_refused(staff: Any) -> None:
    author = an_author()
    rows = {f"contributions-{i}-author": author.pk for i in range(2)}
    roles = {f"contributions-{i}-role": "author" for i in range(2)}
    places = {f"contributions-{i}-position": "1" for i in range(2)}
    more = roles | places | {"contributions-TOTAL_FORMS": "2"}
    response = save(staff, "publication", **new(), **rows, **more)
    assert "twice" in errors_in(response)
    assert not Publication.objects.exists()


def test_a_removed_name_can_no_longer_be_found(staff: Any) -> None:
    work = a_work(authors=[an_author("Unforgettable")])
    save(staff, "publication", work.pk, **{"contributions-0-DELETE": "on"})
    assert not work.contributions.exists()
    found = staff.get(desk_url("publication"), {"q": "Unforgettable"})
    assert found.context["cl"].result_count == 0


def test_a_correction_is_added_with_its_date(staff: Any) -> None:
    work = a_work()
    save(staff, "publication", work.pk, **{
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-date": "2024-08-01",
        "corrections-0-note": "The figure was wrong.",
        "corrections-0-publication": work.pk,
    })  # fmt: skip
    assert str(Correction.objects.get()) == "2024-08-01: The figure was wrong."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"outlet_url": "https://times.example/1"}, "Choose the outlet"),
        ({"rights": "excerpt"}, "An excerpt needs the address"),
        ({"rights": "full_from"}, "Give the date"),
        ({"full_text_from": "2024-01-01"}, "Give the date"),
        ({"series_number": "3"}, "Choose the series"),
        ({"outlet_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"kind": "999999"}, "not one of the available choices"),
        ({"published_at_0": "soon"}, "Enter a valid date"),
        ({"series_number": "-1"}, "greater than or equal to 0"),
        ({"title": "a\x00b"}, "Null characters"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(
    staff: Any, typed: dict[str, str], said: str
) -> None:
    response = save(staff, "publication", **new(**typed))
    assert response.status_code == 200
    assert said in errors_in(response)
    assert not Publication.objects.exists()


def test_a_number_in_a_series_is_given_once(staff: Any) -> None:
    series = a_series()
    a_work(series=series, series_number=3)
    response = save(staff, "publication", **new(series=series.pk, series_number="3"))
    assert "Another work has this number" in errors_in(response)


def test_a_collision_at_the_last_moment_keeps_what_was_typed(staff: Any) -> None:
    """Somebody else takes the number between the check of the form and the write."""
    series = a_series()
    url = desk_url("publication", "add")
    sent = form_in(staff.get(url), "publication") | new(series=series.pk, series_number="3")

    def take(sender: Any, instance: Any, **_: Any) -> None:
        pre_save.disconnect(take, sender=Publication)
        a_work(series=series, series_number=3)

    pre_save.connect(take, sender=Publication)
    response = staff.post(url, sent)
    assert response.status_code == 200
    assert "collides" in errors_in(response)
    assert form_in(response, "publication")["title"] == "Rethink trade"


def test_the_form_leads_to_the_page_which_shows_a_draft_to_staff(staff: Any, reader: Any) -> None:
    work = a_work("Not yet", slug="not-yet", status=Status.DRAFT, published_at=None)
    page = staff.get(desk_url("publication", "change", work.pk)).content.decode()
    assert 'href="/publications/not-yet/"' in page
    assert b"Not yet" in staff.get("/publications/not-yet/").content


def test_deleting_what_readers_see_needs_the_right_to_publish(client: Any) -> None:
    work = a_work()
    sign_in_with(client, *EDITOR, "delete_publication")
    assert (
        client.post(desk_url("publication", "delete", work.pk), {"post": "yes"}).status_code == 403
    )
    assert Publication.objects.exists()


def test_a_draft_is_deleted_with_its_rows(staff: Any) -> None:
    work = a_work(status=Status.DRAFT, authors=[an_author()], tags=[a_tag()])
    staff.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    assert not Publication.objects.exists()
    assert not Tagging.objects.exists()


def act(client: Any, action: str, *works: Publication) -> Any:
    sent = {"action": action, "_selected_action": [work.pk for work in works]}
    return client.post(desk_url("publication"), sent, follow=True)


def test_many_works_are_published_at_once(staff: Any) -> None:
    draft = a_work(status=Status.DRAFT, published_at=None)
    old = a_work(status=Status.DRAFT, published_at=timezone.now() - timedelta(days=9000))
    later = a_work(published_at=timezone.now() + timedelta(days=9))
    response = act(staff, "publish_now", draft, old, later)
    assert "3 publications changed" in messages_in(response)
    assert Publication.objects.published().count() == 3
    assert Publication.objects.get(pk=old.pk).published_at == old.published_at


def test_a_refused_step_is_named_and_the_others_are_taken(staff: Any) -> None:
    draft, public = a_work("A draft", status=Status.DRAFT), a_work("Out")
    said = messages_in(act(staff, "withdraw", draft, public))
    assert "A draft: A work cannot go from “Draft” to “Withdrawn”." in said
    assert "1 publication changed" in said
    assert Publication.objects.get(pk=public.pk).status == Status.WITHDRAWN


def test_an_editor_is_not_offered_to_publish_many(client: Any) -> None:
    sign_in_with(client, *EDITOR)
    public = a_work(status=Status.IN_REVIEW)
    choices = client.get(desk_url("publication")).context["action_form"].fields["action"].choices
    assert "publish_now" not in dict(choices)
    act(client, "publish_now", public)
    assert Publication.objects.get().status == Status.IN_REVIEW


def test_an_editor_cannot_return_a_public_work_to_draft(client: Any) -> None:
    sign_in_with(client, *EDITOR)
    work = a_work("Out")
    assert "may not take this step" in messages_in(act(client, "return_to_draft", work))
    assert Publication.objects.get().is_public


@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_without_rights_every_page_is_refused(client: Any, page: str) -> None:
    work = a_work()
    args = () if page in {"changelist", "add"} else (work.pk,)
    url = desk_url("publication", page, *args)
    assert client.get(url).status_code == 302
    sign_in_with(client)
    assert client.get(url).status_code == 403
