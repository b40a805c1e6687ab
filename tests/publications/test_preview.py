"""Looking at what would be: the form, a revision, waiting changes, another moment, by a link."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture

from publications.actions import editing, sharing
from publications.actions.recording import revisions_of
from publications.models import (
    Attachment,
    Image,
    Kind,
    PendingChange,
    PreviewLink,
    PreviewOpening,
    Publication,
    Spotlight,
)
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, errors_in, form_in, sign_in_with

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def everything_stored(folder: Path) -> tuple[dict[str, int], list[str]]:
    """How many rows each table has, and which files there are."""
    rows = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return rows, sorted(str(each) for each in folder.rglob("*"))


def url(page: str, *args) -> str:
    return reverse(f"admin:publications_publication_{page}", args=args)


def preview(client, work: Publication | None = None, **typed):
    """Open the form, type, and press “Preview”."""
    args = (work.pk,) if work else ()
    page = client.get(desk_url("publication", "change" if work else "add", *args))
    sent = form_in(page, "publication") | typed
    return client.post(url("preview" if work else "preview_new", *args), sent)


def a_picture(**facts) -> Image:
    file = ContentFile(b"", name="a.png")
    Picture.new("RGB", (4, 4)).save(file, "PNG")
    file.seek(0)
    return Image.objects.create(file=file, alt="A ship", credit="Kim", **facts)


def is_private(response) -> None:
    kept = response["Cache-Control"]
    assert "private" in kept
    assert "no-store" in kept
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in response.text
    assert '<link rel="canonical"' not in response.text
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


# --- From the form --------------------------------------------------------------------------


def test_a_work_that_was_never_saved_is_shown_and_nothing_stays(staff, settings):
    author, tag, outlet = an_author("Hana Seo"), a_tag("Trade policy"), an_outlet("The Times")
    staff.get("/")
    before = everything_stored(settings.MEDIA_ROOT)
    response = preview(
        staff,
        title="Rethink trade", standfirst="Why it matters.",
        kind=Kind.objects.get(slug="op-eds").pk,
        body="<p>Words.</p><script>alert(1)</script>", outlet=outlet.pk, status="published",
        outlet_url="https://times.example/1",
        **{
            "contributions-0-author": author.pk, "taggings-0-tag": tag.pk,
            "attachments-TOTAL_FORMS": "1", "attachments-0-title": "The annex",
            "attachments-0-position": "1",
            "attachments-0-file": SimpleUploadedFile("annex.txt", b"Plain words."),
            "spotlights-0-starts_at_0": "2026-12-01", "spotlights-0-starts_at_1": "09:00",
        },
    )  # fmt: skip
    assert response.status_code == 200
    for words in ("[Op-Ed]", "Rethink trade", "Why it matters.", "<p>Words.</p>", "Hana Seo",
                  "Trade policy", "The Times", "The annex", "Nothing is saved"):  # fmt: skip
        assert words in response.text, words
    assert "alert(1)" not in response.text
    is_private(response)
    assert everything_stored(settings.MEDIA_ROOT) == before
    assert 'href="/files/' not in response.text


def test_a_changed_work_is_shown_as_changed_and_stays_as_it_was(staff, settings):
    work = a_work("Before", slug="before", authors=[an_author("First"), an_author("Second")])
    Attachment.objects.create(publication=work, file=ContentFile(b"x", name="kept.txt"), size=1)
    Spotlight.objects.create(publication=work)
    staff.get("/")
    was, before = take(work), everything_stored(settings.MEDIA_ROOT)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        response = preview(
            staff, work, title="After", slug="after",
            **{"contributions-0-position": "2", "contributions-1-position": "1",
               "attachments-0-DELETE": "on"},
        )  # fmt: skip
    assert "After" in response.text
    assert response.text.index("Second") < response.text.index("First")
    assert "kept.txt" not in response.text
    assert take(work) == was
    assert everything_stored(settings.MEDIA_ROOT) == before
    assert Publication.objects.get(pk=work.pk).revision == work.revision


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Headline: This field is required."),
        ({"kind": ""}, "This field is required."),
        ({"outlet_url": "https://times.example/1"}, "Choose the outlet"),
        ({"rights": "excerpt"}, "An excerpt needs the address"),
        ({"rights": "full_from"}, "An excerpt needs the address"),
        ({"series_number": "3"}, "Choose the series"),
        ({"published_at_0": "2027-03-14", "published_at_1": "02:30"}, "the clocks skip"),
        ({"title": "a\x00b"}, "Null characters"),
        ({"contributions-0-affiliation": "Nowhere"}, "1: Author: This field is required."),
        ({"withdraw_at_0": "2020-01-01", "withdraw_at_1": "09:00"}, "This moment is past"),
        ({"attachments-TOTAL_FORMS": "1",
          "attachments-0-file": SimpleUploadedFile("a.pdf", b"MZ no pdf")}, "attachments, 1: "),
        ({"taggings-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_shown(staff, typed, said):
    kind = Kind.objects.get(slug="reports").pk
    response = preview(staff, **{"title": "Tide", "kind": kind, "body": "<p>It turns.</p>"} | typed)
    assert response.status_code == 200
    assert said in response.text
    assert "It turns." in response.text
    assert not Publication.objects.exists()


def test_a_name_twice_in_the_byline_is_said_and_shown_once(staff):
    author = an_author("Hana Seo")
    work = a_work(authors=[author, an_author()])
    response = preview(staff, work, **{"contributions-1-author": author.pk})
    assert "stands in the byline twice" in response.text
    assert work.contributions.count() == 2


@pytest.mark.parametrize("rights", [(), ("view_publication",), ("change_author",)])
def test_the_preview_of_a_form_needs_the_right_to_change(client, rights):
    work = a_work()
    sign_in_with(client, *rights)
    for address in (url("preview", work.pk), url("preview_new")):
        assert client.post(address, {"title": "Mine"}).status_code == 403


def test_a_visitor_is_sent_to_the_sign_in(reader):
    work = a_work()
    for address in (url("preview", work.pk), url("preview_revision", work.pk, 1),
                    url("preview_pending", work.pk), url("share", work.pk),
                    "/admin/preview/home/"):  # fmt: skip
        assert "/admin/login/" in reader.get(address)["Location"]


def test_the_button_works_without_a_script(staff):
    page = staff.get(desk_url("publication", "add")).text
    assert f'formaction="{url("preview_new")}" formtarget="_blank"' in page


# --- Revisions and waiting changes --------------------------------------------------------------


def a_history(**facts) -> Publication:
    work = a_work("First", tags=[a_tag("Ships")], **facts)
    fresh = Publication.objects.get(pk=work.pk)
    fresh.title = "Second"
    editing.save(fresh, by=a_user("publish_publication"), removed=list(fresh.taggings.all()))
    return fresh


def test_a_revision_is_shown_as_it_was(staff, settings):
    work = a_history()
    before = everything_stored(settings.MEDIA_ROOT)
    response = staff.get(url("preview_revision", work.pk, 1))
    assert "First" in response.text
    assert "Ships" in response.text
    assert "Revision 1 of" in response.text
    is_private(response)
    assert everything_stored(settings.MEDIA_ROOT) == before
    assert take(work) == revisions_of(work).first().snapshot
    assert staff.get(url("preview_revision", work.pk, 9)).status_code == 404


def test_a_revision_of_a_withdrawn_work_is_shown_to_staff_too(staff):
    work = a_history(status=Status.WITHDRAWN)
    assert "First" in staff.get(url("preview_revision", work.pk, 1)).text


def waiting(work: Publication, at: datetime | None = None, **fields) -> PendingChange:
    snapshot = take(work)
    snapshot["fields"] |= fields
    return PendingChange.objects.create(
        publication=work, snapshot=snapshot, base_revision=work.revision, publish_at=at
    )


def test_waiting_changes_are_shown_beside_the_live_work(staff, reader):
    work = a_work("Live", slug="live")
    assert staff.get(url("preview_pending", work.pk)).status_code == 404
    waiting(work, NOON.replace(year=2126), title="Later")
    response = staff.get(url("preview_pending", work.pk))
    assert "Later" in response.text
    assert "wait until Dec. 1, 2126, noon" in response.text
    is_private(response)
    assert "Live" in reader.get("/publications/live/").text


@pytest.mark.parametrize("page", ["preview_revision", "preview_pending"])
def test_previews_need_the_right_to_view(client, page):
    work = a_history()
    waiting(work)
    args = (work.pk, 1) if page == "preview_revision" else (work.pk,)
    sign_in_with(client, "view_author")
    assert client.get(url(page, *args)).status_code == 403
    sign_in_with(client, "view_publication")
    assert client.get(url(page, *args)).status_code == 200


# --- As of a moment -------------------------------------------------------------------------------


def test_the_home_page_as_of_a_moment(staff, settings):
    with time_machine.travel(NOON - timedelta(days=3), tick=False):
        staff.force_login(a_user("view_publication"))
        now = timezone.now()
        out = a_work("Out since long", published_at=now - timedelta(days=1))
        a_work("Scheduled piece", published_at=NOON)
        a_work("Going away", published_at=now - timedelta(days=2), withdraw_at=NOON)
        waiting(
            a_work("To be changed", published_at=now - timedelta(days=2)), NOON, title="Changed"
        )
        Spotlight.objects.create(publication=out, headline="Look now", starts_at=now, ends_at=NOON)
        Spotlight.objects.create(publication=out, headline="Look then", starts_at=NOON)
        staff.get("/")
        before = everything_stored(settings.MEDIA_ROOT)
        early = staff.get("/admin/preview/home/?at=2026-12-01T11:59")
        late = staff.get("/admin/preview/home/?at=2026-12-01T12:00")
        for words in ("Look now", "Going away", "To be changed"):
            assert words in early.text, words
            assert words not in late.text, words
        for words in ("Look then", "Scheduled piece", "Changed"):
            assert words not in early.text.replace("To be changed", ""), words
            assert words in late.text, words
        assert "Total index: 3 publications" in early.text
        assert "As readers will see it: Dec. 1, 2026, noon (UTC−5)" in late.text
        is_private(late)
        assert everything_stored(settings.MEDIA_ROOT) == before
        # What everybody sees is what it was.
        assert "Look now" in staff.get("/").text


def test_a_list_as_of_a_moment_pages_on_at_that_moment(staff, settings):
    settings.PAGE_SIZE = 2
    for number in range(3):
        a_work(f"Report {number}", kind="reports", published_at=timezone.now() + timedelta(days=9))
    later = f"{timezone.localtime() + timedelta(days=10):%Y-%m-%dT%H:%M}"
    page = staff.get(f"/admin/preview/reports/?at={later}")
    assert "3 publications, newest first" in page.text
    assert f"/admin/preview/reports/?at={later.replace(':', '%3A')}&amp;page=2" in page.text
    assert "Nothing has been published here yet" in staff.get("/admin/preview/reports/").text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2027-03-14T02:30", "the clocks skip"),
        ("2020-01-01T09:00", "This moment is past"),
        ("tomorrow", "Enter a valid date and time"),
        ("2026-12-01", "Give both a day and a time"),
        ("%00", "Enter a valid date and time"),
        ("9" * 5000, "Enter a valid date and time"),
    ],
)
def test_a_moment_that_is_none_is_explained_over_the_page_of_now(staff, at, said):
    a_work("Out now")
    page = staff.get(f"/admin/preview/home/?at={at}")
    assert said in page.text
    assert "Out now" in page.text


@pytest.mark.parametrize("page", ["admin", "nowhere", "search", "newsletter", "a/b/c"])
def test_other_pages_have_no_other_moment(staff, page):
    assert staff.get(f"/admin/preview/{page}/").status_code == 404


def test_looking_ahead_needs_the_right_to_view(client):
    sign_in_with(client, "view_author")
    assert client.get("/admin/preview/home/").status_code == 403


# --- Links for outsiders ------------------------------------------------------------------------


def shared(
    work: Publication, recipient: str = "Dr. 김민지", days: int = 7
) -> tuple[PreviewLink, str]:
    by = a_user("change_publication")
    link, token = sharing.share(work, by=by, recipient=recipient, lasts=timedelta(days=days))
    return link, f"/preview/{token}/"


def test_a_link_is_made_and_its_address_shown_once(staff):
    work = a_work("Draft", status=Status.DRAFT, published_at=None)
    page = staff.post(url("share", work.pk), {"recipient": " Dr.  김민지 ", "days": "7"})
    link = PreviewLink.objects.get()
    assert link.recipient == "Dr. 김민지"
    assert link.expires_at - link.made_at == timedelta(days=7)
    address = page.text.split('value="https://localhost/preview/')[1].split('"')[0]
    assert len(address) > 22
    assert link.token_hash not in page.text
    assert "mailto:?subject=Draft" in page.text
    again = staff.get(url("share", work.pk)).text
    assert address not in again
    assert "not opened yet" in again
    assert staff.get(f"/preview/{address}").status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"recipient": "", "days": "7"},
        {"recipient": "K", "days": "99"},
        {"recipient": "K"},
        {"recipient": "   ", "days": "1"},
    ],
)
def test_a_link_needs_a_name_and_an_end(staff, typed):
    work = a_work()
    assert errors_in(staff.post(url("share", work.pk), typed))
    assert not PreviewLink.objects.exists()


def test_the_link_shows_the_draft_and_betrays_nothing(reader):
    work = a_work("A draft", slug="a-draft", status=Status.DRAFT, published_at=None)
    link, address = shared(work)
    response = reader.get(address, REMOTE_ADDR="192.0.2.77")
    assert "A draft" in response.text
    assert "Draft, shared with Dr. 김민지 until" in response.text
    is_private(response)
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert [each.network for each in link.openings.all()] == ["192.0.2.0/24"]
    # Nobody else finds it.
    for public in ("/publications/a-draft/",):
        assert reader.get(public).status_code == 404
    for public in ("/", "/search/?q=draft", "/feeds/publications.rss", "/sitemap-main.xml"):
        assert "A draft" not in reader.get(public).text
        assert "/preview/" not in reader.get(public).text


def test_a_head_request_is_no_opening(reader):
    _link, address = shared(a_work(status=Status.DRAFT, published_at=None))
    assert reader.head(address).status_code == 200
    assert reader.post(address).status_code == 405
    assert not PreviewOpening.objects.exists()


@pytest.mark.parametrize("page", ["", "files/1/a.pdf"])
def test_an_unknown_link_leads_nowhere(reader, page):
    assert reader.get(f"/preview/{'x' * 43}/{page}").status_code == 404
    assert reader.get(f"/preview/%F0%9F%9A%A2{'x' * 5000}/{page}").status_code == 404


def test_a_link_that_is_over_or_revoked_answers_410(reader, staff):
    work = a_work("Secret", status=Status.DRAFT, published_at=None)
    link, address = shared(work, days=1)
    with time_machine.travel(link.expires_at - timedelta(seconds=1), tick=False):
        assert reader.get(address).status_code == 200
    with time_machine.travel(link.expires_at, tick=False):
        over = reader.get(address)
    assert over.status_code == 410
    assert "Its time is over" in over.text
    assert "Secret" not in over.text
    is_private(over)
    staff.post(url("revoke", work.pk, link.pk))
    revoked = reader.get(address)
    assert revoked.status_code == 410
    assert "taken back" in revoked.text
    assert PreviewOpening.objects.count() == 1


def test_sharing_and_revoking_need_the_right_to_change(client):
    work = a_work()
    link, _address = shared(work)
    sign_in_with(client, "view_publication")
    assert client.get(url("share", work.pk)).status_code == 403
    assert client.post(url("share", work.pk), {"recipient": "K", "days": "1"}).status_code == 403
    assert client.post(url("revoke", work.pk, link.pk)).status_code == 403
    link.refresh_from_db()
    assert link.revoked_at is None
    sign_in_with(client, "view_publication", "change_publication")
    assert client.get(url("revoke", work.pk, link.pk)).status_code == 405
    other = a_work()
    assert client.post(url("revoke", other.pk, link.pk)).status_code == 404


def test_pictures_and_files_of_the_work_come_by_the_link_only(reader):
    picture, other = a_picture(), a_picture()
    work = a_work(status=Status.DRAFT, published_at=None, lead_image=picture)
    file = Attachment.objects.create(
        publication=work, file=ContentFile(b"one", name="annex.txt"), size=3
    )
    foreign = Attachment.objects.create(
        publication=a_work(status=Status.DRAFT), file=ContentFile(b"two", name="b.txt"), size=3
    )
    link, address = shared(work)
    page = reader.get(address).text
    for thing in (picture, file):
        own = thing.get_absolute_url()
        assert f'"{own}"' not in page
        assert f'"{address}{own[1:]}"' in page
        assert reader.get(own).status_code == 404
        sent = reader.get(address + own[1:])
        assert sent.status_code == 200
        assert sent["Cache-Control"] == "private, no-store"
        assert sent["Referrer-Policy"] == "no-referrer"
        assert b"".join(sent.streaming_content)
    for thing in (other, foreign):
        assert reader.get(address + thing.get_absolute_url()[1:]).status_code == 404
    for page in ("", "publications/", "admin/", "nowhere"):
        assert reader.get(f"{address}{page}").status_code == (404 if page else 200)
    sharing.revoke(link, by=a_user("change_publication"))
    assert reader.get(address + file.get_absolute_url()[1:]).status_code == 404


def test_the_link_shows_changes_that_wait_and_their_files(reader):
    work = a_work("Live", slug="live")
    file = Attachment.objects.create(
        publication=work, file=ContentFile(b"new", name="new.txt"), size=3
    )
    waiting(work, title="Later")
    own = file.get_absolute_url()[1:]
    file.delete()
    _link, address = shared(work)
    page = reader.get(address).text
    assert "Later" in page
    assert "Draft, shared with" in page
    assert own in page
    sent = reader.get(address + own)
    assert b"".join(sent.streaming_content) == b"new"
    assert not Attachment.objects.exists()


def test_a_link_to_what_is_out_leads_to_its_page(reader):
    work = a_work("Out", slug="out")
    link, address = shared(work)
    response = reader.get(address)
    assert (response.status_code, response["Location"]) == (302, "/publications/out/")
    assert response["Cache-Control"] == "private, no-store"
    assert link.openings.count() == 1


def test_the_list_of_links_costs_the_same_for_twice_as_many(staff, django_assert_max_num_queries):
    work = a_work(status=Status.DRAFT, published_at=None)
    for _time in range(2):
        for _number in range(4):
            link, _address = shared(work)
            PreviewOpening.objects.create(link=link, network="192.0.2.0/24")
        with django_assert_max_num_queries(12):
            staff.get(url("share", work.pk))
