import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from newsletter.actions import sending
from newsletter.actions.consenting import Circumstances
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.models import (
    ConsentEvent,
    Delivery,
    Issue,
    IssueLink,
    MailEvent,
    Subscription,
)
from newsletter.statistics import issue_figures, months
from tests.factories import a_work
from tests.newsletter.conftest import the_list
from tests.newsletter.making import a_list, a_subscriber, an_issue
from tests.newsletter.test_admin import signed_in

START = datetime(2026, 7, 20, 14, tzinfo=UTC)
HASH = "0" * 64


@pytest.fixture
def issue(db) -> Issue:
    return Issue.objects.create(subject="Weekly", status="sent", started_at=START,
                                finished_at=START + timedelta(hours=1), candidates=0)  # fmt: skip


def deliver(issue: Issue, number: int = 1, status: str = "sent", **facts) -> list[Delivery]:
    if status == "sent":
        facts.setdefault("sent_at", START)
    return [
        Delivery.objects.create(issue=issue, subscriber=a_subscriber(lists=[the_list()]),
                                status=status, **facts)
        for _each in range(number)
    ]  # fmt: skip


def report(row: Delivery, kind: str) -> None:
    MailEvent.objects.create(
        kind=kind, delivery=row, subscriber=row.subscriber, address_hash=HASH, source="dsn",
        fingerprint=f"{MailEvent.objects.count():064d}",
    )  # fmt: skip


def leave(row: Delivery, *, after: timedelta, page: str = "/newsletter/") -> None:
    with time_machine.travel(START + after, tick=False):
        unsubscribe(row.subscriber_id, where=Circumstances(form_address=page))


def cells(client, address: str, name: str) -> list[str]:
    """The cells of the row with this heading."""
    page = client.get(address).content.decode()
    heading = rf'<th scope="row">(?:<a[^>]*>)?{re.escape(name)}(?:</a>)?</th>(.*?)</tr>'
    [row] = re.findall(heading, unescape(page), flags=re.DOTALL)
    return re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", row, flags=re.DOTALL)


def page_of(issue: Issue) -> str:
    return f"/admin/newsletter/delivery/statistics/{issue.pk}/"


def test_the_outcomes_of_an_issue_add_up_to_its_audience(issue):
    deliver(issue, 3)
    deliver(issue, 1, "failed")
    deliver(issue, 1, "deferred", try_again_at=START)
    deliver(issue, 1, "unknown")
    deliver(issue, 2, "excluded", exclusion="paused")
    deliver(issue, 1, "excluded", exclusion="suppressed")
    deliver(issue, 1, "queued")
    deliver(Issue.objects.create(subject="Another"), 1)
    client = signed_in("view_issue")
    assert "Audience: 10" in client.get(page_of(issue)).content.decode()
    for name, number in {
        "Sent": ["3", "30.0 %"], "Refused": ["1", "10.0 %"], "To be tried again": ["1", "10.0 %"],
        "Outcome unknown": ["1", "10.0 %"], "Not sent on purpose": ["3", "30.0 %"],
        "Waiting": ["1", "10.0 %"], "Paused by the subscriber": ["2"],
        "The address is suppressed": ["1"],
    }.items():  # fmt: skip
        assert cells(client, page_of(issue), name) == number, name


def test_bounces_and_complaints_are_counted_once_a_message(issue):
    first, second, third, _fourth = deliver(issue, 4)
    for row, kind in ((first, "hard"), (first, "soft"), (second, "soft"), (third, "complaint")):
        report(row, kind)
    client = signed_in("view_issue")
    assert cells(client, page_of(issue), "Came back") == ["2", "50.0 %"]
    assert cells(client, page_of(issue), "Reported as spam") == ["1", "25.0 %"]


def test_who_left_within_seven_days_of_it_by_a_page_of_ours_is_counted(issue):
    soon, late, before, by_staff, _stays = deliver(issue, 5)
    [unsent] = deliver(issue, 1, "failed")
    leave(soon, after=timedelta(days=6, hours=23))
    leave(late, after=timedelta(days=7, seconds=1))
    leave(before, after=-timedelta(seconds=1))
    leave(by_staff, after=timedelta(days=1), page="/admin/newsletter/subscriber/")
    leave(unsent, after=timedelta(days=1))
    client = signed_in("view_issue")
    assert cells(client, page_of(issue), "Unsubscribed within 7 days") == ["1", "20.0 %"]


def test_leaving_several_lists_is_leaving_once(issue):
    [row] = deliver(issue)
    Subscription.objects.create(
        subscriber=row.subscriber, mailing_list=a_list(), status="active", confirmed_at=START
    )
    leave(row, after=timedelta(hours=1))
    assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 2
    assert issue_figures(issue).left == 1


def test_clicks_of_people_and_machines_stand_apart(issue):
    IssueLink.objects.create(
        issue=issue, number=1, url="https://example.org/a", clicks=7, machine_clicks=40
    )
    assert cells(signed_in("view_issue"), page_of(issue), "https://example.org/a") == ["7", "40"]


@pytest.mark.parametrize(
    ("seconds", "step", "figures"),
    [
        ([0, 0, 1, 3], 1, [2, 1, 0, 1]),
        ([0, 47], 1, [1] + [0] * 46 + [1]),
        ([0, 48], 5, [1] + [0] * 8 + [1]),
        ([0, 3_600], 300, [1] + [0] * 11 + [1]),
        ([0, 86_400 * 40], 86_400, [1] + [0] * 39 + [1]),
    ],
)
def test_the_rate_has_few_steps_however_long_it_took(issue, seconds, step, figures):
    for each in seconds:
        deliver(issue, sent_at=START + timedelta(seconds=each))
    found = issue_figures(issue)
    assert found.step == timedelta(seconds=step)
    assert [number for _moment, number in found.rate] == figures
    assert found.rate[0][0] == START


