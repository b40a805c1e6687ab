"""What readers search: what is counted, what is not, and what staff see of it."""

import csv
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publications.actions import tallying
from publications.actions.tallying import tally_opening, tally_search
from publications.admin.searches import harmless, period_from
from publications.models import SearchTally
from tests.factories import a_work
from tests.publications.desk import desk_url, sign_in_with

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SEARCH = "https://testserver/search/"


def search(reader: Any, typed: str, **headers: str) -> Any:
    return reader.get("/search/", {"q": typed}, headers={"user-agent": FIREFOX} | headers)


def open_from(reader: Any, referrer: str, address: str = "/publications/tide/", **headers: str):
    sent = {"user-agent": FIREFOX, "referer": referrer} | headers
    return reader.get(address, headers=sent)


def tallies() -> dict[str, tuple[int, int, int]]:
    return {
        each.query: (each.searches, each.empty, each.opened) for each in SearchTally.objects.all()
    }


def a_tally(query: str, searches: int, empty: int = 0, opened: int = 0, ago: int = 0) -> None:
    SearchTally.objects.create(
        day=timezone.localdate() - timedelta(days=ago),
        query=query, searches=searches, empty=empty, opened=opened,
    )  # fmt: skip


# --- What is counted --------------------------------------------------------------------


def test_searches_are_counted_by_their_words(reader: Any) -> None:
    a_work("The tide", body="<p>The tide turns.</p>")
    for typed in ("Tide", "  tide!", "TIDE", "zeppelin"):
        assert search(reader, typed).status_code == 200
    assert tallies() == {"tide": (3, 0, 0), "zeppelin": (1, 1, 0)}


def test_a_second_page_and_no_words_are_no_search(reader: Any) -> None:
    for address in ("/search/", "/search/?q=", "/search/?q=%2B%2B", "/search/?q=tide&page=2"):
        reader.get(address, headers={"user-agent": FIREFOX})
    assert tallies() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"x-requested-with": "typing"},
        {"sec-purpose": "prefetch"},
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; Somebot/2.1; +http://www.example.com/bot.html)"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "python-requests/2.32"},
        {"user-agent": "Mozilla/5.0 (X11; Linux) HeadlessChrome/140.0 Safari/537.36"},
    ],
)
def test_what_is_not_a_reader_is_not_counted(reader: Any, headers: dict[str, str]) -> None:
    assert search(reader, "tide", **headers).status_code == 200
    assert tallies() == {}


def test_head_is_not_counted(reader: Any) -> None:
    reader.head("/search/?q=tide", headers={"user-agent": FIREFOX})
    assert tallies() == {}


def test_staff_who_try_a_search_are_not_counted(staff: Any) -> None:
    search(staff, "tide")
    assert tallies() == {}


@pytest.mark.parametrize(
    "typed",
    [
        "ada@example.org", "ada＠example.org", "mail ada @ home", "4111111", "010-1234-5678",
        "+82 10 1234 5678", "4111 1111 1111 1111", "１２３４５６７", "900101-1234567",
        "(202) 555-01734", "", "   ", "...", "🙂",
    ],
)  # fmt: skip
def test_nothing_personal_is_kept(typed: str) -> None:
    tally_search(typed, 0)
    assert tallies() == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1950-1953 war", "1950 1953 war"),
        ("2019..2024", "2019 2024"),
        ("G-20 at 150000", "g 20 at 150000"),
        ("북한의 2024년", "북한의 2024 년"),
        ("ＴＨＡＡＤ", "thaad"),
    ],
)
def test_years_and_small_numbers_are_kept(typed: str, kept: str) -> None:
    tally_search(typed, 1)
    assert list(tallies()) == [kept]


def test_a_long_search_is_cut(db: None) -> None:
    tally_search("word " * 100, 1)
    [kept] = tallies()
    assert len(kept) <= 200
    assert kept.endswith("word")


@given(st.text(max_size=300))
def test_any_text_can_be_counted(typed: str) -> None:
    tally_search(typed, 0)
    tally_opening(typed)
    assert all(query.strip() == query != "" for query in tallies())


def test_a_new_day_begins_a_new_count() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        tally_search("tide", 1)
    tally_search("tide", 0)
    assert sorted(SearchTally.objects.values_list("searches", "empty")) == [(1, 0), (1, 1)]


def test_a_day_keeps_so_many_searches_and_goes_on_counting_those(monkeypatch: Any) -> None:
    monkeypatch.setattr(tallying, "PER_DAY", 3)
    for typed in ("one", "two", "three", "four", "two"):
        tally_search(typed, 1)
    assert tallies() == {"one": (1, 0, 0), "two": (2, 0, 0), "three": (1, 0, 0)}
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tally_search("four", 1)
    assert "four" in tallies()


def test_what_is_older_than_400_days_goes_with_the_next_search() -> None:
    a_tally("old", 1, ago=401)
    a_tally("kept", 1, ago=400)
    tally_search("tide", 1)
    assert set(tallies()) == {"kept", "tide"}


