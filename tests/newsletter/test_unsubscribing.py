import re

import pytest
from django.utils.timezone import now

from kei_site.common.signing import sign
from newsletter.mail.links import Recipient, read_token, token_for
from newsletter.models import ConsentEvent, MailingList, Subscriber, Subscription
from tests.newsletter.conftest import link_in, the_list
from tests.newsletter.making import a_list, a_subscriber, an_issue


@pytest.fixture
def way_out(visitor, inbox) -> str:
    """The path in the welcome mail of an active subscriber."""
    visitor.sign_up()
    visitor.post(link_in(inbox()[0]))
    return link_in(inbox()[1])


def status() -> str:
    return Subscription.objects.get().status


def test_the_link_shows_a_button_and_the_button_unsubscribes(visitor, way_out):
    page = visitor.get(way_out)
    assert page.status_code == 200
    assert "Leave our mailing list?" in page.content.decode()
    assert status() == "active"
    answer = visitor.post(way_out)
    assert answer.status_code == 200
    assert "not subscribed any more" in answer.content.decode()
    assert status() == "unsubscribed"
    assert ConsentEvent.objects.first().kind == "unsubscribed"


def test_one_click_needs_no_cookie_no_token_and_no_redirect(visitor, way_out):
    answer = visitor.post(
        way_out,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    )
    assert answer.status_code == 200
    assert not answer.cookies
    assert status() == "unsubscribed"


def test_one_click_as_multipart_works_too(visitor, way_out):
    assert visitor.post(way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert status() == "unsubscribed"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_scanner_takes_nobody_off(visitor, way_out, method):
    for _ in range(3):
        assert getattr(visitor, method)(way_out).status_code == 200
    assert status() == "active"


def test_leaving_twice_is_friendly_and_counts_once(visitor, way_out):
    visitor.post(way_out)
    again = visitor.post(way_out)
    assert again.status_code == 200
    assert "not subscribed any more" in visitor.get(way_out).content.decode()
    assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 1


def test_somebody_who_was_erased_is_answered_all_the_same(visitor, way_out):
    Subscriber.objects.all().delete()
    for answer in (visitor.get(way_out), visitor.post(way_out)):
        assert answer.status_code == 200
        assert "none of our lists" in answer.content.decode()


@pytest.mark.parametrize(
    "signed",
    [
        "1",
        "1:",
        "1:forged",
        ":",
        sign("another.purpose", "1"),
        "한:국",
        "%00:%00",
        "%ff",
        "1:" + "a" * 3000,
    ],
)
def test_a_link_we_did_not_sign_does_nothing(visitor, way_out, signed):
    for answer in (
        visitor.get(f"/newsletter/unsubscribe/{signed}/"),
        visitor.post(f"/newsletter/unsubscribe/{signed}/"),
    ):
        assert answer.status_code == 404
    assert status() == "active"


def test_the_link_survives_a_new_secret_key_while_the_old_one_is_known(visitor, way_out, settings):
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-django-to-accept-it"
    assert visitor.post(way_out).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert visitor.post(way_out).status_code == 200
    assert status() == "unsubscribed"


def test_the_link_is_for_one_purpose(visitor):
    assert read_token(token_for(Recipient(7, 3))) == (7, 3)


# --- The link in an issue ---------------------------------------------------------------


@pytest.fixture
def two_lists(db) -> Subscriber:
    return a_subscriber("reader@example.org", lists=[the_list(), a_list("Trade", slug="trade")])


def way_out_of(issue_id: int, reader: Subscriber) -> str:
    return f"/newsletter/unsubscribe/{token_for(Recipient(reader.pk, issue_id))}/"


def statuses() -> dict[str, str]:
    return dict(Subscription.objects.values_list("mailing_list__slug", "status"))


def test_the_link_in_an_issue_leaves_the_lists_of_that_issue(visitor, two_lists):
    path = way_out_of(an_issue(lists=[the_list()]).pk, two_lists)
    page = visitor.get(path).content.decode()
    assert "<dd>New publications</dd>" in page
    assert "<dd>Trade</dd>" not in page
    for _ in range(2):
        answer = visitor.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert statuses() == {"new-publications": "unsubscribed", "trade": "active"}
    assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 1
    text = answer.content.decode()
    assert "Leave all lists" in text
    assert "Trade" in text
    assert "/newsletter/preferences/" in text
    [leave_all] = re.findall(r'action="(/newsletter/unsubscribe/[^"]+)"', text)
    assert visitor.post(leave_all).status_code == 200
    assert set(statuses().values()) == {"unsubscribed"}


def test_an_issue_for_two_lists_leaves_both_and_only_what_was_taken(visitor, two_lists):
    third = a_list("Third", slug="third")
    Subscription.objects.create(subscriber=two_lists, mailing_list=third)
    issue = an_issue(lists=[the_list(), MailingList.objects.get(slug="trade")])
    assert visitor.post(way_out_of(issue.pk, two_lists)).status_code == 200
    assert statuses() == {
        "new-publications": "unsubscribed", "trade": "unsubscribed", "third": "pending",
    }  # fmt: skip


def test_an_issue_without_lists_or_one_that_is_gone_leaves_everything(visitor, two_lists):
    empty = an_issue(lists=[])
    empty.lists.clear()
    for issue_id in (empty.pk, empty.pk + 1000):
        Subscription.objects.update(status="active", confirmed_at=now(), unsubscribed_at=None)
        assert visitor.post(way_out_of(issue_id, two_lists)).status_code == 200
        assert set(statuses().values()) == {"unsubscribed"}


def test_the_page_of_somebody_erased_offers_nothing_personal(visitor, two_lists):
    path = way_out_of(an_issue(lists=[the_list()]).pk, two_lists)
    Subscriber.objects.all().delete()
    for answer in (visitor.get(path), visitor.post(path)):
        assert answer.status_code == 200
        assert "/newsletter/preferences/" not in answer.content.decode()
