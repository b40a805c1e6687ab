"""What is typed is kept while it is typed, and comes back when it is asked for."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import html

from publications.actions import working_copies
from publications.actions.working_copies import Subject
from publications.models import Kind, Publication, Revision, WorkingCopy
from tests.factories import a_tag, a_user, a_work, an_author
from tests.publications.desk import desk_url, errors_in, form_in, sign_in_with
from tests.publications.test_stale_saves import a_desk, form_of, post, rows, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim() -> Client:
    return a_desk("Kim")


@pytest.fixture
def lee() -> Client:
    return a_desk("Lee")


@pytest.fixture
def work() -> Publication:
    return a_work("First", authors=[an_author("Ahn"), an_author("Bae")], tags=[a_tag("Trade")])


def autosave(client: Client, number: int, form: dict[str, Any], model: str = "publication") -> Any:
    """Send what the script sends."""
    form = {name: value for name, value in form.items() if name != "_save"}
    return client.post(desk_url(model, "autosave", number), form)


def offers(client: Client, url: str) -> list[str]:
    """The ways that the form offers to bring something back."""
    page = html.fromstring(client.get(url).content.decode())
    return [a.get("href") for a in page.iter("a") if (a.get("href") or "").startswith("?unsaved=")]


def test_what_is_typed_is_kept_for_that_person_alone(kim, lee, work):
    url = desk_url("publication", "change", work.pk)
    answer = autosave(
        lee, work.pk, form_of(lee, work) | {"title": "Typed", "body": "<p>a\x00b</p>"}
    )
    assert (answer.status_code, answer.json()["said"]) == (200, "")
    copy = WorkingCopy.objects.get()
    assert copy.form["title"] == ["Typed"]
    assert copy.form["body"] == ["<p>ab</p>"]
    assert "csrfmiddlewaretoken" not in copy.form
    work.refresh_from_db()
    assert (work.title, Revision.objects.count()) == ("First", 0)
    assert len(offers(lee, url)) == 1
    assert offers(kim, url) == []


def test_after_a_crash_the_text_is_brought_back_with_its_rows_and_saved(lee, work):
    cho, peace = an_author("Cho"), a_tag("Peace")
    autosave(lee, work.pk, form_of(lee, work) | {
        "title": "", "body": "<p>Typed.</p>", "published_at_0": "someday",
        "contributions-0-DELETE": "on", "taggings-1-tag": peace.pk,
        "contributions-TOTAL_FORMS": "3", "contributions-2-author": cho.pk,
        "contributions-2-role": "host", "contributions-2-position": "3",
    })  # fmt: skip
    url = desk_url("publication", "change", work.pk)
    (link,) = offers(lee, url)
    page = lee.get(url + link)
    form = form_in(page, "publication")
    assert errors_in(page) == ""
    assert form["body"].strip() == "<p>Typed.</p>"
    assert (form["published_at_0"], form["contributions-0-DELETE"]) == ("someday", "on")
    assert (form["contributions-2-author"], form["contributions-2-role"]) == (str(cho.pk), "host")
    assert WorkingCopy.objects.exists()
    work.refresh_from_db()
    assert (work.title, Revision.objects.count()) == ("First", 0)
    again = lee.post(url + link, form | {"_save": "Save"})
    assert "This field is required" in errors_in(again)
    fixed = form_in(again, "publication") | {"title": "Done", "published_at_0": "2024-01-01"}
    assert lee.post(url + link, fixed | {"_save": "Save"}).status_code == 302
    work.refresh_from_db()
    assert (work.title, rows(work)) == ("Done", (["Bae", "Cho"], {"Trade", "Peace"}, []))
    assert not WorkingCopy.objects.exists()


def test_a_text_brought_back_after_others_saved_leads_to_both_versions(kim, lee, work):
    autosave(lee, work.pk, form_of(lee, work) | {"title": "Mine"})
    saved(kim, work, title="Theirs", **{"contributions-0-DELETE": "on"})
    url = desk_url("publication", "change", work.pk)
    (link,) = offers(lee, url)
    page = lee.get(url + link)
    form = form_in(page, "publication")
    assert (form["title"], form["_base"], form["contributions-INITIAL_FORMS"]) == ("Mine", "0", "2")
    assert "Somebody else saved this" in page.content.decode()
    assert work.contributions.count() == 1
    assert lee.post(url + link, form | {"_save": "Save"}).status_code == 409
    assert WorkingCopy.objects.get().snapshot["fields"]["title"] == "Mine"


def test_a_new_work_is_kept_too(lee):
    url = desk_url("publication", "add")
    form = form_in(lee.get(url), "publication")
    kind = Kind.objects.get(slug="op-eds").pk
    autosave(lee, 0, form | {"title": "New", "contributions-0-author": an_author("Ahn").pk})
    (link,) = offers(lee, url)
    form = form_in(lee.get(url + link), "publication")
    assert lee.post(url + link, form | {"kind": kind, "_save": "Save"}).status_code == 302
    assert [str(each) for each in Publication.objects.get(title="New").byline] == ["Ahn"]
    assert not WorkingCopy.objects.exists()


def test_a_saved_form_leaves_nothing_to_bring_back(lee, work):
    form = form_of(lee, work) | {"title": "Typed"}
    form["_copy"] = autosave(lee, work.pk, form).json()["known"]
    form["_copy"] = autosave(lee, work.pk, form | {"title": "Typed more"}).json()["known"]
    assert post(lee, work, form).status_code == 302
    assert not WorkingCopy.objects.exists()


def test_an_older_text_is_not_written_over_by_another_window(lee, work):
    autosave(lee, work.pk, form_of(lee, work) | {"title": "Before the crash"})
    form = form_of(lee, work) | {"title": "Something else"}
    answer = autosave(lee, work.pk, form)
    assert answer.status_code == 409
    assert "Another text of yours waits" in answer.json()["said"]
    assert post(lee, work, form).status_code == 302
    assert WorkingCopy.objects.get().form["title"] == ["Before the crash"]


def test_a_text_is_looked_at_and_discarded(kim, lee, work):
    autosave(lee, work.pk, form_of(lee, work) | {"title": "Typed"})
    url = desk_url("publication", "unsaved", work.pk)
    assert "Typed" in lee.get(url).content.decode()
    assert kim.get(url).status_code == 404
    kim.post(url, {"do": "discard"})
    lee.post(url)
    assert WorkingCopy.objects.filter(form__isnull=False).exists()
    assert lee.post(url, {"do": "discard"}).status_code == 302
    assert not WorkingCopy.objects.exists()
    assert lee.get(url).status_code == 404


def test_a_text_of_another_person_or_thing_is_not_brought_back(kim, lee, work):
    autosave(lee, work.pk, form_of(lee, work) | {"title": "Typed"})
    link = f"?unsaved={WorkingCopy.objects.get().pk}"
    for client, thing in ((kim, work), (lee, a_work("Other"))):
        url = desk_url("publication", "change", thing.pk)
        assert client.get(url + link).headers["Location"] == url
    for odd in ("?unsaved=", "?unsaved=x", "?unsaved=" + "9" * 40):
        assert lee.get(url + odd).status_code == 302


def ping(client: Client, work: Publication, base: int = 0) -> str:
    url = desk_url("publication", "autosave", work.pk)
    return client.post(url, {"_ping": "1", "_base": base}).json()["said"]


def test_who_else_has_the_form_open_is_said(kim, lee, work):
    assert ping(lee, work) == ""
    assert ping(kim, work) == "Lee is editing this."
    assert ping(a_desk("Ahn"), work) == "Kim and Lee are editing this."
    url = desk_url("publication", "change", work.pk)
    assert "Kim" in lee.get(url).content.decode().split('id="autosave"')[1][:900]
    with time_machine.travel(timezone.now() + timedelta(seconds=50), tick=False):
        assert ping(lee, work) == ""


def test_who_saved_meanwhile_is_said_before_the_save(kim, lee, work):
    saved(kim, work, title="Theirs")
    assert "Somebody saved this since you opened it" in ping(lee, work)
    assert "Somebody saved" not in ping(lee, work, base=2)


def test_a_ping_does_not_touch_what_is_kept(lee, work):
    autosave(lee, work.pk, form_of(lee, work) | {"title": "Typed"})
    ping(lee, work)
    assert WorkingCopy.objects.get().form["title"] == ["Typed"]


def test_what_is_typed_about_a_deleted_thing_is_kept(kim, lee, work):
    form = form_of(lee, work)
    ping(lee, work)
    kim.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    answer = autosave(lee, work.pk, form | {"title": "Typed"})
    assert "deleted this while you were writing" in answer.json()["said"]
    assert WorkingCopy.objects.get(form__isnull=False).form["title"] == ["Typed"]
    assert autosave(lee, 999999, form).status_code == 404


def test_keeping_asks_for_the_right_to_write(client, work):
    url = desk_url("publication", "autosave", work.pk)
    assert client.post(url).status_code == 302
    sign_in_with(client, "view_publication")
    for number in (0, work.pk, 999999):
        for page in ("autosave", "unsaved"):
            assert client.post(desk_url("publication", page, number)).status_code == 403
    assert client.get(desk_url("publication", "unsaved", work.pk)).status_code == 403
    page = client.get(desk_url("publication", "change", work.pk)).content.decode()
    assert "autosave" not in page
    assert not WorkingCopy.objects.exists()


def test_an_action_on_one_thing_is_no_save_of_its_form(lee, work):
    """Django then asks for an action that exists, and the form is not looked at."""
    form = form_of(lee, work) | {"CHANGE_FORM-action": "", "title": "Typed"}
    autosave(lee, work.pk, form)
    assert "CHANGE_FORM-action" not in WorkingCopy.objects.get().form
    url = desk_url("publication", "change", work.pk)
    (link,) = offers(lee, url)
    assert form_in(lee.get(url + link), "publication")["title"] == "Typed"


def test_a_get_keeps_nothing(lee, work):
    assert lee.get(desk_url("publication", "autosave", work.pk)).status_code == 405


def test_what_is_too_long_is_refused_in_words(lee, work, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
    answer = autosave(lee, work.pk, form_of(lee, work) | {"body": "x" * 2_000_001})
    assert answer.status_code == 413
    assert "too long" in answer.json()["said"]


def test_what_nobody_comes_back_for_is_forgotten_after_30_days(capsys):
    subject = Subject(a_user(), "publication", 1)
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        working_copies.keep_form(subject, {"title": ["Old"]}, base=0, known="")
        working_copies.keep_version(subject, {"fields": {}, "parts": {}}, base=1)
        working_copies.see(Subject(a_user(), "publication", 1))
    working_copies.keep_form(Subject(a_user(), "tag", 1), {"name": ["New"]}, base=0, known="")
    call_command("purge_working_copies")
    assert capsys.readouterr().out == "Deleted 3 unsaved texts.\n"
    assert WorkingCopy.objects.get().form == {"name": ["New"]}


def test_a_popup_keeps_nothing_by_itself(lee):
    page = lee.get(desk_url("author", "add"), {"_popup": "1"})
    assert 'data-url=""' in page.content.decode()


@pytest.mark.parametrize("model", ["redirect", "spotlight", "synonym"])
def test_forms_without_history_are_as_before(staff, model):
    assert b"_base" not in staff.get(desk_url(model, "add")).content