def test_a_page_is_not_lost_over_a_count(reader: Any, monkeypatch: Any, caplog: Any) -> None:
    a_work("The tide", slug="tide")
    for name in ("COUNT_SEARCH", "COUNT_OPENING"):
        monkeypatch.setattr(tallying, name, "SELECT 1 / 0")
    assert search(reader, "tide").status_code == 200
    assert open_from(reader, f"{SEARCH}?q=tide").status_code == 200
    assert caplog.text.count("A search was not counted: division by zero") == 2
    assert tallies() == {}


def test_a_table_that_is_held_makes_nobody_wait(caplog: Any) -> None:
    other = connection.copy()
    try:
        other.set_autocommit(False)
        other.cursor().execute("LOCK TABLE publications_searchtally")
        tally_search("tide", 1)
    finally:
        other.close()
    assert "lock timeout" in caplog.text
    assert tallies() == {}


# --- Results that were opened -----------------------------------------------------------


@pytest.fixture
def tide() -> None:
    a_work("The tide", slug="tide")
    tally_search("tide table", 5)


@pytest.mark.parametrize(
    "address", ["?q=tide+table", "?kind=1&q=TIDE%20table&page=2", "?q=Tide-table#a"]
)
def test_a_page_opened_from_a_search_counts_for_its_words(
    reader: Any, tide: None, address: str
) -> None:
    open_from(reader, SEARCH + address)
    open_from(reader, SEARCH + address)
    assert tallies() == {"tide table": (1, 0, 2)}


@pytest.mark.parametrize(
    "referrer",
    [
        "", "https://elsewhere.example/search/?q=tide+table", "https://testserver/?q=tide+table",
        "https://testserver/search/", f"{SEARCH}?q=", f"{SEARCH}?q=never+searched", "http://[?q=tide",
        f"{SEARCH}?q=%00", f"{SEARCH}?q=%ff%fe", f"{SEARCH}?q=tide+table" + "&x=1" * 200,
    ],
)  # fmt: skip
def test_a_page_opened_from_elsewhere_does_not_count(
    reader: Any, tide: None, referrer: str
) -> None:
    assert open_from(reader, referrer).status_code == 200
    assert tallies() == {"tide table": (1, 0, 0)}


def test_programs_open_nothing(reader: Any, tide: None) -> None:
    open_from(reader, f"{SEARCH}?q=tide+table", **{"user-agent": "Somebot/1.0"})
    assert tallies() == {"tide table": (1, 0, 0)}


def test_a_page_costs_no_query_more_unless_it_was_found(reader: Any, tide: None) -> None:
    open_from(reader, "")
    costs = []
    for referrer in ("", "https://elsewhere.example/?q=tide", f"{SEARCH}?page=2"):
        with CaptureQueriesContext(connection) as queries:
            open_from(reader, referrer)
        assert not [each for each in queries if "searchtally" in each["sql"]]
        costs.append(len(queries))
    assert len(set(costs)) == 1


# --- The report -------------------------------------------------------------------------


def report(client: Any, **typed: str) -> Any:
    return client.get(desk_url("searchtally"), typed)


def listed(response: Any) -> dict[str, list[str]]:
    """For each table its searches."""
    page = html.fromstring(response.content.decode())
    return {
        table.findtext("caption"): [each.text_content() for each in table.xpath("tbody/tr/th")]
        for table in page.xpath("//*[@class='searches__list']/table")
    }


def test_the_report_adds_up_days_and_lists_what_needs_help(staff: Any) -> None:
    a_tally("tide", 5, opened=1)
    a_tally("tide", 4, ago=3)
    a_tally("zeppelin", 2, empty=2)
    a_tally("harbor", 3)
    a_tally("harbor once", 2)
    a_tally("before", 9, ago=30)
    response = report(staff)
    assert listed(response) == {
        "Found nothing": ["zeppelin"],
        "Found something, but nobody opened it": ["harbor"],
        "Searched most": ["tide", "harbor", "harbor once", "zeppelin"],
    }
    insight = response.context["insight"]
    assert (insight.searches, insight.found_nothing) == (16, 2)
    assert "before" in listed(report(staff, since="2000-01-01"))["Searched most"]


def test_the_chart_has_a_bar_for_each_day_with_searches_and_says_so_in_words(staff: Any) -> None:
    a_tally("tide", 5, empty=1)
    a_tally("tide", 1, ago=3)
    page = html.fromstring(report(staff).content.decode())
    [chart] = page.xpath("//*[local-name()='svg'][@role='img']")
    assert len(chart.xpath(".//*[local-name()='rect']")) == 3
    assert chart.get("viewbox") == "0 0 30 200"
    for name in (chart.get("aria-labelledby"), chart.get("aria-describedby")):
        assert chart.xpath(f".//*[@id='{name}']")[0].text
    assert "Most searches: 5 on" in chart.text_content()


