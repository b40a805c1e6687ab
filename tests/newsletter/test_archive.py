"""The issues on the web: the list, one issue, the feeds."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import html5lib
import pytest
from django.utils import timezone

from newsletter.actions import sending
from newsletter.mail.rendering import TOKEN
from newsletter.models import Issue, IssueStatus
from publications.models import Page, SiteSettings
from tests.factories import a_work, an_author, an_outlet
from tests.newsletter.making import a_list, a_subscriber, an_issue

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://www.example.org"
NOTHING_YET = "No issue has been sent yet."


@pytest.fixture
def weekly():
    weekly = a_list("Weekly")
    a_subscriber(lists=[weekly])
    return weekly


@pytest.fixture
def sent(weekly) -> Issue:
    """An issue on its way to the one subscriber of its list."""
    Page.objects.create(title="About", slug="about", body="<p>Us.</p>")
    work = a_work(
        "한미동맹의 미래 & <more>",
        slug="alliance",
        authors=[an_author("Chul-soo Kim")],
        outlet=an_outlet("The Korea Times"),
        standfirst="Why it matters.",
    )
    issue = an_issue(
        "This week & <next>",
        lists=[weekly],
        works=[work],
        preheader="The alliance, and more",
        intro='<p>Good <a href="/about/">morning</a>.</p>',
        closing="<p>Good night.</p>",
    )
    return sending.start(issue.pk)


def address_of(issue: Issue) -> str:
    return f"/newsletter/archive/{issue.pk}/"


def page(reader, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_issue_is_shown_as_it_was_sent(reader, sent):
    shown = page(reader, address_of(sent))
    for words in (
        "<h1>This week &amp; &lt;next&gt;</h1>", 'Good <a href="https://www.example.org/about/"',
        "Why it matters.", "Chul-soo Kim", "The Korea Times", "Good night.", "Weekly",
        f'href="{SITE}/publications/alliance/"',
        f'<link rel="canonical" href="{SITE}{address_of(sent)}">',
        '<meta name="description" content="The alliance, and more">',
    ):  # fmt: skip
        assert words in shown, words


def test_what_is_changed_after_sending_changes_nothing_on_the_web(reader, sent):
    before = page(reader, address_of(sent))
    Issue.objects.update(intro="<p>Other words.</p>", closing="")
    sent.items.update(headline="Another")
    assert page(reader, address_of(sent)) == before


def test_nothing_on_the_page_belongs_to_a_recipient(reader, sent):
    response = reader.get(address_of(sent))
    shown = response.content.decode()
    assert TOKEN not in shown
    assert "/newsletter/unsubscribe/" not in shown
    assert "/newsletter/preferences/" not in shown
    assert "/newsletter/go/" not in shown
    assert response["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("status", [IssueStatus.SENDING, IssueStatus.PAUSED, IssueStatus.SENT])
def test_what_has_begun_to_go_out_is_on_the_web(reader, sent, status):
    Issue.objects.update(status=status, finished_at=timezone.now())
    assert reader.get(address_of(sent)).status_code == 200
    assert "This week" in page(reader, "/newsletter/archive/")


@pytest.mark.parametrize("status", [IssueStatus.CANCELLED, IssueStatus.DRAFT])
def test_what_has_not_gone_out_is_not(reader, sent, status):
    Issue.objects.update(status=status)
    assert reader.get(address_of(sent)).status_code == 404
    for address in ("", "atom/", "rss/"):
        assert "This week" not in page(reader, f"/newsletter/archive/{address}")


def test_what_staff_took_off_the_web_is_not_there(reader, sent):
    Issue.objects.update(is_archived=False)
    assert reader.get(address_of(sent)).status_code == 404
    for address in ("", "atom/", "rss/"):
        assert "This week" not in page(reader, f"/newsletter/archive/{address}")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_an_issue_that_there_is_not_answers_404(reader, number):
    assert reader.get(f"/newsletter/archive/{number}/").status_code == 404


@pytest.mark.parametrize("address", ["", "atom/", "rss/", "{}/"])
def test_nothing_but_reading_is_possible(reader, sent, address):
    assert reader.post(f"/newsletter/archive/{address.format(sent.pk)}").status_code == 405


def test_an_archive_without_issues_says_so(reader):
    shown = page(reader, "/newsletter/archive/")
    assert NOTHING_YET in shown
    assert 'action="/newsletter/"' in shown


def several(weekly, number: int) -> None:
    now = timezone.now()
    for each in range(number):
        issue = sending.start(an_issue(f"Issue {each}", lists=[weekly]).pk)
        Issue.objects.filter(pk=issue.pk).update(started_at=now + timedelta(minutes=each))


def test_the_list_is_paged_newest_first(reader, weekly, settings):
    settings.PAGE_SIZE = 2
    several(weekly, 5)
    shown = [page(reader, f"/newsletter/archive/?page={number}") for number in (1, 2, 3)]
    for number, has in enumerate(([4, 3], [2, 1], [0])):
        for each in range(5):
            assert (f">Issue {each}</a>" in shown[number]) == (each in has)
    assert shown[0].index("Issue 4") < shown[0].index("Issue 3")
    assert NOTHING_YET not in shown[0]
    for missing in ("4", "0", "x"):
        assert reader.get(f"/newsletter/archive/?page={missing}").status_code == 404


def test_pages_cost_the_same_number_of_queries_however_much_there_is(
    reader, weekly, django_assert_num_queries
):
    for _round in range(2):
        several(weekly, 4)
        with django_assert_num_queries(4):
            page(reader, "/newsletter/archive/")
        with django_assert_num_queries(2):
            page(reader, "/newsletter/archive/atom/")


@pytest.mark.parametrize("address", ["", "{}/"])
def test_pages_are_valid_and_name_the_feeds(reader, sent, address):
    shown = page(reader, f"/newsletter/archive/{address.format(sent.pk)}")
    parser = html5lib.HTMLParser()
    parser.parse(shown)
    assert parser.errors == []
    assert shown.count("<h1") == 1
    assert shown.count('action="/newsletter/"') == 1
    for kind in ("rss", "atom"):
        assert f'<a href="{SITE}/newsletter/archive/{kind}/">' in shown
        assert f'type="application/{kind}+xml" title="Newsletter' in shown


def test_the_atom_feed_has_the_whole_issue(reader, sent):
    response = reader.get("/newsletter/archive/atom/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert feed.findtext(f"{ATOM}title") == "The Institute: Newsletter"
    [entry] = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "This week & <next>"
    assert entry.findtext(f"{ATOM}id") == f"{SITE}{address_of(sent)}"
    assert entry.findtext(f"{ATOM}summary") == "The alliance, and more"
    text = entry.findtext(f"{ATOM}content")
    for words in ("Good night.", "Why it matters.", f'href="{SITE}/publications/alliance/"'):
        assert words in text
    assert "/newsletter/unsubscribe/" not in text
    assert "class=" not in text


def test_the_rss_feed_has_the_whole_issue(reader, sent):
    response = reader.get("/newsletter/archive/rss/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ET.fromstring(response.content).find("channel")
    assert channel.findtext("link") == f"{SITE}/newsletter/archive/"
    [item] = channel.iter("item")
    assert item.findtext("link") == f"{SITE}{address_of(sent)}"
    assert "Why it matters." in item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")


def test_a_feed_survives_characters_that_xml_does_not_allow(reader, sent):
    SiteSettings.objects.update(name="Institute\x0b")
    facts = sent.content.facts
    sent.content.facts = {**facts, "subject": "Sub\x0cject", "preheader": "Pre\x02header"}
    sent.content.save()
    for kind in ("atom", "rss"):
        ET.fromstring(reader.get(f"/newsletter/archive/{kind}/").content)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_an_empty_feed_is_a_feed_and_the_same_every_time(reader, kind):
    first, second = (reader.get(f"/newsletter/archive/{kind}/") for _each in range(2))
    assert ET.fromstring(first.content) is not None
    assert first.content == second.content
    again = reader.get(f"/newsletter/archive/{kind}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
