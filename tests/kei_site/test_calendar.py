"""The calendar of the desk: what goes out when, and moving it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from newsletter.models import Issue, MailingList
from publications.actions.recording import revisions_of
from publications.models import PendingChange, Publication, Spotlight, User
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_work
from tests.publications.desk import errors_in, messages_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=5)
PUBLISHER = ("publications.view_publication", "publications.change_publication",
             "publications.publish_publication")  # fmt: skip
FEATURER = ("publications.view_spotlight", "publications.change_spotlight")
SENDER = ("newsletter.view_issue", "newsletter.change_issue")


@pytest.fixture(autouse=True)
def _in_december(monkeypatch):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def account(client):
    def sign_in(*rights: str) -> Any:
        user = User.objects.create_user(f"u{User.objects.count()}", is_staff=True)
        for right in rights:
            app, name = right.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=name)
            )
        client.force_login(user)
        return client

    return sign_in


def a_change(work: Publication, at: datetime = LATER) -> PendingChange:
    return PendingChange.objects.create(
        publication=work, snapshot=take(work), base_revision=0, publish_at=at
    )


def an_issue(subject: str, at: datetime = LATER) -> Issue:
    issue = Issue.objects.create(subject=subject, status="scheduled", scheduled_for=at)
    issue.lists.set(MailingList.objects.all())
    return issue


@pytest.fixture
def month():
    """One of everything."""
    out = a_work("Out last week", published_at=NOW - timedelta(days=7))
    a_work("Scheduled piece", published_at=LATER)
    a_work("북한의 새 관광특구", language="ko", status=Status.DRAFT, published_at=LATER)
    a_work("Old draft", status=Status.DRAFT, published_at=NOW - timedelta(days=8))
    a_work("Going away", published_at=NOW - timedelta(days=90), withdraw_at=LATER)
    a_change(a_work("To be changed", published_at=NOW - timedelta(days=90)))
    Spotlight.objects.create(publication=out, headline="Look", starts_at=LATER)
    an_issue("The week in letters")
    a_work("Next year", published_at=NOW + timedelta(days=90))


def entries(page: Any) -> list[str]:
    """The label and the title of each entry of the page."""
    tree = html.fromstring(page.content.decode())
    said = []
    for each in tree.find_class("entry"):
        label = each.find_class("entry__when")[0].text_content().split(" ", 2)[-1].strip()
        said.append(f"{label}: {each.find_class('entry__title')[0].text_content()}")
    return sorted(said)


EVERYTHING = [
    "Published: Out last week",
    "Scheduled: Scheduled piece",
    "Planned: Draft: 북한의 새 관광특구",
    "Withdrawal: Going away",
    "Changes: To be changed",
    "Spotlight: Look",
    "Scheduled: The week in letters",
]


@pytest.mark.parametrize("view", ["", "&view=list"])
def test_the_calendar_shows_everything_that_happens_in_a_month(staff, month, admin_user, view):
    staff.force_login(admin_user)
    page = staff.get(f"/admin/calendar/?month=2026-12{view}")
    if view:
        assert entries(page) == sorted(EVERYTHING)
    else:
        # A day of the month has room for five.
        assert set(entries(page)) <= set(EVERYTHING)
        assert "1 more" in page.text
    assert 'lang="ko"' in page.text
    assert "Today" in page.text
    assert entries(staff.get(f"/admin/calendar/?month=2027-03{view}")) == ["Scheduled: Next year"]
    assert "Nothing happens in this month yet" in staff.get("/admin/calendar/?month=2030-01").text


@pytest.mark.parametrize(
    ("rights", "seen"),
    [
        (["publications.view_publication"], {"Published", "Scheduled", "Planned", "Withdrawal",
                                              "Changes"}),
        (["publications.view_spotlight"], {"Spotlight"}),
        (["newsletter.view_issue"], {"Scheduled"}),
    ],
)  # fmt: skip
def test_an_account_sees_what_it_may_and_is_offered_no_move(account, month, rights, seen):
    page = account(*rights).get("/admin/calendar/?month=2026-12&view=list")
    assert {each.split(":")[0] for each in entries(page)} == seen
    assert "entry__move" not in page.text
    assert "/admin/calendar/" in page.text


def test_who_may_see_nothing_of_it_is_refused(account, reader):
    assert account("publications.view_author").get("/admin/calendar/").status_code == 403
    reader.logout()
    assert "/admin/login/" in reader.get("/admin/calendar/")["Location"]
    assert "/admin/login/" in reader.get("/admin/calendar/publication/1/")["Location"]


@pytest.mark.parametrize("typed", ["", "soon", "2026-13", "0000-00", "0001-01", "9999-12",
                                   "9" * 5000, "2026-12-10"])  # fmt: skip
def test_any_month_is_a_month(account, typed):
    page = account(*PUBLISHER).get("/admin/calendar/", {"month": typed})
    assert page.status_code == 200
    assert "December 2026" in page.text


def test_the_first_and_the_last_day_of_a_month_are_by_the_clock_of_the_site(account):
    a_work("Last minute", published_at=datetime(2027, 1, 1, 4, 59, tzinfo=UTC))
    a_work("First minute", published_at=datetime(2027, 1, 1, 5, 0, tzinfo=UTC))
    seen = entries(account(*PUBLISHER).get("/admin/calendar/?month=2026-12&view=list"))
    assert seen == ["Scheduled: Last minute"]


def move(client: Any, sort: str, pk: int, name: str = "at", **more: str) -> Any:
    sent = {f"{name}_0": "2026-12-24", f"{name}_1": "09:30"} | more
    return client.post(f"/admin/calendar/{sort}/{pk}/", sent, follow=True)


MOVED = datetime(2026, 12, 24, 14, 30, tzinfo=UTC)


def test_a_scheduled_work_is_moved_by_the_form(account):
    work = a_work("Scheduled piece", published_at=LATER)
    client = account(*PUBLISHER)
    page = client.get("/admin/calendar/?month=2026-12").text
    assert f'href="/admin/calendar/publication/{work.pk}/"' in page
    assert 'value="2026-12-15"' in client.get(f"/admin/calendar/publication/{work.pk}/").text
    response = move(client, "publication", work.pk)
    assert "was moved to Dec. 24, 2026, 9:30 a.m. (UTC−5)" in messages_in(response)
    work.refresh_from_db()
    assert work.published_at == MOVED
    last = revisions_of(work).first()
    assert last.snapshot["fields"]["published_at"].startswith("2026-12-24T")


def test_every_sort_is_moved(account):
    client = account(*PUBLISHER, *FEATURER, *SENDER)
    going = a_work(published_at=NOW - timedelta(days=9), withdraw_at=LATER)
    changed = a_work(published_at=NOW - timedelta(days=9))
    a_change(changed)
    spotlight = Spotlight.objects.create(publication=changed, starts_at=LATER)
    move(client, "withdrawal", going.pk)
    move(client, "changes", changed.pk)
    move(client, "spotlight", spotlight.pk, "starts_at")
    for thing in (going, spotlight):
        thing.refresh_from_db()
    assert going.withdraw_at == MOVED
    assert PendingChange.objects.get().publish_at == MOVED
    assert spotlight.starts_at == MOVED


def test_a_withdrawal_and_waiting_changes_may_be_left_to_people(account):
    client = account(*PUBLISHER)
    going = a_work(published_at=NOW - timedelta(days=9), withdraw_at=LATER)
    a_change(going)
    for sort in ("withdrawal", "changes"):
        move(client, sort, going.pk, at_0="", at_1="")
    going.refresh_from_db()
    assert going.withdraw_at is None
    assert PendingChange.objects.get().publish_at is None


def test_what_cannot_be_is_said_and_nothing_moves(account):
    client = account(*PUBLISHER, *FEATURER, *SENDER)
    work, other = a_work("One", published_at=LATER), a_work("Two", published_at=LATER)
    Spotlight.objects.create(publication=work, starts_at=MOVED)
    spotlight = Spotlight.objects.create(
        publication=other, starts_at=LATER, ends_at=LATER + timedelta(hours=1)
    )
    assert "This moment is past" in errors_in(move(client, "publication", work.pk,
                                                   at_0="2020-01-01"))  # fmt: skip
    assert "the clocks skip" in errors_in(move(client, "publication", work.pk, at_0="2027-03-14",
                                               at_1="02:30"))  # fmt: skip
    assert "is in the Spotlight" in errors_in(move(client, "spotlight", spotlight.pk, "starts_at"))
    work.withdraw_at = LATER + timedelta(days=1)
    work.save()
    said = errors_in(move(client, "publication", work.pk))
    assert "withdrawn only after it is published" in said
    work.refresh_from_db()
    assert work.published_at == LATER


def test_what_is_out_or_gone_is_not_moved(account):
    client = account(*PUBLISHER, *SENDER)
    out = a_work("Out", published_at=NOW - timedelta(days=1))
    issue = an_issue("Sent")
    Issue.objects.update(status="draft", scheduled_for=None)
    assert "is out, or was" in errors_in(move(client, "publication", out.pk))
    assert move(client, "issue", issue.pk).status_code == 404
    assert move(client, "changes", out.pk).status_code == 404
    assert move(client, "nonsense", out.pk).status_code == 404
    out.refresh_from_db()
    assert out.published_at == NOW - timedelta(days=1)


@pytest.mark.parametrize("sort", ["publication", "withdrawal", "changes", "spotlight", "issue"])
def test_moving_asks_for_the_right(account, sort):
    work = a_work(published_at=LATER, withdraw_at=LATER + timedelta(days=1))
    a_change(work)
    pks = {"spotlight": Spotlight.objects.create(publication=work, starts_at=LATER).pk,
           "issue": an_issue("Letters").pk}  # fmt: skip
    client = account("publications.view_publication", "publications.change_publication",
                     "publications.view_spotlight", "newsletter.view_issue")  # fmt: skip
    address = f"/admin/calendar/{sort}/{pks.get(sort, work.pk)}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"at_0": "2026-12-24", "at_1": "09:30"}).status_code == 403


def test_the_calendar_costs_the_same_for_twice_as_much(account):
    client, costs = account(*PUBLISHER, *FEATURER, *SENDER), []
    for _time in range(2):
        for number in range(6):
            at = LATER + timedelta(hours=number)
            work = a_work(published_at=at, withdraw_at=at + timedelta(days=1))
            a_change(work, at)
            an_issue("Letters", at)
        client.get("/admin/calendar/?month=2026-12")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/calendar/?month=2026-12")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_the_desk_leads_to_the_calendar(account):
    page = account("publications.view_publication").get("/admin/").text
    assert 'href="/admin/calendar/"' in page
