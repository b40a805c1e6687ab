"""A draft beside the live work: readers see nothing of it until it is published."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from publications.actions import editing, pending
from publications.actions.recording import revisions_of
from publications.models import (
    Act,
    Attachment,
    Contribution,
    PendingChange,
    Publication,
    Redirect,
    Spotlight,
)
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author
from tests.publications.desk import (
    desk_url,
    errors_in,
    form_in,
    messages_in,
    save,
    sign_in_with,
)

pytestmark = pytest.mark.django_db
WRITER = ("view_publication", "change_publication", "add_publication", "view_kind")
EDITOR = (*WRITER, "publish_publication")


@pytest.fixture
def work() -> Publication:
    return a_work(
        "Live headline",
        slug="live",
        authors=[an_author("Hana Seo"), an_author("Tom Lee")],
        tags=[a_tag("Trade")],
        standfirst="Migration today.",
    )


def keep(client: Any, work: Publication, *, press: str = "_pending", **typed: Any) -> Any:
    return save(client, "publication", work.pk, press=press, **typed)


def change(client: Any, work: Publication, query: str = "") -> Any:
    return client.get(desk_url("publication", "change", work.pk) + query)


def answer(client: Any, work: Publication, page: str, *, press: str = "_now", **typed: Any) -> Any:
    """Open a page about the changes that wait, and press a button of it."""
    url = desk_url("publication", f"pending_{page}", work.pk)
    asked = html.fromstring(client.get(url).content.decode())
    forms = [form for form in asked.forms if "version" in form.fields]
    [form] = [form for form in forms if page == "discard" or form.xpath(f".//*[@name='{press}']")]
    sent = dict(form.form_values()) | {press: "1"} | typed
    return client.post(url, sent, follow=True)


def page_text(response: Any) -> str:
    page = html.fromstring(response.content.decode())
    return " ".join(page.get_element_by_id("content").text_content().split())


def test_readers_see_the_old_content_everywhere_until_it_is_published(
    staff: Any, work: Publication
) -> None:
    new = an_author("Newcomer Kim")
    was = take(work)
    response = keep(
        staff, work, title="Coming headline", standfirst="Walrus ahead.", slug="coming",
        **{
            "contributions-0-author": new.pk,
            "taggings-1-tag": a_tag("Shipping").pk,
        },
    )  # fmt: skip
    assert response.status_code == 302, errors_in(response)
    assert take(work) == was
    staff.logout()
    reader = staff
    addresses = [
        "/", "/publications/", "/search/", "/search/?q=walrus", "/search/?q=migration",
        "/feeds/publications.atom", "/sitemap.xml", "/publications/live/",
        new.get_absolute_url(),
    ]  # fmt: skip
    for address in addresses:
        page = reader.get(address, follow=True).content.decode()
        assert "Coming headline" not in page, address
        assert "/publications/coming/" not in page, address
    assert "Live headline" in reader.get("/publications/live/").content.decode()
    assert "Live headline" in reader.get("/search/?q=migration").content.decode()
    assert reader.get("/search/?q=walrus").context["found"].total == 0
    assert reader.get("/publications/coming/").status_code == 404
    pending.publish_pending(work, by=None)
    assert reader.get("/publications/live/").headers["Location"] == "/publications/coming/"
    page = reader.get("/publications/coming/").content.decode()
    assert "Coming headline" in page
    assert "Newcomer Kim" in page
    assert "Shipping" in page
    assert "Coming headline" in reader.get("/search/?q=walrus").content.decode()
    assert "Coming headline" in reader.get(new.get_absolute_url()).content.decode()


def test_the_form_opens_on_the_changes_and_goes_on_from_there(
    staff: Any, work: Publication
) -> None:
    keep(staff, work, title="Second", **{"contributions-0-DELETE": "on"})
    page = change(staff, work)
    assert "changes that readers do not see yet" in page_text(page)
    form = form_in(page, "publication")
    assert (form["title"], form["contributions-TOTAL_FORMS"]) == ("Second", "1")
    assert b'name="_save"' not in page.content
    live = change(staff, work, "?live=1")
    assert form_in(live, "publication")["title"] == "Live headline"
    assert b'name="_save"' in live.content
    response = keep(staff, work, standfirst="More.", **{"taggings-0-DELETE": "on"})
    assert response.status_code == 302, errors_in(response)
    fields = PendingChange.objects.get().snapshot
    assert (fields["fields"]["title"], fields["fields"]["standfirst"]) == ("Second", "More.")
    assert [row["author"]["name"] for row in fields["parts"]["contributions"]] == ["Tom Lee"]
    assert fields["parts"]["taggings"] == []
    assert Contribution.objects.count() == 2


def test_publishing_is_one_revision_and_leaves_a_redirect(client: Any, work: Publication) -> None:
    user = sign_in_with(client, *EDITOR)
    keep(client, work, title="Second", slug="second")
    page = client.get(desk_url("publication", "pending_publish", work.pk))
    assert "What will change" in page_text(page)
    assert not Redirect.objects.exists()
    said = messages_in(answer(client, work, "publish"))
    assert "The changes are published." in said
    work.refresh_from_db()
    assert (work.title, work.slug) == ("Second", "second")
    assert Redirect.objects.get().target == "/publications/second/"
    assert not PendingChange.objects.exists()
    last = revisions_of(work).first()
    assert (last.act, last.made_by, last.number) == (Act.RELEASED, user, 2)


def test_a_writer_keeps_changes_but_cannot_publish_them(client: Any, work: Publication) -> None:
    sign_in_with(client, *WRITER)
    page = change(client, work)
    assert b'name="_save"' not in page.content
    assert b'name="_pending"' in page.content
    assert keep(client, work, title="Second").status_code == 302
    url = desk_url("publication", "pending_publish", work.pk)
    assert client.get(url).status_code == 403
    version = pending.version_of(PendingChange.objects.get())
    assert client.post(url, {"version": version, "_now": "1"}).status_code == 403
    work.refresh_from_db()
    assert work.title == "Live headline"


def test_plain_save_of_a_public_work_is_refused_to_a_writer_who_keeps_what_was_typed(
    client: Any, work: Publication
) -> None:
    sign_in_with(client, *WRITER)
    response = save(client, "publication", work.pk, title="Second", press="_save")
    assert response.status_code == 200
    assert "Save as changes to publish later" in errors_in(response)
    assert form_in(response, "publication")["title"] == "Second"
    work.refresh_from_db()
    assert work.title == "Live headline"
    sent = form_in(response, "publication") | {"_pending": "1"}
    client.post(desk_url("publication", "change", work.pk), sent)
    assert PendingChange.objects.get().snapshot["fields"]["title"] == "Second"


@pytest.mark.parametrize(
    ("status", "facts", "refused"),
    [
        (Status.DRAFT, {"title": "Second"}, False),
        (Status.APPROVED, {"title": "Second"}, False),
        (Status.WITHDRAWN, {"title": "Second"}, False),
        (Status.WITHDRAWN, {"withdrawal_note": "Second"}, True),
        (Status.PUBLISHED, {"title": "Second"}, True),
        (Status.PUBLISHED, {"review_by": "2030-01-01"}, False),
        (Status.PUBLISHED, {}, False),
    ],
)
def test_who_may_change_what_readers_see(
    status: Status, facts: dict[str, str], refused: bool
) -> None:
    writer, editor = a_user("change_publication"), a_user("publish_publication")
    for by, denied in ((writer, refused), (editor, False)):
        work = a_work(status=status)
        for name, value in facts.items():
            setattr(work, name, value)
        if denied:
            with pytest.raises(PermissionDenied):
                editing.save(work, by=by)
        else:
            editing.save(work, by=by)


@pytest.mark.parametrize("page", ["pending_publish", "pending_discard"])
def test_pages_about_changes_refuse_people_without_the_right(
    client: Any, admin_user: Any, work: Publication, page: str
) -> None:
    pending.keep(work, take(work), by=admin_user)
    url = desk_url("publication", page, work.pk)
    assert client.get(url).status_code == 302
    for rights in ((), ("view_publication",), ("change_author",)):
        sign_in_with(client, *rights)
        assert client.get(url).status_code == 403
        assert client.post(url, {}).status_code == 403
    assert PendingChange.objects.exists()


def test_a_scheduled_work_takes_changes_too(client: Any) -> None:
    work = a_work(published_at=timezone.now() + timedelta(days=2))
    sign_in_with(client, *WRITER)
    assert b'name="_pending"' in change(client, work).content
    keep(client, work, title="Second")
    assert PendingChange.objects.get().publication == work


def test_a_draft_is_just_saved(staff: Any) -> None:
    work = a_work(status=Status.DRAFT)
    assert b'name="_pending"' not in change(staff, work).content
    response = keep(staff, work, title="Second")
    assert "just save it" in errors_in(response)
    assert not PendingChange.objects.exists()


def test_a_new_date_cannot_wait(staff: Any, work: Publication) -> None:
    date = {"published_at_0": "2001-01-01", "published_at_1": "09:00"}
    response = keep(staff, work, title="Second", **date)
    assert "takes effect at once" in errors_in(response)
    assert not PendingChange.objects.exists()


def test_what_is_wrong_is_said_and_nothing_is_kept(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second")
    response = keep(staff, work, title="", standfirst="Typed")
    assert "required" in errors_in(response)
    form = form_in(response, "publication")
    assert (form.get("title", ""), form["standfirst"].strip()) == ("", "Typed")
    assert PendingChange.objects.get().snapshot["fields"]["title"] == "Second"


def test_discarding_asks_first(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second")
    page = staff.get(desk_url("publication", "pending_discard", work.pk))
    assert "thrown away" in page_text(page)
    assert PendingChange.objects.exists()
    assert "discarded" in messages_in(answer(staff, work, "discard"))
    assert not PendingChange.objects.exists()
    assert form_in(change(staff, work), "publication")["title"] == "Live headline"


def test_publishing_over_a_live_work_that_was_changed_meanwhile_asks_again(
    staff: Any, admin_user: Any, work: Publication
) -> None:
    keep(staff, work, title="Second")
    work = Publication.objects.get()
    work.standfirst = "Corrected meanwhile."
    editing.save(work, by=admin_user)
    with pytest.raises(ValidationError, match="has been changed since"):
        pending.publish_pending(work, by=admin_user)
    page = staff.get(desk_url("publication", "pending_publish", work.pk))
    assert "Corrected meanwhile" in page_text(page)
    assert "Publish changes anyway" in page_text(page)
    answer(staff, work, "publish")
    work.refresh_from_db()
    assert (work.title, work.standfirst) == ("Second", "Migration today.")


def test_the_question_is_asked_again_when_the_live_work_changes_once_more(
    staff: Any, admin_user: Any, work: Publication
) -> None:
    keep(staff, work, title="Second")
    url = desk_url("publication", "pending_publish", work.pk)
    version = pending.version_of(PendingChange.objects.get())
    work = Publication.objects.get()
    work.standfirst = "Corrected meanwhile."
    editing.save(work, by=admin_user)
    response = staff.post(url, {"version": version, "seen": "1", "_now": "1"})
    assert "has been changed since" in messages_in(response)
    assert Publication.objects.get().title == "Live headline"


def test_two_people_do_not_overwrite_each_other_s_changes(
    staff: Any, admin_user: Any, work: Publication
) -> None:
    first = form_in(change(staff, work), "publication")
    keep(staff, work, title="Theirs")
    url = desk_url("publication", "change", work.pk)
    response = staff.post(url, first | {"title": "Mine", "_pending": "1"})
    assert "Somebody else has kept other changes" in errors_in(response)
    assert form_in(response, "publication")["title"] == "Mine"
    second = form_in(change(staff, work), "publication")
    keep(staff, work, title="Theirs again", **{"contributions-0-position": "2"})
    response = staff.post(url, second | {"title": "Mine", "_pending": "1"})
    assert "Somebody else has kept other changes" in errors_in(response)
    assert form_in(response, "publication")["title"] == "Mine"
    assert PendingChange.objects.get().snapshot["fields"]["title"] == "Theirs again"


def test_a_form_of_changes_that_are_gone_saves_nothing(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second")
    sent = form_in(change(staff, work), "publication") | {"_pending": "1"}
    PendingChange.objects.all().delete()
    response = staff.post(desk_url("publication", "change", work.pk), sent, follow=True)
    assert "no changes that wait" in messages_in(response) + errors_in(response)
    assert not PendingChange.objects.exists()


def test_changes_that_cannot_be_opened_any_more_are_explained(staff: Any) -> None:
    series = a_series()
    work = a_work("Mine", series=series)
    keep(staff, work, series_number="3")
    a_work("Theirs", series=series, series_number=3)
    page = change(staff, work)
    assert "cannot be opened" in messages_in(page)
    assert b'name="_pending_version"' not in page.content
    page = staff.get(desk_url("publication", "pending_publish", work.pk))
    assert "cannot be done" in page_text(page)


def test_a_time_is_set_by_people_who_may_publish(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second")
    answer(staff, work, "publish", press="_at", at_0="2090-01-01", at_1="09:00")
    assert PendingChange.objects.get().publish_at is not None
    assert "go out by themselves" in page_text(change(staff, work))
    said = messages_in(answer(staff, work, "publish", press="_at", at_0="2001-01-01", at_1="09:00"))
    assert "has passed" in said
    answer(staff, work, "publish", press="_at", at_0="", at_1="")
    assert PendingChange.objects.get().publish_at is None


def test_words_that_no_publisher_has_seen_do_not_go_out_by_themselves(
    client: Any, admin_user: Any, work: Publication
) -> None:
    pending.keep(work, take(work), by=admin_user)
    pending.publish_pending_at(work, timezone.now() + timedelta(days=1), admin_user)
    writer = sign_in_with(client, *WRITER)
    with pytest.raises(PermissionDenied):
        pending.publish_pending_at(work, timezone.now() + timedelta(days=2), writer)
    response = keep(client, work, title="Unseen")
    assert "no longer go out" in messages_in(client.get(response.headers["Location"]))
    assert PendingChange.objects.get().publish_at is None


def test_a_file_that_waits_is_not_reachable(staff: Any, work: Publication) -> None:
    rows = {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-file": SimpleUploadedFile("secret.txt", b"not yet"),
        "attachments-0-position": "1",
        "attachments-0-publication": work.pk,
    }
    assert keep(staff, work, **rows).status_code == 302
    assert not Attachment.objects.exists()
    [row] = PendingChange.objects.get().snapshot["parts"]["attachments"]
    waiting = Attachment(pk=row["id"], file=row["file"], publication=work)
    assert b"secret.txt" in change(staff, work).content
    staff.logout()
    assert staff.get(waiting.get_absolute_url()).status_code == 404
    assert staff.get(f"/media/{row['file']}").status_code == 404
    pending.publish_pending(work, by=None)
    assert b"".join(staff.get(waiting.get_absolute_url()).streaming_content) == b"not yet"


def test_a_spotlight_that_waits_ends_the_open_one_when_it_is_published(
    staff: Any, work: Publication
) -> None:
    now = timezone.now()
    other = Spotlight.objects.create(publication=a_work(), starts_at=now - timedelta(days=9))
    keep(staff, work, **{
        "spotlights-0-starts_at_0": (now + timedelta(days=3)).date().isoformat(),
        "spotlights-0-starts_at_1": "09:00:00",
        "spotlights-0-headline": "Look",
    })  # fmt: skip
    other.refresh_from_db()
    assert other.ends_at is None
    pending.publish_pending(work, by=None)
    other.refresh_from_db()
    assert other.ends_at == work.spotlights.get().starts_at


def test_the_list_marks_what_waits_and_finds_it(staff: Any, work: Publication) -> None:
    others = [a_work() for _ in range(3)]
    url = desk_url("publication")
    staff.get(url)
    with CaptureQueriesContext(connection) as before:
        staff.get(url)
    keep(staff, work, title="Second")
    with CaptureQueriesContext(connection) as after:
        page = staff.get(url).content.decode()
    assert page.count("Changes waiting</span>") == 1
    for other in others:
        keep(staff, other, title="Second")
    with CaptureQueriesContext(connection) as many:
        staff.get(url)
    assert len(before) == len(after) == len(many)
    found = staff.get(url, {"changes": "waiting"}).context["cl"]
    assert found.result_count == 4
    assert staff.get(url, {"changes": "timed"}).context["cl"].result_count == 0
    assert staff.get(url, {"changes": "x"}).status_code == 200


def test_what_waits_is_compared_with_what_readers_see(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second headline")
    url = desk_url("publication", "compare", work.pk)
    page = staff.get(url, {"a": "now", "b": "pending"})
    assert "Changes that wait" in page_text(page)
    assert "Second" in page_text(page)


def test_a_step_is_not_taken_with_changes_that_wait(staff: Any, work: Publication) -> None:
    keep(staff, work, title="Second")
    response = keep(staff, work, press="_move", title="Third")
    assert "Steps are taken" in errors_in(response)
    assert PendingChange.objects.get().snapshot["fields"]["title"] == "Second"


@pytest.mark.parametrize(("base", "begun"), [("1", 1), ("2", 2), ("9", 2), ("x", 2), ("", 2)])
def test_changes_begin_with_what_the_form_was_opened_with(
    staff: Any, admin_user: Any, work: Publication, base: str, begun: int
) -> None:
    sent = form_in(change(staff, work), "publication")
    work = Publication.objects.get()
    work.standfirst = "Corrected meanwhile."
    editing.save(work, by=admin_user)
    typed = {"title": "Mine", "_pending": "1", "_base": base}
    response = staff.post(desk_url("publication", "change", work.pk), sent | typed)
    assert response.status_code == 302
    assert PendingChange.objects.get().base_revision == begun
    page = page_text(change(staff, work))
    assert ("has been changed since" in page) is (begun == 1)
