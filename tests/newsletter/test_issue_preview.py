"""An issue before it is sent: both parts, light and dark, and a test to a few people."""

import pytest
from django.test import Client
from lxml import html

from newsletter.actions import sending
from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.mail.rendering import TOKEN
from newsletter.models import Delivery, Issue, NewsletterSettings, SuppressionReason
from tests.conftest import HttpsClient
from tests.factories import a_user, a_work
from tests.newsletter.making import a_list, a_subscriber, an_issue

pytestmark = pytest.mark.django_db

PLAIN_LINK = "https://www.example.org/publications/alliance/"


@pytest.fixture
def issue() -> Issue:
    weekly = a_list("Weekly")
    a_subscriber(lists=[weekly])
    work = a_work("한미동맹 & <more>", slug="alliance", standfirst="Why it matters.")
    return an_issue("This week & <next>", lists=[weekly], works=[work], intro="<p>Good day.</p>")


@pytest.fixture
def desk(django_capture_on_commit_callbacks) -> Client:
    """Somebody who may write issues; what is due on commit is done."""

    class CommittingClient(HttpsClient):
        def request(self, **environ):
            with django_capture_on_commit_callbacks(execute=True):
                return super().request(**environ)

    return signed_in("view_issue", "change_issue", client=CommittingClient())


def signed_in(*rights: str, client: Client | None = None) -> Client:
    client = client or HttpsClient()
    client.force_login(a_user(*rights))
    return client


def address_of(issue: Issue, part: str = "") -> str:
    return f"/admin/newsletter/issue/{issue.pk}/preview/{part}"


def policy_of(response) -> dict[str, str]:
    # As WSGI servers ask (PEP 3333).
    assert {type(each) for pair in response.items() for each in pair} == {str}
    header = response["Content-Security-Policy"]
    return dict(each.partition(" ")[::2] for each in header.split("; "))


def page_of(response):
    return html.fromstring(response.content.decode())


def test_the_preview_shows_both_parts(desk, issue):
    response = desk.get(address_of(issue))
    assert response.status_code == 200
    page = page_of(response)
    frames = [each.get("src") for each in page.iter("iframe")]
    assert len(frames) == 3
    for frame in frames:
        assert "Why it matters." in desk.get(frame).content.decode()
    [text] = page.iter("pre")
    assert "한미동맹 & <more>" in text.text_content()
    assert text.text_content() == desk.get(address_of(issue, "text/")).content.decode()
    assert "This week & <next>" in page.text_content()
    assert " KB; Gmail cuts off at 100 KB." in page.text_content()


@pytest.mark.parametrize("part", ["", "html/", "text/"])
def test_the_preview_is_for_those_who_may_see_issues(issue, part):
    address = address_of(issue, part)
    assert signed_in("view_issue").get(address).status_code == 200
    assert signed_in("view_mailinglist").get(address).status_code == 403
    assert HttpsClient().get(address).status_code == 302
    assert signed_in("view_issue").get(address.replace(str(issue.pk), "0")).status_code == 404


def test_the_message_is_shown_under_a_policy_of_its_own(desk, issue):
    response = desk.get(address_of(issue, "html/"))
    assert policy_of(response) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' https://www.example.org",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_the_policy_of_the_page_stays_strict_but_for_frames(desk, issue):
    response = desk.get(address_of(issue))
    policy, usual = policy_of(response), policy_of(desk.get("/admin/"))
    assert policy.pop("frame-src") == "'self'"
    nonces = {policy[name].split("nonce-")[1] for name in ("script-src", "style-src")}
    assert len(nonces) == 1
    assert f'nonce="{nonces.pop()[:-1]}"' in response.content.decode()
    del usual["script-src"], usual["style-src"]
    assert {name: policy[name] for name in usual} == usual
    assert set(policy) - set(usual) == {"script-src", "style-src"}
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert "style=" not in response.content.decode().split("<iframe")[0].split("<main")[1]


@pytest.mark.parametrize(
    ("query", "media"),
    [
        ("", "not all"),
        ("?scheme=light", "not all"),
        ("?scheme=dark", "all"),
        ("?scheme=x", "not all"),
    ],
)
def test_each_scheme_can_be_seen_whatever_the_browser_prefers(desk, issue, query, media):
    markup = desk.get(address_of(issue, f"html/{query}")).content.decode()
    assert f"@media {media} {{" in markup
    assert "prefers-color-scheme" not in markup


