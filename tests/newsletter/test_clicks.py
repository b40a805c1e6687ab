from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kei_site.common.signing import sign
from newsletter.mail.clicks import read_click, tracked
from newsletter.models import Issue, IssueLink, NewsletterSettings
from tests.conftest import HttpsClient

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TARGET = "https://www.example.org/publications/한국/?q=a&b=%20#part"
MACHINES = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Barracuda Sentinel (EE)",
    "python-requests/2.32",
    "curl/8.9",
    "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    "Mozilla/5.0 (via ggpht.com GoogleImageProxy)",
]
PEOPLE = [
    BROWSER,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0.17726; ms-office)",
]


@pytest.fixture
def link(db) -> IssueLink:
    issue = Issue.objects.create(subject="Twelve new works")
    return IssueLink.objects.create(issue=issue, number=3, url=TARGET)


def path_of(link: IssueLink) -> str:
    return urlsplit(tracked(link.issue_id, link.number)).path


def follow(path: str, *, method: str = "get", network: str = "192.0.2.7", **headers: str):
    ask = getattr(HttpsClient(), method)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(path, headers={"User-Agent": BROWSER} | named, REMOTE_ADDR=network)


def tally(link: IssueLink) -> tuple[int, int]:
    link.refresh_from_db()
    return link.clicks, link.machine_clicks


def test_a_click_is_counted_and_leads_to_the_stored_address_and_nowhere_else(link):
    answer = follow(path_of(link) + "?url=https://evil.example/&next=//evil.example")
    assert answer.status_code == 302
    assert (
        answer["Location"]
        == "https://www.example.org/publications/%ED%95%9C%EA%B5%AD/?q=a&b=%20#part"
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert tally(link) == (1, 0)


def test_the_address_holds_issue_and_number_only(link):
    assert tracked(link.issue_id, 3).startswith("https://www.example.org/newsletter/go/")
    assert read_click(path_of(link).split("/")[-2]) == (link.issue_id, 3)
    assert tracked(link.issue_id, 3) == tracked(link.issue_id, 3)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_count_as_people(link, agent):
    assert follow(path_of(link), User_Agent=agent).status_code == 302
    assert tally(link) == (1, 0)


@pytest.mark.parametrize("agent", MACHINES)
def test_programs_are_led_on_and_counted_apart(link, agent):
    answer = follow(path_of(link), User_Agent=agent)
    assert answer.status_code == 302
    assert tally(link) == (0, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X_Moz": "prefetch"},
        {"X_Purpose": "preview"},
    ],
)
def test_a_page_loaded_ahead_of_time_is_nobodys_click(link, headers):
    assert follow(path_of(link), **headers).status_code == 302
    assert tally(link) == (0, 1)


def test_asking_for_the_headers_alone_is_no_click(link):
    answer = follow(path_of(link), method="head")
    assert (answer.status_code, answer.content) == (302, b"")
    assert tally(link) == (0, 1)


def test_more_than_three_clicks_of_a_network_in_a_second_are_a_machine(link):
    with time_machine.travel("2026-03-01 09:00:00", tick=False) as clock:
        for _ in range(5):
            follow(path_of(link), network="192.0.2.7")
        assert tally(link) == (3, 2)
        follow(path_of(link), network="198.51.100.7")
        assert tally(link) == (4, 2)
        clock.shift(1)
        follow(path_of(link), network="192.0.2.200")
        assert tally(link) == (5, 2)


def test_three_clicks_on_another_issue_are_counted_by_themselves(link):
    other = IssueLink.objects.create(
        issue=Issue.objects.create(subject="Other"), number=1, url=TARGET
    )
    with time_machine.travel("2026-03-01 09:00:00", tick=False):
        for _ in range(4):
            follow(path_of(link))
        follow(path_of(other))
    assert tally(link) == (3, 1)
    assert tally(other) == (1, 0)


def test_nothing_is_counted_where_clicks_are_not_counted(link):
    NewsletterSettings.objects.create(pk=1, counts_clicks=False)
    for agent in (BROWSER, "curl/8.9"):
        assert follow(path_of(link), User_Agent=agent).status_code == 302
    assert tally(link) == (0, 0)


def test_100_visits_of_scanners_change_no_count_of_people(link):
    path = path_of(link)
    for number in range(50):
        follow(path, User_Agent=MACHINES[number % len(MACHINES)])
        follow(path, method="head")
    assert tally(link) == (0, 100)


@pytest.mark.parametrize(
    "signed",
    ["", "1.3", "1.3:forged", ":", "한:국", "%00:%00", "x" * 3000, sign("another.purpose", "1.3")],
)
def test_an_address_we_did_not_make_leads_nowhere(link, signed):
    assert follow(f"/newsletter/go/{signed}/").status_code == 404
    assert tally(link) == (0, 0)


def test_a_link_that_is_not_stored_any_more_is_a_page_that_says_so(link):
    path = path_of(link)
    link.delete()
    answer = follow(path)
    assert answer.status_code == 404
    assert "We do not know this link" in answer.content.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_an_address_that_is_not_of_the_web_is_never_followed(link, url):
    IssueLink.objects.update(url=url)
    answer = follow(path_of(link))
    assert answer.status_code == 400
    assert "Location" not in answer
    assert tally(link) == (0, 0)


def test_only_reading_is_allowed(link):
    assert follow(path_of(link), method="post").status_code == 405
    assert tally(link) == (0, 0)


def test_a_click_takes_few_queries_and_stores_nothing_about_a_person(link):
    with CaptureQueriesContext(connection) as done:
        follow(path_of(link))
    written = [each["sql"] for each in done if "UPDATE" in each["sql"] or "INSERT" in each["sql"]]
    assert len([each for each in done if "SAVEPOINT" not in each["sql"]]) == 4
    assert len(written) == 2
    assert not any("192.0.2.7" in each or BROWSER in each for each in written)
