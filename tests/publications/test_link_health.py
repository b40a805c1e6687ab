"""Links of works: where they stand, what was found, what staff do and readers see."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from threading import Event
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from publications.actions import editing, link_health, workflow
from publications.actions.after import after_write
from publications.checking.verdicts import Verdict
from publications.link_health import broken_links_count
from publications.management.commands.check_links import Command
from publications.models import Attachment, LinkCheck, LinkUse, Publication
from publications.models.link_checks import LinkReason, LinkStatus
from publications.states import Status
from tests.conftest import plant_seeds
from tests.factories import a_user, a_work, an_outlet
from tests.publications.desk import desk_url, errors_in, messages_in, save, sign_in_with
from tests.publications.link_server import LinkServer, serving

pytestmark = pytest.mark.django_db

FAILS = Verdict(LinkStatus.FAILING, LinkReason.HTTP, 404)
WORKS = Verdict(LinkStatus.WORKS, LinkReason.NONE, 200)


@pytest.fixture
def server(settings: Any) -> Iterator[LinkServer]:
    settings.LINK_CHECK_ANYWHERE = True
    with serving() as book:
        yield book


def linking(*urls: str, **facts: Any) -> Publication:
    return a_work(body="".join(f'<p><a href="{url}">x</a></p>' for url in urls), **facts)


def uses() -> set[tuple[str, str]]:
    return set(LinkUse.objects.values_list("place", "link__url"))


def check(**options: Any) -> str:
    out = StringIO()
    call_command("check_links", once=True, host_delay=0.0, stdout=out, **options)
    return out.getvalue()


def broken(url: str = "https://example.org/a", **facts: Any) -> LinkCheck:
    moment = timezone.now()
    known = {
        "status": "broken", "reason": "http", "http_code": 404, "failures": 3,
        "failing_since": moment, "checked_at": moment,
    }  # fmt: skip
    LinkCheck.objects.filter(url=url).update(**known | facts)
    return LinkCheck.objects.get(url=url)


def test_a_work_that_is_written_says_where_it_leads() -> None:
    work = linking(
        "https://Example.org/a#part", "https://example.org/a", "/about/", "#note", "mailto:a@b.org",
        outlet=an_outlet(), outlet_url="https://example.org/b",
    )  # fmt: skip
    file = Attachment.objects.create(publication=work, file=ContentFile(b"x", name="a.pdf"))
    editing.save(work, by=a_user("publish_publication"))
    assert uses() == {
        ("body", "https://example.org/a"),
        ("body", "/about/"),
        ("outlet", "https://example.org/b"),
        ("file", file.get_absolute_url()),
    }
    assert LinkCheck.objects.get(url="https://example.org/a").host == "example.org"
    work.body, work.outlet_url = "<p>No link.</p>", ""
    editing.save(work, by=a_user("publish_publication"))
    assert uses() == {("file", file.get_absolute_url())}
    assert link_health.forget_unused() == 3


def test_what_staff_wrote_down_of_a_link_outlives_its_use() -> None:
    linking("https://example.org/a")
    LinkCheck.objects.update(archive_url="https://web.archive.org/a")
    Publication.objects.all().delete()
    link_health.forget_unused()
    assert LinkCheck.objects.get().archive_url


def test_links_of_many_works_cost_as_much_as_those_of_few() -> None:
    def cost(number: int) -> int:
        works = [linking(f"https://a.org/{n}", f"https://b.org/{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            after_write(*works)
        return sum("link" in each["sql"] for each in queries)

    assert cost(2) == cost(9) == 3


def test_links_of_works_that_were_there_before_are_collected() -> None:
    linking("https://example.org/a")
    LinkCheck.objects.all().delete()
    assert link_health.collect_links() == 1
    assert uses() == {("body", "https://example.org/a")}


def test_checking_writes_down_what_it_finds(server: LinkServer) -> None:
    server.answers["/gone"] = (404, {}, b"")
    server.led("/old", "/new")
    draft = server.url("/draft")
    linking(*map(server.url, ("/page", "/gone", "/old")), "/op-eds/", "/tags/none/")
    linking(draft, status=Status.DRAFT)
    assert "Checked 5 of 5 links." in check()
    found = dict(LinkCheck.objects.values_list("url", "status"))
    assert found == {
        server.url("/page"): "works",
        server.url("/gone"): "failing",
        server.url("/old"): "moved",
        draft: "waiting",
        "/op-eds/": "works",
        "/tags/none/": "failing",
    }
    assert LinkCheck.objects.get(url=server.url("/old")).final_url == server.url("/new")
    before = len(server.asked)
    assert "Checked 0 of 0 links." in check()
    assert len(server.asked) == before
    assert "Checked 2 of 2 links." in check(all=True, limit=2)


def test_a_file_that_is_missing_on_the_disk_is_found() -> None:
    work = a_work()
    for name in ("here.pdf", "lost.pdf"):
        Attachment.objects.create(publication=work, file=ContentFile(b"x", name=name))
    after_write(work)
    lost = Attachment.objects.last()
    lost.file.storage.delete(lost.file.name)
    check()
    assert dict(LinkCheck.objects.values_list("url", "reason")) == {
        work.attachments.first().get_absolute_url(): "",
        lost.get_absolute_url(): "file",
    }


def test_without_the_setting_nothing_of_this_machine_is_asked(
    server: LinkServer, settings: Any
) -> None:
    settings.LINK_CHECK_ANYWHERE = False
    linking(server.url("/page"), "http://127.0.0.1/page")
    check()
    assert server.asked == []
    assert set(LinkCheck.objects.values_list("reason", flat=True)) == {"port", "private"}


def test_a_link_is_broken_only_when_it_fails_for_days() -> None:
    linking("https://example.org/a")
    link = LinkCheck.objects.get()
    now = timezone.now()
    for hours, status in ((0, "failing"), (1, "failing"), (2, "failing"), (49, "broken")):
        link = link_health.record_verdict(link, FAILS, now=now + timedelta(hours=hours))
        assert link.status == status, hours
    assert broken_links_count() == 1
    link = link_health.record_verdict(link, WORKS, now=now + timedelta(hours=50))
    assert (link.status, link.failures, link.failing_since) == ("works", 0, None)
    assert broken_links_count() == 0


def test_a_link_that_fails_is_tried_again_ever_more_rarely() -> None:
    linking("https://example.org/a")
    link, now = LinkCheck.objects.get(), timezone.now()
    waits = []
    for _time in range(12):
        link = link_health.record_verdict(link, FAILS, now=now)
        waits.append(link.next_at - now)
    assert waits[:3] == [timedelta(hours=12), timedelta(days=1), timedelta(days=2)]
    assert max(waits) == waits[-1] == timedelta(days=30)


def test_two_checkers_at_once_check_each_link_once(
    transactional_db: None, server: LinkServer
) -> None:
    plant_seeds()
    second = StringIO()

    def during(handler: Any) -> None:
        # While the first waits for this answer, another checker starts beside it.
        if not second.getvalue():
            Command(stdout=second).work(
                Event(), once=True, limit=9, host_delay=0.0, all=True, collect=False
            )
            connections.close_all()
        handler.send_response(200)
        handler.end_headers()

    server.answers["/a"] = during
    linking(server.url("/a"), server.url("/b"), server.url("/c"))
    check()
    assert "Another checker is running" in second.getvalue()
    for path in ("/a", "/b", "/c"):
        assert server.methods(path).count("HEAD") == 1, path
    assert set(LinkCheck.objects.values_list("status", flat=True)) == {"works"}


def test_a_checker_stops_after_the_request_under_way(server: LinkServer) -> None:
    def told(handler: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        handler.send_response(200)
        handler.end_headers()

    server.answers["/robots.txt"] = told
    linking(server.url("/a"), server.url("/b"))
    before = signal.getsignal(signal.SIGTERM)
    assert "Checked 0 of 2 links." in check()
    assert len(server.asked) == 1
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_report_shows_problems_and_the_works_that_have_them(staff: Any) -> None:
    work = linking("https://example.org/a", "https://example.org/fine", title="A long piece")
    broken()
    page = staff.get(desk_url("linkcheck")).content.decode()
    assert "https://example.org/a" in page
    assert "https://example.org/fine" not in page
    assert desk_url("publication", "change", work.pk) in page
    assert (
        "https://example.org/fine"
        in staff.get(desk_url("linkcheck"), {"state": "all"}).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "broken"}, {"/a"}),
        ({"state": "moved"}, {"/b"}),
        ({"state": "soft_404"}, {"/c"}),
        ({"state": "ignored"}, {"/d"}),
        ({"host": "b.org"}, {"/b"}),
        ({"place": "outlet"}, {"/c"}),
        ({"q": "a.org/a"}, {"/a"}),
        ({}, {"/a", "/b", "/c"}),
    ],
)
def test_the_report_is_narrowed(staff: Any, query: dict[str, str], shown: set[str]) -> None:
    linking("https://a.org/a", "https://b.org/b", "https://a.org/d", "https://a.org/e")
    a_work(outlet=an_outlet(), outlet_url="https://c.org/c")
    broken("https://a.org/a")
    broken("https://b.org/b", status="moved", final_url="https://b.org/new")
    broken("https://c.org/c", status="soft_404")
    broken("https://a.org/d", ignored=True)
    page = html.fromstring(staff.get(desk_url("linkcheck"), query).content.decode())
    found = page.xpath("//table[@id='result_list']//th//span[@class='link-url']/text()")
    assert {url[-2:] for url in found} == shown


def test_a_long_report_costs_as_much_as_a_short_one(staff: Any) -> None:
    def cost(number: int) -> int:
        for n in range(number):
            linking(f"https://example.org/{n}", "https://example.org/shared")
        LinkCheck.objects.update(status="moved")
        with CaptureQueriesContext(connection) as queries:
            staff.get(desk_url("linkcheck"))
        return len(queries)

    cost(1)
    assert cost(3) == cost(9) <= 25


def test_a_link_of_many_works_names_a_few(staff: Any) -> None:
    for number in range(6):
        linking("https://example.org/a", title=f"Piece {number}")
    broken()
    page = staff.get(desk_url("linkcheck")).content.decode()
    assert page.count("Piece ") == 3
    assert "and 3 more" in page


def test_the_report_is_had_as_a_file_without_formulas(staff: Any) -> None:
    linking("https://example.org/a", "https://b.org/b")
    broken(final_url="=cmd()")
    broken("https://b.org/b")
    answer = staff.get(desk_url("linkcheck", "csv"), {"host": "example.org"})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "https://example.org/a,Broken" in text
    assert "b.org" not in text
    assert ",'=cmd()," in text


def test_staff_have_links_checked_again_or_ignored(staff: Any) -> None:
    linking("https://example.org/a")
    link = broken(next_at=timezone.now() + timedelta(days=9))
    chosen = {"_selected_action": [link.pk]}
    answer = staff.post(desk_url("linkcheck"), chosen | {"action": "check_again"}, follow=True)
    assert "1 link will be checked" in messages_in(answer)
    assert link in link_health.due(now=timezone.now())
    staff.post(desk_url("linkcheck"), chosen | {"action": "ignore"})
    assert link not in link_health.due(now=timezone.now(), everything=True)
    assert broken_links_count() == 0


def test_staff_keep_where_a_copy_is_and_the_checker_keeps_the_rest(staff: Any) -> None:
    linking("https://example.org/a")
    link = broken()
    assert (
        "https://example.org/a"
        in staff.get(desk_url("linkcheck", "change", link.pk)).content.decode()
    )
    answer = save(staff, "linkcheck", link.pk, archive_url="https://web.archive.org/1")
    assert answer.status_code == 302
    link.refresh_from_db()
    assert (link.archive_url, link.status) == ("https://web.archive.org/1", "broken")
    answer = save(staff, "linkcheck", link.pk, archive_url="javascript:alert(1)")
    assert "valid URL" in errors_in(answer)


def test_only_those_with_the_right_see_and_change_the_report(client: Any) -> None:
    linking("https://example.org/a")
    link = broken()
    sign_in_with(client, "view_publication")
    for page in (desk_url("linkcheck"), desk_url("linkcheck", "csv")):
        assert client.get(page).status_code == 403
    sign_in_with(client, "view_linkcheck")
    assert client.get(desk_url("linkcheck")).status_code == 200
    assert client.get(desk_url("linkcheck", "csv")).status_code == 200
    client.post(desk_url("linkcheck"), {"action": "ignore", "_selected_action": [link.pk]})
    answer = client.post(
        desk_url("linkcheck", "change", link.pk), {"archive_url": "https://a.org/"}
    )
    assert answer.status_code == 403
    link.refresh_from_db()
    assert (link.ignored, link.archive_url) == (False, "")
    with pytest.raises(PermissionDenied):
        link_health.ignore(LinkCheck.objects.all(), by=a_user("view_linkcheck"))


def test_a_copy_has_a_web_address() -> None:
    linking("https://example.org/a")
    editor = a_user("change_linkcheck")
    with pytest.raises(ValidationError):
        link_health.keep_archive(
            LinkCheck.objects.get(), archive_url="ftp://a.org/", ignored=False, by=editor
        )


def test_readers_get_the_archived_copy_when_the_original_is_gone(reader: Any) -> None:
    work = a_work(outlet=an_outlet("The Korea Times"), outlet_url="https://example.org/a")
    page = work.get_absolute_url()
    copy = "https://web.archive.org/web/2026/https://example.org/a"
    LinkCheck.objects.update(archive_url=copy)
    reader.get(page)
    with CaptureQueriesContext(connection) as before:
        assert copy not in reader.get(page).content.decode()
    broken()
    with CaptureQueriesContext(connection) as after:
        text = reader.get(page).content.decode()
    assert f'<a href="{copy}">' in text
    assert len(after) == len(before)
    broken(archive_url="")
    assert "archived copy" not in reader.get(page).content.decode()


def test_the_start_page_counts_what_readers_meet() -> None:
    work = linking("https://example.org/a")
    broken()
    assert broken_links_count() == 1
    workflow.withdraw(work, by=a_user("publish_publication"))
    assert broken_links_count() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert broken_links_count() == 0
