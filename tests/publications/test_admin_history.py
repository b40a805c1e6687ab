"""History at the desk: who changed what, any two versions compared, and going back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from publications.actions import editing
from publications.actions.recording import revisions_of
from publications.actions.site_settings import settings_row
from publications.models import Act, Attachment, Image, Kind, Page, Publication, Revision
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, messages_in, save, sign_in_with
from tests.publications.test_extraction import a_picture

pytestmark = pytest.mark.django_db
MODELS = [
    "publication", "author", "outlet", "tag", "series", "kind", "page", "image", "sitesettings",
]  # fmt: skip


def text_of(response: Any) -> str:
    page = html.fromstring(response.content.decode())
    return " ".join(page.get_element_by_id("content").text_content().split())


def history(client: Any, thing: Any, model: str = "publication", **query: str) -> Any:
    return client.get(desk_url(model, "history", thing.pk), query)


def compare(
    client: Any, thing: Any, a: str, b: str, model: str = "publication", **more: str
) -> Any:
    return client.get(desk_url(model, "compare", thing.pk), {"a": a, "b": b, **more})


def restore(client: Any, thing: Any, number: int, model: str = "publication") -> Any:
    """Open the page that asks, and press its button."""
    url = desk_url(model, "restore", thing.pk, number)
    asked = html.fromstring(client.get(url).content.decode())
    [form] = [form for form in asked.forms if form.method == "POST" and "revision" in form.fields]
    return client.post(url, dict(form.form_values()), follow=True)


@pytest.fixture
def work() -> Publication:
    return a_work(
        "First headline",
        authors=[an_author("Hana Seo"), an_author("Tom Lee")],
        tags=[a_tag("Trade")],
        body="<h2>Why</h2><p>One and two.</p>",
    )


def rewrite(staff: Any, work: Publication) -> None:
    """Change headline, byline order, tags and file in one form."""
    response = save(
        staff, "publication", work.pk, title="Second headline",
        **{
            "contributions-0-position": "2",
            "contributions-1-position": "1",
            "taggings-0-DELETE": "on",
            "taggings-1-tag": a_tag("Ships").pk,
            "attachments-0-DELETE": "on",
        },
    )  # fmt: skip
    assert response.status_code == 302


def attach(staff: Any, work: Publication) -> None:
    rows = {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-file": SimpleUploadedFile("annex.txt", b"all of it"),
        "attachments-0-title": "Annex",
        "attachments-0-position": "1",
        "attachments-0-publication": work.pk,
    }
    assert save(staff, "publication", work.pk, **rows).status_code == 302


def test_headline_byline_tags_and_file_come_back_together(staff: Any, work: Publication) -> None:
    attach(staff, work)
    was = take(work)
    rewrite(staff, work)
    assert not Attachment.objects.exists()
    said = messages_in(restore(staff, work, 2))
    assert "again what it was in revision 2" in said
    work = Publication.objects.get()
    assert work.title == "First headline"
    assert [str(each) for each in work.byline] == ["Hana Seo", "Tom Lee"]
    assert [tag.name for tag in work.tags.all()] == ["Trade"]
    with work.attachments.get().file.open() as file:
        assert file.read() == b"all of it"
    assert take(work) == was
    page = text_of(history(staff, work))
    assert "Restored from revision 2" in page


def test_the_list_says_who_changed_what(client: Any, work: Publication) -> None:
    user = sign_in_with(client, "view_publication", "change_publication", "publish_publication")
    user.first_name, user.last_name = "Ji-woo", "Han"
    user.save()
    save(client, "publication", work.pk, title="Another", standfirst="Because.")
    page = text_of(history(client, work))
    assert "Ji-woo Han" in page
    assert "As it was when its history began" in page
    assert "headline, standfirst" in page.lower()


def test_a_thing_without_changes_says_so(staff: Any, work: Publication) -> None:
    assert "Nothing has been changed yet" in text_of(history(staff, work))


def test_a_long_history_has_pages_and_a_fixed_number_of_queries(
    staff: Any, work: Publication, admin_user: Any
) -> None:
    costs = []
    history(staff, work)
    for number in range(60):
        work.title = f"Headline {number}"
        editing.save(work, by=admin_user)
        if number in (29, 59):
            with CaptureQueriesContext(connection) as queries:
                page = history(staff, work)
            costs.append(len(queries))
    assert costs[0] == costs[1]
    assert "Older" in text_of(page)
    last = text_of(history(staff, work, page="3"))
    assert "As it was when its history began" in last
    assert history(staff, work, page="4").status_code == 404
    assert history(staff, work, page="x").status_code == 404


def test_two_versions_are_compared_in_words(staff: Any, work: Publication) -> None:
    attach(staff, work)
    rewrite(staff, work)
    page = html.fromstring(compare(staff, work, "2", "now").content.decode())
    heads = [each.text_content().lower() for each in page.xpath("//section/h3")]
    assert heads == ["headline", "byline", "tags", "attachments"]
    assert len(page.find_class("changes__sides")) == 4
    assert [each.text_content() for each in page.xpath("//section[1]//del")] == ["First"]
    assert [each.text_content() for each in page.xpath("//section[1]//ins")] == ["Second"]
    words = html.fromstring(compare(staff, work, "2", "now", view="words").content.decode())
    [text] = words.xpath("//section[1]/div")
    assert " ".join(text.text_content().split()) == "FirstSecond headline"
    assert not words.find_class("changes__sides")


def test_nothing_that_differs_is_said(staff: Any, work: Publication) -> None:
    save(staff, "publication", work.pk, title="Another")
    assert "no difference" in text_of(compare(staff, work, "2", "now"))


def test_markup_in_a_text_is_shown_not_run(staff: Any, work: Publication) -> None:
    save(staff, "publication", work.pk, title="<script>alert(1)</script>")
    page = compare(staff, work, "1", "2").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "&lt;</ins>" in page or "&lt;" in page


@pytest.mark.parametrize("key", ["0", "99", "-1", "x", "9" * 30, "pending", "²"])
def test_a_version_that_is_not_there_is_not_found(staff: Any, work: Publication, key: str) -> None:
    save(staff, "publication", work.pk, title="Another")
    assert compare(staff, work, key, "now").status_code == 404
    assert compare(staff, work, "1", "now").status_code == 200


def test_restoring_says_first_what_will_change_and_what_is_gone(
    staff: Any, work: Publication, admin_user: Any
) -> None:
    author = work.contributions.first().author
    save(staff, "publication", work.pk, title="Another", **{"contributions-0-DELETE": "on"})
    author.delete()
    page = text_of(staff.get(desk_url("publication", "restore", work.pk, 1)))
    assert "Author “Hana Seo” no longer exists." in page
    assert "Headline" in page
    assert Publication.objects.get().title == "Another"
    assert "no longer exists" in messages_in(restore(staff, work, 1))


def test_restoring_the_present_is_not_offered(staff: Any, work: Publication) -> None:
    save(staff, "publication", work.pk, title="Another")
    page = staff.get(desk_url("publication", "restore", work.pk, 2))
    assert "Nothing would change" in text_of(page)


def test_restoring_asks_again_when_somebody_saved_meanwhile(staff: Any, work: Publication) -> None:
    save(staff, "publication", work.pk, title="Another")
    url = desk_url("publication", "restore", work.pk, 1)
    save(staff, "publication", work.pk, title="A third")
    response = staff.post(url, {"revision": "2"})
    assert "Somebody else saved this" in messages_in(response)
    assert Publication.objects.get().title == "A third"


def test_what_cannot_be_restored_is_explained(staff: Any) -> None:
    series = a_series()
    work = a_work("Mine", series=series, series_number=3)
    save(staff, "publication", work.pk, series_number="4")
    a_work("Theirs", series=series, series_number=3)
    page = staff.get(desk_url("publication", "restore", work.pk, 1))
    assert "cannot be done" in text_of(page)
    response = staff.post(desk_url("publication", "restore", work.pk, 1), {"revision": "2"})
    assert response.status_code == 200
    assert Publication.objects.get(pk=work.pk).series_number == 4


def things() -> dict[str, Any]:
    return {
        "publication": (a_work(), "title"),
        "author": (an_author(), "display_name"),
        "outlet": (an_outlet(), "name"),
        "tag": (a_tag(), "name"),
        "series": (a_series(), "title"),
        "kind": (Kind.objects.get(slug="reports"), "name"),
        "page": (Page.objects.create(title="About", slug="about-us", body="<p>We.</p>"), "title"),
        "sitesettings": (settings_row(), "name"),
    }


@pytest.mark.parametrize("model", [each for each in MODELS if each != "image"])
def test_every_model_has_a_history_and_a_way_back(staff: Any, model: str) -> None:
    thing, field = things()[model]
    old = getattr(thing, field)
    assert save(staff, model, thing.pk, **{field: "Something new"}).status_code == 302
    assert "Saved" in text_of(history(staff, thing, model))
    assert "Something" in text_of(compare(staff, thing, "1", "now", model))
    restore(staff, thing, 1, model)
    thing.refresh_from_db()
    assert getattr(thing, field) == old


def test_a_picture_has_a_history_and_a_way_back(staff: Any) -> None:
    file = SimpleUploadedFile("port.png", a_picture("PNG", (64, 48)))
    save(staff, "image", file=file, alt="A port", credit="Agency")
    image = Revision.objects.get(model="image")
    picture = Image.objects.get()
    other = SimpleUploadedFile("ship.png", a_picture("PNG", (32, 16)))
    save(staff, "image", picture.pk, file=other, alt="A ship")
    restore(staff, picture, 1, "image")
    picture.refresh_from_db()
    assert (picture.alt, picture.width, picture.height) == ("A port", 64, 48)
    assert image.snapshot == take(picture)


@pytest.mark.parametrize("model", MODELS[:-2] + MODELS[-1:])
def test_looking_needs_the_right_to_view_and_restoring_the_right_to_change(
    client: Any, admin_user: Any, model: str
) -> None:
    thing, field = things()[model]
    setattr(thing, field, "Something new")
    editing.save(thing, by=admin_user)
    seen = [desk_url(model, "history", thing.pk), desk_url(model, "compare", thing.pk)]
    back = desk_url(model, "restore", thing.pk, 1)
    for url in (*seen, back):
        assert client.get(url).status_code == 302
    sign_in_with(client, *(f"view_{each}" for each in MODELS if each != model))
    for url in (*seen, back):
        assert client.get(url).status_code == 403
    sign_in_with(client, f"view_{model}")
    for url in seen:
        page = client.get(url)
        assert page.status_code == 200
        assert "/restore/" not in page.content.decode()
    assert client.get(back).status_code == 403
    assert client.post(back, {"revision": "2"}).status_code == 403
    thing.refresh_from_db()
    assert getattr(thing, field) == "Something new"
    sign_in_with(client, f"change_{model}", "publish_publication")
    assert client.get(back).status_code == 200


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(Status.DRAFT, True), (Status.APPROVED, True), (Status.PUBLISHED, False)],
)
def test_restoring_what_readers_see_needs_the_right_to_publish(
    client: Any, admin_user: Any, status: Status, allowed: bool
) -> None:
    work = a_work("Before", status=status)
    work.title = "After"
    editing.save(work, by=admin_user)
    sign_in_with(client, "view_publication", "change_publication")
    url = desk_url("publication", "restore", work.pk, 1)
    assert client.get(url).status_code == (200 if allowed else 403)
    client.post(url, {"revision": "2"})
    work.refresh_from_db()
    assert work.title == ("Before" if allowed else "After")
    if not allowed:
        user = sign_in_with(client, "change_publication", "publish_publication")
        assert client.post(url, {"revision": "2"}).status_code == 302
        assert revisions_of(work).first().made_by == user


def test_steps_of_the_list_leave_history(staff: Any) -> None:
    draft = a_work(status=Status.DRAFT, published_at=None)
    for step in ("publish_now", "withdraw", "return_to_draft"):
        sent = {"action": step, "_selected_action": [draft.pk]}
        staff.post(desk_url("publication"), sent)
    acts = list(
        revisions_of(draft).order_by("number").values_list("act", "snapshot__fields__status")
    )
    assert acts == [
        (Act.FOUND, "draft"), (Act.MOVED, "published"), (Act.MOVED, "withdrawn"),
        (Act.MOVED, "draft"),
    ]  # fmt: skip


def test_a_spotlight_is_part_of_the_history_of_its_work(staff: Any, admin_user: Any) -> None:
    first, second = a_work("First"), a_work("Second")
    for work, day in ((first, "2090-01-01"), (second, "2090-01-05")):
        typed = {"publication": work.pk, "starts_at_0": day, "starts_at_1": "09:00:00",
                 "ends_at_0": "", "ends_at_1": ""}  # fmt: skip
        assert save(staff, "spotlight", **typed).status_code == 302
    # The second ended the first, which had no end.
    ends = revisions_of(first).order_by("number").values_list("snapshot__parts__spotlights", "act")
    assert [len(rows) for rows, _act in ends] == [0, 1, 1]
    assert [rows[0]["ends_at"] is None for rows, _act in ends[1:]] == [True, False]
    assert revisions_of(first).first().made_by == admin_user
    sent = {"post": "yes"}
    staff.post(desk_url("spotlight", "delete", second.spotlights.get().pk), sent)
    assert revisions_of(second).first().snapshot["parts"]["spotlights"] == []
