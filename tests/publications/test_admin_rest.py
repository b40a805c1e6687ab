"""Authors, outlets, tags, pictures, settings and the rest of the editorial desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from publications.models import (
    Attachment,
    Author,
    Image,
    Kind,
    Outlet,
    Page,
    Publication,
    Redirect,
    Series,
    SiteSettings,
    SocialLink,
    Spotlight,
    Tag,
    User,
)
from publications.states import Status
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, errors_in, messages_in, save, sign_in_with
from tests.publications.test_extraction import a_pdf, a_picture

pytestmark = pytest.mark.django_db
OURS = sorted(
    model._meta.model_name
    for model in admin.site._registry
    if model._meta.app_label == "publications"
)


def test_a_new_author_gets_an_address_from_the_name(staff: Any) -> None:
    for _time in range(2):
        save(staff, "author", display_name="홍 길동", biography="<p>Writes.</p>", slug="")
    assert set(Author.objects.values_list("slug", flat=True)) == {"홍-길동", "홍-길동-2"}


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Outlet, {"name": "The Korea Times"}),
        (Tag, {"name": "Trade policy", "group": "topic"}),
        (Series, {"title": "Academic Papers"}),
        (Page, {"title": "About us", "body": "<p>We.</p>"}),
        (Redirect, {"old_path": "/old/", "target": "/about/"}),
    ],
)
def test_a_thing_is_added_changed_and_deleted(staff: Any, model: Any, typed: Any) -> None:
    name = model._meta.model_name
    model.objects.all().delete()
    assert save(staff, name, **typed).status_code == 302
    thing = model.objects.get()
    assert save(staff, name, thing.pk).status_code == 302
    staff.post(desk_url(name, "delete", thing.pk), {"post": "yes"})
    assert not model.objects.exists()


def test_a_renamed_author_is_found_by_the_new_name(staff: Any) -> None:
    author = an_author("Before")
    a_work(authors=[author])
    save(staff, "author", author.pk, display_name="Afterwards", slug="afterwards")
    assert staff.get(desk_url("publication"), {"q": "Afterw"}).context["cl"].result_count == 1
    assert Redirect.objects.get().target == "/authors/afterwards/"


@pytest.mark.parametrize("model", ["author", "outlet", "series", "kind"])
def test_what_works_still_need_is_explained_and_kept(staff: Any, model: str) -> None:
    author, outlet, series = an_author(), an_outlet(), a_series()
    work = a_work(authors=[author], outlet=outlet, series=series)
    thing = {"author": author, "outlet": outlet, "series": series, "kind": work.kind}[model]
    page = staff.post(desk_url(model, "delete", thing.pk), {"post": "yes"})
    assert page.status_code == 200
    assert "protected" in page.content.decode()
    sent = {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes"}
    assert staff.post(desk_url(model), sent).status_code == 200
    assert type(thing).objects.filter(pk=thing.pk).exists()


def test_a_picture_is_taken_with_what_it_shows_and_whose_it_is(staff: Any) -> None:
    file = SimpleUploadedFile("port.png", a_picture("PNG", (64, 48)))
    assert save(staff, "image", file=file, alt="A port", credit="Agency").status_code == 302
    image = Image.objects.get()
    assert (image.width, image.height) == (64, 48)
    page = staff.get(desk_url("image")).content.decode()
    assert image.get_absolute_url() in page
    assert (
        image.get_absolute_url()
        in staff.get(desk_url("image", "change", image.pk)).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "content", "typed", "said"),
    [
        ("a.png", a_picture("PNG"), {"alt": ""}, "This field is required"),
        ("a.png", a_picture("PNG"), {"credit": " "}, "This field is required"),
        ("a.svg", b"<svg/>", {}, "not a JPEG"),
        ("a.png", b"<html>", {}, "not a JPEG"),
    ],
)
def test_other_pictures_are_refused(
    staff: Any, name: str, content: bytes, typed: dict[str, str], said: str
) -> None:
    facts = {"alt": "A port", "credit": "Agency"} | typed
    response = save(staff, "image", file=SimpleUploadedFile(name, content), **facts)
    assert said in errors_in(response)
    assert not Image.objects.exists()


def attach(staff: Any, work: Publication, name: str, content: bytes) -> Any:
    rows = {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-file": SimpleUploadedFile(name, content),
        "attachments-0-position": "1",
        "attachments-0-publication": work.pk,
    }
    return save(staff, "publication", work.pk, **rows)


def test_a_pdf_is_attached_and_its_pages_are_read(staff: Any) -> None:
    work = a_work()
    attach(staff, work, "report.pdf", a_pdf("Page one", "Page two"))
    file = Attachment.objects.get()
    assert (file.page_count, file.pages.count()) == (2, 2)
    page = staff.get(desk_url("publication", "change", work.pk)).content.decode()
    assert file.get_absolute_url() in page


def test_a_broken_pdf_is_attached_with_a_word_to_staff(staff: Any) -> None:
    work = a_work()
    response = attach(staff, work, "report.pdf", b"%PDF-1.7 broken")
    assert Attachment.objects.get().page_count is None
    assert "report" in messages_in(staff.get(response.headers["Location"]))


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_files_that_run_in_a_browser_are_refused(staff: Any, name: str) -> None:
    response = attach(staff, a_work(), name, b"<svg onload='alert(1)'>")
    assert "cannot be uploaded" in errors_in(response)
    assert not Attachment.objects.exists()


def moment(**ahead: int) -> dict[str, str]:
    begin = timezone.localtime(timezone.now() + timedelta(**ahead))
    return {"starts_at_0": f"{begin:%Y-%m-%d}", "starts_at_1": f"{begin:%H:%M:%S}"}


def test_the_calendar_of_the_spotlight_has_now_to_come_and_over(staff: Any) -> None:
    old, new = a_work("Old"), a_work("New")
    save(staff, "spotlight", publication=old.pk, **moment(days=-2))
    save(staff, "spotlight", publication=new.pk, **moment(days=2))
    for time, expected in (("now", ["Old"]), ("next", ["New"]), ("past", [])):
        rows = staff.get(desk_url("spotlight"), {"time": time}).context["cl"].result_list
        assert [str(row) for row in rows] == expected


def test_two_spotlights_at_once_are_refused_in_a_sentence(staff: Any) -> None:
    Spotlight.objects.create(
        publication=a_work("The other"),
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
    )
    response = save(staff, "spotlight", publication=a_work("Mine").pk, **moment())
    assert "“The other” is in the Spotlight from" in errors_in(response)


def test_the_link_to_the_settings_leads_to_the_one_form(staff: Any) -> None:
    assert staff.get(desk_url("sitesettings")).headers["Location"] == desk_url(
        "sitesettings", "change", 1
    )
    assert staff.get(desk_url("sitesettings", "add")).status_code == 403
    assert staff.post(desk_url("sitesettings", "delete", 1)).status_code == 403


def test_the_institute_is_described_in_the_settings(staff: Any) -> None:
    staff.get(desk_url("sitesettings"))
    response = save(staff, "sitesettings", 1, **{
        "name": "Institute for Two Rivers",
        "brand_color": "#0b3d2e",
        "social_links-TOTAL_FORMS": "1",
        "social_links-0-label": "Mastodon",
        "social_links-0-url": "https://social.example/@rivers",
        "social_links-0-position": "1",
        "social_links-0-site": "1",
    })  # fmt: skip
    assert response.status_code == 302, errors_in(response)
    assert SocialLink.objects.get().label == "Mastodon"
    assert SiteSettings.objects.get().brand_color == "#0b3d2e"
    assert "Institute for Two Rivers" in staff.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    ("color", "said"),
    [("#ffff00", "contrast of 1.0:1"), ("#888888", "3.5:1"), ("#gggggg", "hexadecimal")],
)
def test_a_color_that_cannot_be_read_is_refused_with_its_contrast(
    staff: Any, color: str, said: str
) -> None:
    staff.get(desk_url("sitesettings"))
    assert said in errors_in(save(staff, "sitesettings", 1, accent_color=color))


@pytest.mark.parametrize("model", OURS)
def test_every_list_and_form_opens_for_a_superuser(staff: Any, model: str) -> None:
    refused = {
        "attachment", "checklistrule", "dueproblem", "linkcheck", "merge", "searchtally",
        "securityevent", "sitesettings", "trash",
    }  # fmt: skip
    for page in ("changelist", "add"):
        response = staff.get(desk_url(model, page), follow=True)
        nobody_adds = page == "add" and model in refused
        assert response.status_code == (403 if nobody_adds else 200)


@pytest.mark.parametrize("model", OURS)
def test_every_list_and_form_is_refused_without_rights(client: Any, model: str) -> None:
    sign_in_with(client)
    for page in ("changelist", "add"):
        assert client.get(desk_url(model, page)).status_code == 403


@pytest.mark.parametrize("model", ["author", "outlet", "tag", "series", "page", "redirect"])
def test_those_who_may_look_cannot_write(client: Any, model: str) -> None:
    sign_in_with(client, f"view_{model}")
    assert client.get(desk_url(model)).status_code == 200
    assert client.get(desk_url(model, "add")).status_code == 403


@pytest.mark.parametrize(
    "typed", ["%", "'", "a:*b & |", "한국", "\\", "((((", "x" * 5000, "🙂", "http://["]
)
@pytest.mark.parametrize("model", OURS)
def test_any_words_can_be_searched_for(staff: Any, model: str, typed: str) -> None:
    a_work(authors=[an_author()])
    assert staff.get(desk_url(model), {"q": typed}, follow=True).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "status=lost", "year=abcd", "year=0000", "year=9999", "attachment=maybe",
        "kind__id__exact=x", "outlet__id__exact=x", "outlet__id__exact=999999999999999999999",
        "p=99999", "o=99.-1",
        "nonsense=1", "language__exact=xx", "all=",
    ],
)  # fmt: skip
def test_a_list_survives_any_address(staff: Any, query: str) -> None:
    a_work()
    response = staff.get(f"{desk_url('publication')}?{query}", follow=True)
    assert response.status_code in {200, 400}


def rows_by(staff: Any, **filters: str) -> set[str]:
    rows = staff.get(desk_url("publication"), filters).context["cl"].result_list
    return {row.title for row in rows}


def test_the_list_is_filtered_by_what_staff_ask(staff: Any) -> None:
    outlet = an_outlet("The Korea Times")
    a_work("Out", outlet=outlet, kind="op-eds", published_at=timezone.now() - timedelta(days=9))
    a_work("Soon", published_at=timezone.now() + timedelta(days=9))
    a_work("Draft", status=Status.DRAFT, published_at=None, language="ko")
    with_file = a_work("File", published_at=timezone.now() - timedelta(days=9000))
    Attachment.objects.create(publication=with_file, file="a.pdf")
    assert rows_by(staff, status="published") == {"Out", "File"}
    assert rows_by(staff, status="scheduled") == {"Soon"}
    assert rows_by(staff, status="draft") == {"Draft"}
    assert rows_by(staff, outlet__id__exact=str(outlet.pk)) == {"Out"}
    assert rows_by(staff, kind__id__exact=str(Kind.objects.get(slug="op-eds").pk)) == {"Out"}
    assert rows_by(staff, language__exact="ko") == {"Draft"}
    assert rows_by(staff, attachment="yes") == {"File"}
    assert rows_by(staff, attachment="no") == {"Out", "Soon", "Draft"}
    assert rows_by(staff, year=str(with_file.published_at.year)) == {"File"}


def test_an_address_pasted_into_the_search_finds_its_work(staff: Any) -> None:
    a_work("Mine", slug="반도체-동맹")
    for pasted in (
        "https://x.example/publications/반도체-동맹/",
        "/publications/%EB%B0%98%EB%8F%84%EC%B2%B4-%EB%8F%99%EB%A7%B9/",
    ):
        assert rows_by(staff, q=pasted) == {"Mine"}


def fill(number: int) -> None:
    for _each in range(number):
        outlet = an_outlet()
        work = a_work(
            authors=[an_author(), an_author()], tags=[a_tag()], outlet=outlet, series=a_series()
        )
        Spotlight.objects.create(
            publication=work, starts_at=timezone.now() + timedelta(days=2 * work.pk),
            ends_at=timezone.now() + timedelta(days=2 * work.pk + 1),
        )  # fmt: skip
        Image.objects.create(file="a.png", width=1, height=1, alt="A", credit="B")


@pytest.mark.parametrize("model", [*OURS, "index"])
def test_a_list_costs_the_same_for_few_and_many_rows(staff: Any, model: str) -> None:
    url = reverse("admin:index") if model == "index" else desk_url(model)
    staff.get(url, follow=True)
    costs = []
    for _round in range(2):
        fill(3)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staff.get(url, follow=True)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20


def test_the_start_page_says_what_needs_somebody(staff: Any) -> None:
    a_work("Read me", status=Status.IN_REVIEW)
    a_work("Release me", status=Status.APPROVED)
    a_work("Out on Friday", published_at=timezone.now() + timedelta(days=3))
    Spotlight.objects.create(publication=a_work("On top"))
    desk = staff.get(reverse("admin:index")).context["desk"]
    assert [work.title for work in desk.in_review] == ["Read me"]
    assert [work.title for work in desk.approved] == ["Release me"]
    assert [work.title for work in desk.scheduled] == ["Out on Friday"]
    assert str(desk.spotlight) == "On top"


def test_the_start_page_tells_an_account_without_rights_nothing(client: Any) -> None:
    a_work("Secret plan", status=Status.IN_REVIEW)
    sign_in_with(client)
    page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    assert b"Secret plan" not in page.content


def test_pages_of_the_desk_allow_a_nonce_and_nothing_inline(staff: Any) -> None:
    page = staff.get(desk_url("publication", "add"))
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = str(page.context["csp_nonce"])
    assert f"script-src 'self' 'nonce-{nonce}'" in policy
    scripts = html.fromstring(page.content.decode()).xpath("//script[not(@src)]")
    assert [(each.get("type"), each.get("nonce")) for each in scripts] == [("importmap", nonce)]
    assert " style=" not in page.content.decode()


def test_accounts_are_managed_by_those_who_may(staff: Any, client: Any) -> None:
    Group.objects.create(name="Editors")
    colleague = a_user()
    assert staff.get(desk_url("user", "change", colleague.pk)).status_code == 200
    sign_in_with(client)
    assert client.get(desk_url("user", "change", colleague.pk)).status_code == 403


def first_account(capsys: Any) -> str:
    call_command("create_first_account")
    return str(capsys.readouterr().out)


def test_the_first_account_is_made_once_with_a_password_shown_once(
    client: Any, capsys: Any
) -> None:
    said = first_account(capsys)
    password = said.split("password ")[1].split()[0]
    assert client.login(username="admin", password=password)
    assert client.get(reverse("admin:index")).status_code == 200
    assert first_account(capsys) == ""


def test_a_site_with_staff_gets_no_other_account(capsys: Any) -> None:
    a_user()
    assert first_account(capsys) == ""
    assert not User.objects.filter(username="admin").exists()
