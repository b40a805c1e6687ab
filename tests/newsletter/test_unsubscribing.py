import pytest

from kei_site.common.signing import sign
from newsletter.mail.links import LEAVING, unsubscribe_link
from newsletter.models import ConsentEvent, Subscriber, Subscription
from tests.newsletter.conftest import link_in


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
    assert unsubscribe_link(7).endswith(f"/{sign(LEAVING, '7')}/")
