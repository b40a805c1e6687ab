import email
import email.policy
import re

import idna
import pytest

from newsletter.mail.headers import ascii_address, for_leaving, for_lists, site_host
from newsletter.mail.links import Recipient, token_for
from newsletter.mail.prebuilt import message_id_of
from newsletter.models import Subscriber, Subscription
from tests.newsletter.conftest import the_list
from tests.newsletter.test_prebuilt import build, read, written

# RFC 2919, 3: dot-atom-text, 255 octets at most.
LIST_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)+>")
KOREAN = idna.encode("정책-연구").decode()
LINK = "https://www.example.org/newsletter/unsubscribe/7:abc/"


@pytest.mark.parametrize(
    ("slugs", "list_id"),
    [
        (["news"], "<news.newsletter.www.example.org>"),
        (["정책-연구"], f"<{KOREAN}.newsletter.www.example.org>"),
        (["news", "정책"], "<newsletter.www.example.org>"),
        ([], "<newsletter.www.example.org>"),
    ],
)
def test_a_list_id_is_legal_and_says_which_list(slugs, list_id):
    found = for_lists(slugs, issue_id=3)["List-Id"]
    assert found == list_id
    assert LIST_ID.fullmatch(found)


@pytest.mark.parametrize("slug", ["정" * 100, "x" * 100, "가-힣_A9" * 12])
def test_the_longest_slugs_have_a_short_list_id_of_their_own(slug):
    found, other = (for_lists([each], issue_id=3)["List-Id"] for each in (slug, slug[:-1]))
    assert LIST_ID.fullmatch(found)
    assert len(found) <= 100
    assert found != other
    assert found == for_lists([slug], issue_id=4)["List-Id"]


@pytest.mark.parametrize("site", ["https://www.example.org", "https://policy.institute.or.kr"])
def test_a_feedback_id_has_four_fields_and_the_sender_last(settings, site):
    settings.SITE_URL = site
    *fields, sender = for_lists(["정책-연구", "news"], issue_id=3)["Feedback-ID"].split(":")
    assert fields == ["3", f"{KOREAN}+news", "newsletter"]
    assert 5 <= len(sender) <= 15


def test_leaving_by_mail_is_offered_where_there_is_a_mailbox(settings):
    assert for_leaving(LINK, token="7:abc")["List-Unsubscribe"] == f"<{LINK}>"
    settings.UNSUBSCRIBE_ADDRESS = "leave+news@example.org"
    assert for_leaving(LINK)["List-Unsubscribe"] == f"<{LINK}>"
    assert for_leaving(LINK, token="7:abc") == {
        "List-Unsubscribe": f"<{LINK}>, <mailto:leave+news@example.org?subject=7:abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org", "www.example.org"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "[IPv6:::1]"),
        ("https://한국.example", "xn--3e0b707e.example"),
    ],
)
def test_the_host_stands_behind_the_at_sign_in_ascii(settings, url, host):
    settings.SITE_URL = url
    assert site_host() == host
    assert message_id_of(1, 2).endswith(f"@{host}>")


@pytest.mark.parametrize(
    ("typed", "written_as"),
    [
        ("Reader@Example.org", "Reader@Example.org"),
        ("reader@bücher.example.org", "reader@xn--bcher-kva.example.org"),
        ("reader@straße.example.org", "reader@xn--strae-oqa.example.org"),
    ],
)
def test_only_the_domain_of_an_address_is_rewritten(typed, written_as):
    assert ascii_address(typed) == written_as


@pytest.mark.parametrize("typed", ["é@example.org", "a@example.org\n", "a@b@c.org", "", "a.@x.org"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        ascii_address(typed)


def test_what_the_header_names_unsubscribes_by_one_click(visitor, settings):
    prebuilt = build()
    for number in range(1, 11):
        address = f"reader{number}@example.org"
        subscriber = Subscriber.objects.create(address=address, normalized=address)
        Subscription.objects.create(
            subscriber=subscriber,
            mailing_list=the_list(),
            status="active",
            confirmed_at=subscriber.created_at,
        )
        token = token_for(Recipient(subscriber.pk, 12))
        message = read(written(prebuilt, address=address, token=token))
        link = message["List-Unsubscribe"].strip("<>")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = link.removeprefix(settings.SITE_URL)
        assert visitor.get(path).status_code == 200
        assert Subscription.objects.get(subscriber=subscriber).status == "active"
        assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Subscription.objects.get(subscriber=subscriber).status == "unsubscribed"


def test_the_two_parts_are_in_the_order_of_their_plainness():
    raw = written(build())
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert [each["Content-Type"] for each in message.iter_parts()] == [
        'text/plain; charset="utf-8"',
        'text/html; charset="utf-8"',
    ]
