"""The checklist before publishing: what it finds, whom it stops, and who says so."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from PIL import Image as Drawing

from publications.actions import editing, workflow
from publications.actions.readiness import set_rules
from publications.checklist import CHECKS, WorkFacts, examine, look_at
from publications.hyperlinks import Heading, Picture, checkable, is_whole, read_markup
from publications.models import (
    Attachment,
    ChecklistRule,
    Image,
    Kind,
    LinkCheck,
    Page,
    Publication,
    SiteSettings,
)
from publications.states import Status
from tests.factories import a_tag, a_user, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, errors_in, messages_in, save, sign_in_with

pytestmark = pytest.mark.django_db

GOOD = WorkFacts(
    title="Trade after the easy years",
    standfirst="What is left to agree.",
    text="A text that has some words in it, enough to tell the language by.",
    language="en",
    links=("https://www.example.org/", "/about/", "#note-1", "mailto:a@example.org"),
    pictures=(Picture("/images/1/harbor.jpg", "Ships wait in the harbor"),),
    headings=(Heading(2, "One"), Heading(3, "Two"), Heading(2, "Three")),
    lead_picture=Picture("cranes.jpg", "Cranes at dusk"),
    has_author=True,
    has_tag=True,
    has_file=False,
    outlet="The Korea Times",
    outlet_url="https://example.org/a",
    outlet_date=date(2026, 5, 1),
    published_on=date(2026, 5, 2),
    review_by=date(2027, 5, 2),
    files_without_text=(),
    dead_links=(),
    unpublished_links=(),
    broken_links=(),
    disclosure="Registered under FARA.",
    today=date(2026, 5, 3),
)
HANGUL = "한국의 무역 정책은 어디로 가는가 그리고 무엇이 남았는가"


@pytest.fixture(autouse=True)
def _disclosure() -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"disclosure": "Registered under FARA."})


def found(facts: WorkFacts) -> list[str]:
    return [each.code for each in look_at(facts, {}).findings]


def test_a_work_with_everything_has_no_findings() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"standfirst": ""}, "no_standfirst"),
        ({"title": "Trade " * 30}, "long_title"),
        ({"title": HANGUL, "text": HANGUL}, "wrong_language"),
        ({"language": "ko"}, "wrong_language"),
        ({"text": "", "outlet_url": "", "outlet": "", "outlet_date": None}, "no_text no_outlet"),
        ({"headings": (Heading(3, "First"),)}, "heading_order"),
        ({"headings": (Heading(2, "One"), Heading(4, "Deep"))}, "heading_order"),
        ({"headings": (Heading(2, ""),)}, "heading_order"),
        ({"dead_links": ("/nothing/here/",)}, "dead_internal_link"),
        ({"unpublished_links": ("/publications/soon/",)}, "unpublished_link"),
        ({"links": ("www.example.org",)}, "broken_address"),
        ({"links": ("https://",)}, "broken_address"),
        ({"links": ("",)}, "broken_address"),
        ({"links": ("//example.org/a",)}, "broken_address"),
        ({"broken_links": ("https://example.org/gone",)}, "broken_link"),
        ({"pictures": (Picture("/images/1/a.jpg", ""),)}, "poor_alt"),
        ({"pictures": (Picture("/images/1/a.jpg", "IMG_2041.jpg"),)}, "poor_alt"),
        ({"pictures": (Picture("/images/1/a.jpg", "DSC 0041"),)}, "poor_alt"),
        ({"lead_picture": Picture("harbor-night.jpg", "harbor-night")}, "poor_alt"),
        ({"has_author": False}, "no_author"),
        ({"has_tag": False}, "no_tag"),
        ({"files_without_text": ("scan.pdf",)}, "mute_pdf"),
        ({"published_on": date(2104, 9, 8)}, "odd_date"),
        ({"outlet_date": date(204, 9, 8)}, "odd_date"),
        ({"outlet": "", "outlet_url": "", "outlet_date": None}, "no_outlet"),
        ({"outlet_url": ""}, "no_outlet_url"),
        ({"outlet_date": None}, "no_outlet_date"),
        ({"review_by": None}, "no_review_date"),
        ({"disclosure": ""}, "no_disclosure"),
    ],
)
def test_each_check_finds_what_it_looks_for(facts: dict[str, Any], code: str) -> None:
    assert set(found(replace(GOOD, **facts))) == set(code.split())


def test_every_check_is_tried_above() -> None:
    tried = test_each_check_finds_what_it_looks_for.pytestmark[0].args[1]
    assert {each for _facts, codes in tried for each in codes.split()} == {
        check.code for check in CHECKS
    }


def test_every_check_has_a_rule() -> None:
    assert set(ChecklistRule.objects.filter(kind=None).values_list("check_code", flat=True)) == {
        check.code for check in CHECKS
    }


@given(st.text(max_size=300))
def test_whatever_stands_in_a_text_is_read(text: str) -> None:
    read_markup(text)
    is_whole(text)
    checkable(text)


@pytest.mark.parametrize(
    ("address", "checked"),
    [
        ("https://Example.org", "https://example.org/"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://한국.kr/뉴스?q=무역", "https://xn--3e0b707e.kr/%EB%89%B4%EC%8A%A4?q=%EB%AC%B4%EC%97%AD"),
        ("https://localhost/about/#top", "/about/"),
        ("/about/?a=1", "/about/?a=1"),
        ("//example.org/", None),
        ("mailto:a@example.org", None),
        ("https://user:word@example.org/", None),
        ("https://[::1", None),
        ("https://example.org:99999/", None),
        ("about", None),
        (f"https://example.org/{'a' * 2000}", None),
    ],
)  # fmt: skip
def test_an_address_is_checked_in_one_form(address: str, checked: str | None) -> None:
    assert checkable(address) == checked


def test_a_dead_internal_link_blocks_whichever_way_a_work_is_published() -> None:
    work = a_work(status=Status.DRAFT, body='<p><a href="/publications/none/">x</a></p>')
    account = a_user("publish_publication", "change_publication")
    for step in (workflow.publish, workflow.publish_now):
        with pytest.raises(ValidationError, match="/publications/none/"):
            step(work, by=account)
    with pytest.raises(ValidationError, match="/publications/none/"):
        workflow.take(work, "publish", by=account)
    work.refresh_from_db()
    assert work.status == Status.DRAFT
    work.body = '<p><a href="/op-eds/">x</a></p>'
    editing.save(work, by=account)
    workflow.publish(work, by=account)
    assert Publication.objects.get().status == Status.PUBLISHED


def test_every_sort_of_internal_link_is_looked_up() -> None:
    other, draft = a_work("Out"), a_work("Not out", status=Status.DRAFT)
    author, tag = an_author(), a_tag()
    Page.objects.create(title="About", slug="about")
    alive = [other, author, tag, Kind.objects.get(slug="op-eds"), Page.objects.get(), an_outlet()]
    links = [each.get_absolute_url() for each in alive] + ["/search/?q=trade", "https://localhost/"]
    dead = [f"/{sort}/nobody/" for sort in ("publications", "authors", "tags", "outlets", "series")]
    dead += ["/no-such-kind/", "/a/b/c/", "/admin/", "/files/7/none.pdf"]
    links += [*dead, draft.get_absolute_url()]
    work = a_work(
        status=Status.DRAFT, body="".join(f'<p><a href="{each}">x</a></p>' for each in links)
    )
    checklist = examine(work)
    said = " ".join(each.text for each in checklist.blocking)
    assert all(f"{path}," in said for path in dead)
    assert len(checklist.blocking) == len(dead)
    assert [each.code for each in checklist.advice if "_link" in each.code] == ["unpublished_link"]


def test_a_work_may_lead_to_itself_before_it_is_out() -> None:
    work = a_work(status=Status.DRAFT, slug="me", body='<p><a href="/publications/me/#a">x</a></p>')
    assert not [each for each in examine(work).findings if "link" in each.code]


def test_a_refused_form_names_the_things_and_keeps_what_was_typed(staff: Any) -> None:
    work = a_work(status=Status.DRAFT, body="<p>Before.</p>")
    answer = save(
        staff,
        "publication",
        work.pk,
        title="Typed just now",
        body='<p>Typed. <a href="/tags/nobody/">x</a></p>',
        _move="publish",
    )
    assert answer.status_code == 200
    assert "cannot be published yet" in errors_in(answer)
    assert "/tags/nobody/" in errors_in(answer)
    assert "Typed just now" in answer.content.decode()
    work.refresh_from_db()
    assert (work.status, work.body) == (Status.DRAFT, "<p>Before.</p>")


def test_a_new_work_is_refused_as_a_whole(staff: Any) -> None:
    kind = str(Kind.objects.get(slug="op-eds").pk)
    facts = {"title": "New", "kind": kind, "_move": "publish"}
    answer = save(staff, "publication", body='<p><a href="/tags/no/">x</a></p>', **facts)
    assert "/tags/no/" in errors_in(answer)
    assert not Publication.objects.exists()


def test_the_list_says_which_works_were_not_published_and_why(staff: Any) -> None:
    good = a_work("Good", status=Status.DRAFT)
    bad = a_work("Bad", status=Status.DRAFT, body='<p><a href="/tags/no/">x</a></p>')
    answer = staff.post(
        desk_url("publication"),
        {"action": "publish_now", "_selected_action": [good.pk, bad.pk]},
        follow=True,
    )
    assert "Bad: The work cannot be published yet: The text leads to /tags/no/" in messages_in(
        answer
    )
    assert dict(Publication.objects.values_list("title", "status")) == {
        "Good": "published",
        "Bad": "draft",
    }


def test_what_is_published_already_can_still_be_edited(staff: Any) -> None:
    work = a_work(body='<p><a href="/tags/no/">x</a></p>')
    assert save(staff, "publication", work.pk, title="Better").status_code == 302


def test_the_form_lists_findings_with_links_to_their_fields(staff: Any) -> None:
    work = a_work(status=Status.DRAFT, kind="op-eds", body='<p><a href="/tags/no/">x</a></p>')
    page = html.fromstring(staff.get(desk_url("publication", "change", work.pk)).content.decode())
    panel = page.get_element_by_id("checklist")
    links = {each.text_content(): each.get("href") for each in panel.iter("a")}
    assert "1 thing blocks publishing" in panel.text_content()
    assert links["The text leads to /tags/no/, where nothing is."] == "#id_body"
    assert "#id_standfirst" in links.values()
    assert "#contributions-group" in links.values()
    for target in links.values():
        page.get_element_by_id(target.removeprefix("#"))


def test_the_form_says_when_all_is_good(staff: Any) -> None:
    work = a_work(
        status=Status.DRAFT,
        standfirst="Two words.",
        body="<p>Text.</p>",
        authors=[an_author()],
        tags=[a_tag()],
    )
    page = staff.get(desk_url("publication", "change", work.pk)).content.decode()
    assert "All good" in page
    assert "All good" not in staff.get(desk_url("publication", "add")).content.decode()


def test_a_pdf_without_text_and_a_picture_named_like_a_file_are_found() -> None:
    work = a_work(status=Status.DRAFT)
    Attachment.objects.create(publication=work, file=ContentFile(b"%PDF-", name="scan.pdf"))
    drawing = BytesIO()
    Drawing.new("RGB", (4, 4)).save(drawing, "JPEG")
    work.lead_image = Image.objects.create(
        file=ContentFile(drawing.getvalue(), name="IMG_1.jpg"), alt="IMG_1.jpg", credit="Kim"
    )
    work.save()
    codes = {each.code for each in examine(work).findings}
    assert {"mute_pdf", "poor_alt"} <= codes


def test_a_link_known_to_be_broken_is_told() -> None:
    work = a_work(status=Status.DRAFT, body='<p><a href="https://example.org/gone#a">x</a></p>')
    LinkCheck.objects.update(status="broken")
    assert "broken_link" in {each.code for each in examine(work).findings}


def test_looking_costs_the_same_for_little_and_for_much() -> None:
    def cost(times: int) -> int:
        body = "".join(
            f'<p><a href="/tags/t{n}/">a</a><a href="/authors/a{n}/">b</a>'
            f'<a href="https://example.org/{n}">c</a></p>'
            for n in range(times)
        )
        work = a_work(
            status=Status.DRAFT,
            body=body,
            authors=[an_author() for _ in range(times)],
            tags=[a_tag() for _ in range(times)],
        )
        work = Publication.objects.select_related("outlet", "lead_image").get(pk=work.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            examine(work)
        return len(queries)

    assert cost(2) == cost(20) <= 9


def rules_page(client: Any) -> dict[str, str]:
    page = html.fromstring(client.get(desk_url("checklistrule")).content.decode())
    form = page.get_element_by_id("checklist_form")
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_staff_say_what_blocks_for_a_kind(staff: Any) -> None:
    op_eds = Kind.objects.get(slug="op-eds")
    sent = rules_page(staff) | {f"no_author-{op_eds.pk}": "blocking", "no_tag": "off"}
    assert staff.post(desk_url("checklistrule"), sent).status_code == 302
    op_ed = a_work(kind="op-eds", status=Status.DRAFT)
    assert [each.code for each in examine(op_ed).blocking] == ["no_author"]
    assert "no_tag" not in {each.code for each in examine(op_ed).findings}
    assert not examine(a_work(status=Status.DRAFT)).blocking


def test_saving_the_rules_untouched_changes_nothing(staff: Any) -> None:
    facts = ("check_code", "kind", "level")
    before = set(ChecklistRule.objects.values_list(*facts))
    staff.post(desk_url("checklistrule"), rules_page(staff))
    assert set(ChecklistRule.objects.values_list(*facts)) == before


def test_only_those_with_the_right_change_the_rules(client: Any) -> None:
    sign_in_with(client, "view_checklistrule")
    assert client.get(desk_url("checklistrule")).status_code == 200
    before = set(ChecklistRule.objects.values_list("pk", flat=True))
    assert client.post(desk_url("checklistrule"), {"no_tag": "off"}).status_code == 403
    assert set(ChecklistRule.objects.values_list("pk", flat=True)) == before
    with pytest.raises(PermissionDenied):
        set_rules({}, by=a_user("view_checklistrule"))
    sign_in_with(client, "view_publication")
    assert client.get(desk_url("checklistrule")).status_code == 403


@pytest.mark.parametrize(
    "rule", [("no_such_check", None), ("no_tag", 999_999), ("no_tag", None)], ids=str
)
def test_a_rule_that_makes_no_sense_is_refused(rule: Any) -> None:
    with pytest.raises(ValidationError):
        set_rules(
            {rule: "perhaps" if rule == ("no_tag", None) else "off"},
            by=a_user("change_checklistrule"),
        )
    assert ChecklistRule.objects.filter(check_code="no_tag").exists()


def test_the_form_with_the_checklist_keeps_within_its_queries(staff: Any) -> None:
    links = "".join(f'<p><a href="/tags/t{n}/">a</a><a href="/authors/a/">b</a></p>' for n in "ab")
    work = a_work(status=Status.DRAFT, body=links, authors=[an_author()], tags=[a_tag()])
    staff.get(desk_url("publication", "change", work.pk))
    with CaptureQueriesContext(connection) as queries:
        staff.get(desk_url("publication", "change", work.pk))
    assert len(queries) <= 25