def test_the_findings_stand_on_top(desk, issue):
    page = page_of(desk.get(address_of(issue))).text_content()
    assert "Nothing is wrong with it" in page
    issue.lists.clear()
    Issue.objects.update(subject="LOUD")
    response = page_of(desk.get(address_of(issue)))
    found = [each.text_content() for each in response.find_class("preview__findings")[0]]
    assert [each.partition(":")[0].strip() for each in found] == ["Error", "Warning"]
    assert "No list is chosen" in found[0]
    assert "Nothing is wrong with it" not in response.text_content()


def test_an_issue_that_was_sent_is_shown_as_it_was(desk, issue):
    sending.start(issue.pk)
    Issue.objects.update(intro="<p>Other words.</p>")
    issue.lists.clear()
    page = page_of(desk.get(address_of(issue))).text_content()
    assert "As it was sent" in page
    assert "Good day." in page
    assert "No list is chosen" not in page
    for part in ("html/", "text/"):
        assert "Good day." in desk.get(address_of(issue, part)).content.decode()


def test_looking_at_an_issue_counts_no_click(desk, issue):
    for part in ("html/", "text/"):
        shown = desk.get(address_of(issue, part)).content.decode()
        assert PLAIN_LINK in shown
        assert "/newsletter/go/" not in shown


def test_a_test_reaches_each_address_and_takes_nobody_off_a_list(desk, issue, inbox, visitor):
    NewsletterSettings.objects.create(pk=1, reply_to="desk@example.org")
    sent = {"to": "One@exämple.org, two@example.org;\ntwo@example.org"}
    response = desk.post(address_of(issue), sent)
    assert (response.status_code, response.url) == (302, address_of(issue))
    assert "A test is on its way to 2 addresses." in desk.get(response.url).content.decode()
    first, second = inbox()
    assert [first.to, second.to] == [["One@exämple.org"], ["two@example.org"]]
    assert first.subject == "[Test] This week & <next>"
    assert first.reply_to == ["desk@example.org"]
    assert "List-Unsubscribe" not in first.message()
    assert first.message()["Auto-Submitted"] == "auto-generated"
    for part in (first.body, first.alternatives[0].content):
        assert "Why it matters." in part
        assert PLAIN_LINK in part
        assert TOKEN not in part
        assert "https://www.example.org/newsletter/unsubscribe/test/" in part
    for name in ("unsubscribe", "preferences"):
        assert visitor.get(f"/newsletter/{name}/test/").status_code == 404
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Give an address to send the test to."),
        (" ,; ", "Give an address to send the test to."),
        ("somebody", "That does not look like an e-mail address: there is no @ in it."),
        (" ".join(f"r{n}@example.org" for n in range(11)), "A test goes to at most 10 addresses."),
        ("fine@example.org stop@example.org", "stop@example.org is suppressed"),
        ("x" * 6000, "Ensure this value has at most"),
        ("a\x00@example.org", "Null characters are not allowed."),
    ],
)
def test_a_test_that_cannot_be_sent_says_why_and_keeps_what_was_typed(
    desk, issue, inbox, typed, said
):
    suppress(parse("stop@example.org"), reason=SuppressionReason.COMPLAINT)
    response = desk.post(address_of(issue), {"to": typed})
    assert response.status_code == 422
    page = page_of(response)
    assert said in page.get_element_by_id("to-error").text_content()
    if typed.strip(" ,;") and "\x00" not in typed:
        assert page.get_element_by_id("to").get("value") == typed
    assert inbox() == []


def test_ten_addresses_are_few_enough(desk, issue, inbox):
    desk.post(address_of(issue), {"to": " ".join(f"r{n}@example.org" for n in range(10))})
    assert len(inbox()) == 10


def test_who_may_only_look_sends_nothing(issue, inbox):
    onlooker = signed_in("view_issue")
    assert b'name="to"' not in onlooker.get(address_of(issue)).content
    assert onlooker.post(address_of(issue), {"to": "a@example.org"}).status_code == 403
    assert inbox() == []


def test_a_test_needs_the_token_of_its_form(issue, inbox):
    careful = signed_in("view_issue", "change_issue", client=HttpsClient(enforce_csrf_checks=True))
    answer = careful.post(address_of(issue), {"to": "a@example.org"})
    assert answer.status_code == 403
    assert inbox() == []


@pytest.mark.parametrize("part", ["html/", "text/"])
def test_the_parts_can_only_be_read(desk, issue, part):
    assert desk.post(address_of(issue, part)).status_code == 405


def test_the_preview_costs_the_same_number_of_queries_however_long_the_issue(
    desk, issue, django_assert_max_num_queries
):
    with django_assert_max_num_queries(26):
        desk.get(address_of(issue))
    for position in range(2, 14):
        issue.items.create(publication=a_work(), position=position)
    with django_assert_max_num_queries(26):
        desk.get(address_of(issue))