def test_an_issue_that_nobody_got_has_a_page(db):
    draft = Issue.objects.create(subject="Draft")
    client = signed_in("view_issue")
    assert "has not been sent yet" in client.get(page_of(draft)).content.decode()
    empty = Issue.objects.create(subject="Empty", status="sending", started_at=START, candidates=0)
    assert "Audience: 0" in client.get(page_of(empty)).content.decode()
    assert client.get("/admin/newsletter/delivery/statistics/0/").status_code == 404


# --- Lists -------------------------------------------------------------------------------


def on(mailing_list, subscriber, came: str, went: str | None = None) -> None:
    moment = lambda day: datetime.fromisoformat(f"{day}T12:00:00+00:00")  # noqa: E731
    Subscription.objects.create(
        subscriber=subscriber, mailing_list=mailing_list, confirmed_at=moment(came),
        status="unsubscribed" if went else "active", unsubscribed_at=moment(went) if went else None,
    )  # fmt: skip


@pytest.fixture
def history(db):
    """Three people: one stays, one leaves a list for another, one leaves."""
    first, second = the_list(), a_list("Trade", slug="trade")
    stays, moves, leaves = (a_subscriber() for _each in range(3))
    on(first, stays, "2026-03-05")
    on(first, moves, "2026-03-10", "2026-05-02")
    on(second, moves, "2026-04-01")
    on(first, leaves, "2026-04-20", "2026-05-30")
    a_subscriber(lists=[second], status="pending")
    with time_machine.travel(datetime(2026, 6, 15, tzinfo=UTC), tick=False):
        yield


def figures(found) -> dict[str, tuple[int, int, int]]:
    return {f"{each.first:%m}": (each.came, each.went, each.stayed) for each in found}


def test_growth_and_churn_of_a_list(history):
    found = months(the_list())
    assert figures(found) == {
        "03": (2, 0, 2), "04": (1, 0, 3), "05": (0, 2, 1), "06": (0, 0, 1),
    }  # fmt: skip
    assert [each.churn for each in found] == [None, 0, pytest.approx(200 / 3), 0]


def test_a_person_on_two_lists_counts_once_among_everybody(history):
    assert figures(months()) == {
        "03": (2, 0, 2), "04": (1, 0, 3), "05": (0, 1, 2), "06": (0, 0, 2),
    }  # fmt: skip


def test_only_the_last_two_years_are_shown_but_all_count(db):
    on(the_list(), a_subscriber(), "2001-01-15")
    with time_machine.travel(datetime(2026, 6, 15, tzinfo=UTC), tick=False):
        found = months(the_list())
    assert len(found) == 24
    assert (found[0].came, found[0].stayed) == (0, 1)


def test_the_page_shows_drawings_with_their_figures_beside_them(history):
    client = signed_in("view_issue")
    address = "/admin/newsletter/delivery/statistics/"
    assert cells(client, address, "May 2026") == ["0", "1", "33.3 %", "2"]
    assert cells(client, f"{address}?list=new-publications", "May 2026") == [
        "0",
        "2",
        "66.7 %",
        "1",
    ]
    assert cells(client, address, "New publications") == ["1", "0", "0", "1"]
    assert cells(client, address, "Trade") == ["1", "1", "0", "0"]
    page = client.get(address).content.decode()
    assert page.count('<svg role="img"') == 2
    assert "<title>May 2026: -1</title>" in page
    assert "<script>" not in page
    assert "style=" not in page
    # An unknown list is everybody.
    assert client.get(f"{address}?list=%00").status_code == 200


def test_a_site_without_subscribers_has_a_page(db):
    page = signed_in("view_issue").get("/admin/newsletter/delivery/statistics/")
    assert "Nobody has subscribed yet." in page.content.decode()


def test_statistics_need_the_right_to(issue):
    client = signed_in("view_subscriber", "view_delivery")
    assert client.get("/admin/newsletter/delivery/statistics/").status_code == 403
    assert client.get(page_of(issue)).status_code == 403


def test_both_pages_cost_the_same_queries_whatever_there_is(issue, django_assert_max_num_queries):
    client = signed_in("view_issue")

    def queries(address: str) -> int:
        with django_assert_max_num_queries(20) as done:
            client.get(address)
        return len(done)

    def grow() -> None:
        on(a_list(), a_subscriber(), f"{timezone.localdate():%Y-%m-01}")
        number = IssueLink.objects.count()
        IssueLink.objects.create(issue=issue, number=number, url="https://example.org/")
        deliver(issue, 2, sent_at=START + timedelta(minutes=number))

    pages = ["/admin/newsletter/delivery/statistics/", page_of(issue)]
    grow()
    client.get(pages[0])
    before = [queries(page) for page in pages]
    grow()
    assert [queries(page) for page in pages] == before


def test_links_go_by_the_headline_that_readers_saw(issue):
    sent = sending.start(an_issue(lists=[a_list()], works=[a_work("제목 of a work")]).pk)
    IssueLink.objects.filter(issue=sent).update(clicks=3)
    page = signed_in("view_issue").get(page_of(sent)).content.decode()
    assert cells(signed_in("view_issue"), page_of(sent), "제목 of a work") == ["3", "0"]
    assert f'href="{IssueLink.objects.get(issue=sent).url}"' in page
