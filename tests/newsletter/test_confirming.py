from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from newsletter.models import ConsentEvent, MailingList, Subscription
from tests.newsletter.conftest import link_in


@pytest.fixture
def link(visitor, inbox) -> str:
    """The path in the mail to confirm."""
    visitor.sign_up()
    return link_in(inbox()[0])


def status() -> str:
    return Subscription.objects.get().status


def test_the_link_shows_a_button_and_the_button_confirms(visitor, inbox, link):
    page = visitor.get(link)
    assert page.status_code == 200
    assert '<form method="post">' in page.content.decode()
    assert status() == "pending"
    answer = visitor.post(link)
    assert answer.status_code == 200
    assert "You are subscribed" in answer.content.decode()
    assert status() == "active"
    assert [each.kind for each in ConsentEvent.objects.order_by("pk")] == ["requested", "confirmed"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_scanner_changes_nothing(visitor, link, method):
    for _ in range(3):
        assert getattr(visitor, method)(link).status_code == 200
    assert status() == "pending"


def test_other_methods_are_refused(visitor, link):
    for method in ("put", "delete", "patch"):
        assert getattr(visitor, method)(link).status_code == 405
    assert status() == "pending"


def test_confirming_twice_is_friendly_and_counts_once(visitor, inbox, link):
    visitor.post(link)
    again = visitor.post(link)
    assert again.status_code == 200
    assert "You are subscribed" in again.content.decode()
    assert "You are subscribed" in visitor.get(link).content.decode()
    assert ConsentEvent.objects.filter(kind="confirmed").count() == 1
    assert len(inbox()) == 2


def test_the_link_works_for_72_hours_and_not_longer(visitor, link):
    with time_machine.travel(timezone.now() + timedelta(hours=72, minutes=1)):
        for answer in (visitor.get(link), visitor.post(link)):
            assert answer.status_code == 410
            assert "expired" in answer.content.decode()
    assert status() == "pending"
    with time_machine.travel(timezone.now() + timedelta(hours=71, minutes=59)):
        assert visitor.post(link).status_code == 200
    assert status() == "active"


@pytest.mark.parametrize("token", ["x", "A" * 43, "한국", "%00", "%ff", "a" * 3000, "..%2f"])
def test_an_unknown_link_says_so_and_shows_a_way_on(visitor, token):
    for answer in (
        visitor.get(f"/newsletter/confirm/{token}/"),
        visitor.post(f"/newsletter/confirm/{token}/"),
    ):
        assert answer.status_code == 404
    if "%2f" not in token:
        assert "do not know this link" in answer.content.decode()
        assert 'action="/newsletter/"' in answer.content.decode()


def test_a_link_does_not_bring_back_somebody_who_left(visitor, inbox, link):
    visitor.post(link)
    visitor.post(link_in(inbox()[-1]))
    for answer in (visitor.get(link), visitor.post(link)):
        assert answer.status_code == 410
    assert status() == "unsubscribed"


def test_a_link_confirms_only_the_lists_it_was_mailed_for(visitor, inbox, link):
    MailingList.objects.create(name="Trade", slug="trade")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        visitor.sign_up(lists=["trade"])
        visitor.post(link)
    statuses = dict(Subscription.objects.values_list("mailing_list__slug", "status"))
    assert statuses == {"new-publications": "active", "trade": "pending"}


def test_an_older_link_still_works_after_a_newer_mail(visitor, inbox, link):
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        visitor.sign_up()
        newer = link_in(inbox()[-1])
        assert visitor.post(link).status_code == 200
        assert "You are subscribed" in visitor.get(newer).content.decode()


def test_the_welcome_shows_the_way_out_to_people_and_to_mail_programs(visitor, inbox, link):
    visitor.post(link)
    welcome = inbox()[-1]
    assert welcome.subject.startswith("Welcome")
    way_out = f"https://www.example.org{link_in(welcome)}"
    assert welcome.extra_headers["List-Unsubscribe"] == f"<{way_out}>"
    assert welcome.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert way_out in welcome.alternatives[0].content