def test_nothing_in_the_report_needs_an_inline_style(staff: Any) -> None:
    a_tally("tide", 5)
    assert not html.fromstring(report(staff).content.decode()).xpath("//*[@style]")


def test_an_empty_period_says_so(staff: Any) -> None:
    response = report(staff)
    assert "Nobody searched in this period." in response.content.decode()
    assert listed(response) == {}


def test_words_are_escaped_and_lead_to_a_synonym_and_a_best_bet(staff: Any) -> None:
    a_tally("<b>&?= 북한", 3, empty=3)
    text = report(staff).content.decode()
    assert "<b>&?" not in text
    for model, name in (("synonym", "terms"), ("bestbet", "query")):
        address = f"{desk_url(model, 'add')}?{name}={quote('<b>&?= 북한')}"
        assert f'"{address}"' in text
        assert "북한" in staff.get(address).content.decode()


def test_remedies_are_offered_to_those_who_may_use_them(client: Any) -> None:
    a_tally("tide", 3)
    sign_in_with(client, "view_searchtally", "add_bestbet")
    text = report(client).content.decode()
    assert "Pin a result" in text
    assert "Add a synonym" not in text


def test_the_report_is_for_those_with_the_right(client: Any) -> None:
    sign_in_with(client, "view_publication", "add_synonym")
    for page in ("changelist", "csv"):
        assert client.get(desk_url("searchtally", page)).status_code == 403
    client.logout()
    assert client.get(desk_url("searchtally")).status_code == 302


def test_nobody_writes_in_the_report(staff: Any) -> None:
    a_tally("tide", 3)
    row = SearchTally.objects.get()
    for page, *args in (("add",), ("delete", row.pk)):
        assert staff.get(desk_url("searchtally", page, *args)).status_code == 403
        assert staff.post(desk_url("searchtally", page, *args), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff.post(desk_url("searchtally"), sent)
    staff.post(desk_url("searchtally", "change", row.pk), {"query": "other", "searches": 9})
    assert tallies() == {"tide": (3, 0, 0)}


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("", "", 30),
        ("2026-11-01", "", 23),
        ("2026-11-01", "2026-11-02", 2),
        ("2026-11-05", "2026-11-02", 1),
        ("", "2026-11-02", 30),
        ("2030-01-01", "2031-01-01", 1),
        ("0001-01-01", "9999-12-31", 401),
        ("0001-01-01", "0001-01-02", 1),
        ("x", "2026-13-01", 30),
    ],
)
def test_a_period_is_read_from_anything(since: str, until: str, days: int) -> None:
    with time_machine.travel("2026-11-23T12:00:00-05:00"):
        period = period_from({"since": since, "until": until})
    assert (period.last - period.first).days + 1 == days
    assert period.last <= date(2026, 11, 23)


def test_any_address_of_the_report_answers(staff: Any) -> None:
    for typed in ("\x00", "x" * 5000, "2026-02-30", "-1", "북한", "0001-01-01", "9999-12-31"):
        assert report(staff, since=typed, until=typed).status_code == 200


def test_the_report_costs_the_same_for_few_and_many_searches(staff: Any) -> None:
    report(staff)
    costs = []
    for number in range(2):
        for each in range(20):
            a_tally(f"tide {number} {each}", 5, empty=each, ago=each)
        with CaptureQueriesContext(connection) as queries:
            report(staff)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_the_table_opens_in_a_spreadsheet_without_running_anything(staff: Any) -> None:
    a_tally("=cmd|' /c calc'!a0", 4, empty=1, opened=2)
    a_tally("북한", 3)
    a_tally("before", 3, ago=60)
    response = staff.get(desk_url("searchtally", "csv"))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    assert list(csv.reader(response.content.decode("utf-8-sig").splitlines())) == [
        ["search", "searches", "found nothing", "opened a result"],
        ["'=cmd|' /c calc'!a0", "4", "1", "2"],
        ["북한", "3", "0", "0"],
    ]


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_formulas_are_made_harmless(value: str) -> None:
    assert harmless(value) == f"'{value}"
    assert harmless(f"a{value}") == f"a{value}"


# --- The start page ---------------------------------------------------------------------


def test_the_start_page_says_what_readers_looked_for_in_vain(staff: Any) -> None:
    a_tally("zeppelin", 2, empty=2, ago=6)
    a_tally("balloon", 2, empty=2, ago=7)
    a_tally("tide", 2)
    response = staff.get(reverse("admin:index"))
    assert [row.query for row in response.context["desk"].found_nothing] == ["zeppelin"]
    assert "2 times in 7 days" in response.content.decode()


def test_the_start_page_keeps_it_from_those_without_the_right(client: Any) -> None:
    a_tally("zeppelin", 2, empty=2)
    sign_in_with(client, "view_publication")
    text = client.get(reverse("admin:index")).content.decode()
    assert "In review" in text
    assert "zeppelin" not in text
    assert "Searches that found nothing" not in text
