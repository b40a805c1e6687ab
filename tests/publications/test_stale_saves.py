"""Two people save one thing: nothing is overwritten in silence, and nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from publications.actions import editing
from publications.actions.recording import record_many
from publications.models import (
    Act,
    Attachment,
    Correction,
    Outlet,
    Page,
    Publication,
    Revision,
    SiteSettings,
    Spotlight,
    Tag,
    WorkingCopy,
)
from publications.states import Status
from tests.conftest import HttpsClient
from tests.factories import a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, errors_in, form_in, messages_in, sign_in_with

pytestmark = pytest.mark.django_db
RIGHTS = [
    f"{right}_{model}"
    for right in ("view", "add", "change", "delete", "publish")
    for model in (
        "publication",
        "contribution",
        "tagging",
        "attachment",
        "correction",
        "spotlight",
        "page",
        "author",
        "outlet",
        "tag",
        "kind",
    )
]


def a_desk(name: str) -> Client:
    client = HttpsClient()
    client.force_login(a_user(*RIGHTS, first_name=name))
    return client


@pytest.fixture
def kim() -> Client:
    return a_desk("Kim")


@pytest.fixture
def lee() -> Client:
    return a_desk("Lee")


def form_of(client: Client, thing: Any) -> dict[str, Any]:
    name = thing._meta.model_name
    return form_in(client.get(desk_url(name, "change", thing.pk)), name) | {"_save": "Save"}


def post(client: Client, thing: Any, form: dict[str, Any]) -> Any:
    return client.post(desk_url(thing._meta.model_name, "change", thing.pk), form)


def saved(client: Client, thing: Any, **typed: Any) -> None:
    response = post(client, thing, form_of(client, thing) | typed)
    assert response.status_code == 302, errors_in(response)


def decide(client: Client, response: Any, do: str, **picks: str) -> Any:
    """Press one of the buttons of the page with both versions."""
    page = html.fromstring(response.content.decode())
    (form,) = [
        each
        for each in page.forms
        if each.get("action", "").endswith("/") and each.xpath(".//button[@value='merge']")
    ]
    sent = dict(form.form_values()) | {f"pick-{name}": side for name, side in picks.items()}
    return client.post(form.get("action"), sent | {"do": do})


def shown(response: Any) -> dict[str, dict[str, Any]]:
    """What the page with both versions says, by the name of the field."""
    page = html.fromstring(response.content.decode())
    found = {}
    for box in page.find_class("difference"):
        picks = box.xpath(".//input[@type='radio']")
        for hidden in box.find_class("visually-hidden"):
            hidden.drop_tree()
        texts = [
            " ".join(each.text_content().split()) for each in box.find_class("difference__text")
        ]
        found[picks[0].get("name").removeprefix("pick-")] = {
            "who": " ".join(box.find_class("difference__who")[0].text_content().split()),
            "theirs": texts[0], "mine": texts[1], "base": texts[2] if len(texts) > 2 else None,
            "chosen": [each.get("value") for each in picks if each.get("checked") is not None],
        }  # fmt: skip
    return found


@pytest.fixture
def work() -> Publication:
    work = a_work(
        "First", authors=[an_author("Ahn"), an_author("Bae")], tags=[a_tag("Trade")],
        body="<p>The corridor carries grain.</p>", standfirst="Why.",
        status=Status.DRAFT, published_at=None,
    )  # fmt: skip
    Attachment.objects.create(
        publication=work, file=ContentFile(b"one", name="one.txt"), title="Annex", size=3
    )
    return work


def both_save(
    kim: Client, lee: Client, thing: Any, theirs: dict[str, Any], mine: dict[str, Any]
) -> Any:
    """Both open the form, Kim saves, then Lee saves: what Lee is answered."""
    first, second = form_of(kim, thing), form_of(lee, thing)
    response = post(kim, thing, first | theirs)
    assert response.status_code == 302, errors_in(response)
    return post(lee, thing, second | mine)


def test_a_stale_save_shows_both_versions_and_writes_nothing(kim, lee, work):
    response = both_save(
        kim, lee, work,
        {"title": "Theirs", "body": "<p>The corridor carries more than grain.</p>"},
        {"title": "Mine", "standfirst": "Because."},
    )  # fmt: skip
    assert response.status_code == 409
    assert "Kim saved it on" in " ".join(response.content.decode().split())
    assert shown(response) == {
        "title": {"who": "Both of you changed this.", "theirs": "FirstTheirs", "mine": "FirstMine",
                  "base": "First", "chosen": ["mine"]},
        "standfirst": {"who": "Only you changed this.", "theirs": "Why.", "mine": "WhyBecause.",
                       "base": "Why.", "chosen": ["mine"]},
        "body": {"who": "Only they changed this.",
                 "theirs": "The corridor carries more than grain.",
                 "mine": "The corridor carries grain.",
                 "base": "The corridor carries grain.", "chosen": ["theirs"]},
    }  # fmt: skip
    work.refresh_from_db()
    assert (work.title, work.standfirst, work.revision) == ("Theirs", "Why.", 2)
    assert WorkingCopy.objects.get().snapshot["fields"]["title"] == "Mine"


def test_what_is_chosen_field_by_field_is_saved(kim, lee, work):
    response = both_save(
        kim, lee, work,
        {"title": "Theirs", "body": "<p>Theirs.</p>"}, {"title": "Mine", "standfirst": "Mine."},
    )  # fmt: skip
    response = decide(lee, response, "merge", title="theirs")
    assert response.status_code == 302
    work.refresh_from_db()
    assert (work.title, work.body, work.standfirst) == ("Theirs", "<p>Theirs.</p>", "Mine.")
    last = Revision.objects.filter(model="publication").first()
    assert (last.number, last.made_by_name.strip()) == (3, "Lee")
    assert not WorkingCopy.objects.exists()


def test_all_of_mine_is_kept(kim, lee, work):
    response = both_save(
        kim, lee, work, {"title": "Theirs", "body": "<p>Theirs.</p>"}, {"title": "Mine"}
    )
    decide(lee, response, "mine")
    work.refresh_from_db()
    assert (work.title, work.body) == ("Mine", "<p>The corridor carries grain.</p>")
    assert Revision.objects.get(number=2).snapshot["fields"]["title"] == "Theirs"


def test_all_of_theirs_is_taken(kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Theirs"}, {"title": "Mine"})
    decide(lee, response, "theirs")
    work.refresh_from_db()
    assert (work.title, work.revision) == ("Theirs", 2)
    assert not WorkingCopy.objects.exists()


def rows(work: Publication) -> tuple[list[str], set[str], list[str]]:
    return (
        [str(each.author) for each in work.contributions.order_by("position")],
        {str(each.tag) for each in work.taggings.all()},
        [each.title for each in work.attachments.all()],
    )


def test_rows_that_others_wrote_anew_are_no_obstacle(kim, lee, work):
    """Kim swaps the byline, drops the file and adds a tag; Lee adds the same tag and a name."""
    trade, peace, cho = Tag.objects.get(), a_tag("Peace"), an_author("Cho")
    more = {"taggings-1-tag": peace.pk}
    response = both_save(
        kim, lee, work,
        {"contributions-0-position": "2", "contributions-1-position": "1",
         "attachments-0-DELETE": "on", **more},
        {"contributions-TOTAL_FORMS": "3", "contributions-2-author": cho.pk,
         "contributions-2-role": "author", "contributions-2-position": "3",
         "attachments-0-title": "Appendix", **more},
    )  # fmt: skip
    assert response.status_code == 409, errors_in(response)
    told = shown(response)
    assert set(told) == {"contributions", "attachments"}
    assert told["contributions"]["mine"] == "Ahn · Author Bae · Author Cho · Author"
    assert told["attachments"]["who"] == "Both of you changed this."
    decide(lee, response, "mine")
    assert rows(work) == (["Ahn", "Bae", "Cho"], {"Trade", "Peace"}, ["Appendix"])
    with work.attachments.get().file.open() as file:
        assert file.read() == b"one"
    assert trade.taggings.count() == 1


def test_rows_that_only_others_changed_stay_theirs_in_a_merge(kim, lee, work):
    response = both_save(
        kim, lee, work,
        {"contributions-0-DELETE": "on", "taggings-0-DELETE": "on", "attachments-0-DELETE": "on"},
        {"title": "Mine"},
    )  # fmt: skip
    told = shown(response)
    assert {name: each["chosen"] for name, each in told.items()} == {
        "title": ["mine"], "contributions": ["theirs"], "taggings": ["theirs"],
        "attachments": ["theirs"],
    }  # fmt: skip
    decide(lee, response, "merge")
    assert rows(work) == (["Bae"], set(), [])
    work.refresh_from_db()
    assert work.title == "Mine"


def test_a_file_chosen_in_a_refused_save_is_not_lost(kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Theirs"}, {
        "attachments-TOTAL_FORMS": "2", "attachments-1-title": "New",
        "attachments-1-position": "2", "attachments-1-file": SimpleUploadedFile("new.txt", b"new"),
    })  # fmt: skip
    decide(lee, response, "merge")
    file = work.attachments.get(title="New")
    with file.file.open() as stream:
        assert (file.size, stream.read()) == (3, b"new")
    work.refresh_from_db()
    assert work.title == "Theirs"


def test_a_spotlight_set_by_both_is_chosen(kim, lee, work):
    def spotlight(headline: str) -> dict[str, str]:
        return {
            "spotlights-0-starts_at_0": "2030-01-01", "spotlights-0-starts_at_1": "09:00:00",
            "spotlights-0-headline": headline,
        }  # fmt: skip

    response = both_save(kim, lee, work, spotlight("Theirs"), spotlight("Mine"))
    assert response.status_code == 409, errors_in(response)
    assert shown(response)["spotlights"]["who"] == "Both of you changed this."
    decide(lee, response, "merge")
    assert Spotlight.objects.get().headline == "Mine"


def test_a_spotlight_changed_in_its_own_form_is_not_overwritten(kim, lee, work):
    Spotlight.objects.create(publication=work, starts_at="2030-01-01T09:00Z", headline="First")
    form = form_of(lee, work)
    saved(kim, Spotlight.objects.get(), headline="Theirs")
    response = post(lee, work, form | {"spotlights-0-headline": "Mine"})
    assert response.status_code == 409
    assert Spotlight.objects.get().headline == "Theirs"
    kim.post(desk_url("spotlight", "delete", Spotlight.objects.get().pk), {"post": "yes"})
    decide(lee, response, "merge")
    assert response.status_code == 409
    assert not Spotlight.objects.exists()


def test_a_third_person_who_saves_meanwhile_is_not_overwritten(kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Theirs"}, {"title": "Mine"})
    saved(kim, work, title="Theirs again", standfirst="New")
    again = decide(lee, response, "merge", title="mine")
    assert again.status_code == 409
    assert "saved this again" in again.content.decode()
    assert shown(again)["standfirst"]["chosen"] == ["theirs"]
    work.refresh_from_db()
    assert work.title == "Theirs again"
    decide(lee, again, "merge")
    work.refresh_from_db()
    assert (work.title, work.standfirst) == ("Mine", "New")


def test_each_refused_save_is_kept_and_offered_until_it_is_decided(kim, lee, work):
    form = form_of(lee, work)
    saved(kim, work, title="Theirs")
    post(lee, work, form | {"title": "Mine"})
    post(lee, work, form | {"title": "Mine too"})
    post(lee, work, form | {"title": "Mine too"})
    assert {each.snapshot["fields"]["title"] for each in WorkingCopy.objects.all()} == {
        "Mine", "Mine too",
    }  # fmt: skip
    assert WorkingCopy.objects.count() == 2
    page = html.fromstring(lee.get(desk_url("publication", "change", work.pk)).content)
    links = [a.get("href") for a in page.iter("a") if "/conflict/" in (a.get("href") or "")]
    assert len(links) == 2
    assert lee.get(links[1]).status_code == 200
    assert kim.get(links[1]).status_code == 404
    decide(lee, lee.get(links[1]), "merge")
    work.refresh_from_db()
    assert work.title == "Mine"
    assert len(shown(lee.get(links[0]))) == 1


def test_versions_are_private_and_ask_for_the_right_to_change(client, kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Theirs"}, {"title": "Mine"})
    copy = WorkingCopy.objects.get()
    url = desk_url("publication", "conflict", work.pk, copy.pk)
    assert client.get(url).status_code == 302
    assert kim.post(url, {"do": "mine", "_base": "2"}).status_code == 404
    viewer = sign_in_with(client, "view_publication")
    WorkingCopy.objects.update(user=viewer)
    for answer in (client.get(url), client.post(url, {"do": "mine", "_base": "2"})):
        assert answer.status_code == 403
    assert response.status_code == 409
    work.refresh_from_db()
    assert work.title == "Theirs"


def test_who_changed_nothing_is_told_and_shown_the_latest(kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Theirs"}, {})
    assert response.status_code == 302
    page = lee.get(response.headers["Location"])
    assert "Nothing you wrote is missing" in messages_in(page)
    assert form_in(page, "publication")["title"] == "Theirs"
    assert not WorkingCopy.objects.exists()


def test_who_wrote_the_same_is_told_so(kim, lee, work):
    response = both_save(kim, lee, work, {"title": "Same"}, {"title": "Same"})
    assert response.status_code == 302
    assert Revision.objects.filter(model="publication").count() == 2


def test_a_date_chosen_in_a_stale_form_is_not_taken_in_silence(kim, lee, work):
    date = {"published_at_0": "2001-01-01", "published_at_1": "09:00"}
    response = both_save(kim, lee, work, {"title": "Theirs"}, date)
    assert "choose yours again" in messages_in(lee.get(response.headers["Location"]))
    work.refresh_from_db()
    assert work.published_at is None
    response = both_save(kim, lee, work, {"title": "More"}, {"title": "Mine"} | date)
    assert "you had chosen" in " ".join(response.content.decode().split())


def test_a_mistake_in_a_stale_form_is_shown_first_and_then_both_versions(kim, lee, work):
    response = both_save(
        kim, lee, work, {"contributions-0-DELETE": "on"}, {"title": "", "standfirst": "Mine"}
    )
    assert response.status_code == 200
    assert "This field is required" in errors_in(response)
    form = form_in(response, "publication")
    assert form["standfirst"].strip() == "Mine"
    assert post(lee, work, form | {"title": "Mine", "_save": "Save"}).status_code == 409


def test_a_choice_that_cannot_be_is_refused_in_words(kim, lee, work):
    outlet = an_outlet("The Korea Times")
    work.outlet = outlet
    editing.save(work, by=a_user(*RIGHTS))
    response = both_save(kim, lee, work, {"outlet": ""}, {"outlet_url": "https://times.example/1"})
    again = decide(lee, response, "merge")
    assert again.status_code == 409
    assert "Choose the outlet that the address and date belong to" in again.content.decode()
    decide(lee, again, "merge", outlet="mine")
    work.refresh_from_db()
    assert (work.outlet, work.outlet_url) == (outlet, "https://times.example/1")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: an_author("Ahn"), "affiliation"),
        (lambda: an_outlet("Times"), "name"),
        (lambda: a_tag("Trade"), "description"),
        (lambda: Page.objects.create(title="About", slug="about-us"), "body"),
    ],
)
def test_everything_with_a_history_is_guarded(kim, lee, make, field):
    thing = make()
    response = both_save(kim, lee, thing, {field: "Theirs"}, {field: "Mine"})
    assert response.status_code == 409
    decide(lee, response, "mine")
    thing.refresh_from_db()
    assert getattr(thing, field) == "Mine"


def test_settings_are_guarded_with_their_links(staff):
    staff.get(desk_url("sitesettings"))
    site = SiteSettings.objects.get()
    form = form_of(staff, site)
    saved(staff, site, tagline="Theirs", **{
        "social_links-TOTAL_FORMS": "1", "social_links-0-label": "Mastodon",
        "social_links-0-url": "https://social.example/@us", "social_links-0-position": "1",
    })  # fmt: skip
    response = post(staff, site, form | {"tagline": "Mine"})
    assert set(shown(response)) == {"tagline", "social_links"}
    decide(staff, response, "merge")
    site.refresh_from_db()
    assert (site.tagline, site.social_links.count()) == ("Mine", 1)


def test_what_was_deleted_meanwhile_is_kept_and_can_be_saved_as_new(kim, lee, work):
    form = form_of(lee, work) | {"title": "Mine", "body": "<p>Long <b>work</b>.</p>"}
    kim.post(desk_url("publication", "delete", work.pk), {"post": "yes"})
    response = post(lee, work, form)
    assert response.status_code == 409
    page = html.fromstring(response.content.decode())
    assert [each.text_content() for each in page.find_class("difference__text")] == [
        "Mine", "Why.", "Long **work**.", work.slug,
    ]  # fmt: skip
    assert lee.get(desk_url("publication", "unsaved", work.pk)).status_code == 200
    (link,) = [a.get("href") for a in page.iter("a") if "unsaved=" in (a.get("href") or "")]
    form = form_in(lee.get(link), "publication")
    assert (form["title"], form["contributions-1-author"]) == (
        "Mine",
        form["contributions-1-author"],
    )
    assert not Publication.objects.exists()
    answer = lee.post(link, form | {"_save": "Save"})
    assert answer.status_code == 302, errors_in(answer)
    new = Publication.objects.get()
    assert (new.title, rows(new)) == ("Mine", (["Ahn", "Bae"], {"Trade"}, []))
    assert not WorkingCopy.objects.exists()


def test_what_is_deleted_between_check_and_write_does_not_come_back(work):
    stale = Publication.objects.get(pk=work.pk)
    editing.delete(work, by=a_user("delete_publication"))
    with pytest.raises(editing.GoneError):
        editing.save(stale, by=a_user(*RIGHTS), base=0)
    assert not Publication.objects.exists()


def test_a_form_opened_before_there_was_a_history_is_stale_after_a_bulk_change(kim, lee):
    outlet = an_outlet("Times")
    form = form_of(lee, outlet)
    Outlet.objects.update(name="Imported")
    outlet.refresh_from_db()
    record_many([outlet], by=None, act=Act.IMPORTED)
    response = post(lee, outlet, form | {"name": "Mine"})
    assert response.status_code == 409
    assert "not known" in shown(response)["name"]["who"]


def test_the_first_save_of_a_thing_without_history_is_not_stale(lee):
    saved(lee, an_outlet("Times"), name="New")
    assert Outlet.objects.get().name == "New"


@pytest.mark.parametrize("base", ["", "-1", "x", "9" * 30, "1\x00"])
def test_a_number_that_no_form_was_opened_with_is_stale(lee, work, base):
    saved(lee, work, title="Second")
    response = post(lee, work, form_of(lee, work) | {"_base": base, "title": "Third"})
    assert response.status_code == 409


def test_a_correction_deleted_meanwhile_comes_back_only_when_chosen(kim, lee, work):
    Correction.objects.create(publication=work, date="2024-01-02", note="Wrong.")
    response = both_save(
        kim, lee, work, {"corrections-0-DELETE": "on"}, {"corrections-0-note": "Very wrong."}
    )
    decide(lee, response, "theirs")
    assert not work.corrections.exists()
