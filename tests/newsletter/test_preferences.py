import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from kei_site.common.signing import sign
from newsletter import throttle
from newsletter.mail.links import LEAVING, Recipient, token_for
from newsletter.models import ConsentEvent, MailingList, Subscriber, Subscription
from newsletter.throttle import Limit
from newsletter.wording import CONSENT_TEXT
from tests.newsletter.conftest import link_in, the_list
from tests.newsletter.making import a_list, a_subscriber

MISSING = [
    "1", "1:", "1:forged", ":", sign("another.purpose", "1"), "한:국", "%00:%00", "1:" + "a" * 3000,
]  # fmt: skip


@pytest.fixture
def trade(db) -> MailingList:
    return a_list("Trade", slug="trade")


@pytest.fixture
def reader(trade) -> Subscriber:
    """Somebody on the one list and not on the other."""
    return a_subscriber("reader@example.org", lists=[the_list()])


@pytest.fixture
def path(reader) -> str:
    return f"/newsletter/preferences/{token_for(Recipient(reader.pk))}/"


def press(visitor, path, do, **data):
    return visitor.post(path, {"do": do, **data})


def save(visitor, path, *lists, frequency="each"):
    return press(visitor, path, "save", lists=lists, frequency=frequency)


def statuses() -> dict[str, str]:
    return dict(Subscription.objects.values_list("mailing_list__slug", "status"))


def events() -> list[tuple]:
    rows = ConsentEvent.objects.order_by("pk")
    return list(rows.values_list("kind", "mailing_list__slug", "text"))


def ticked(page: str) -> set[str]:
    return set(re.findall(r'value="([^"]+)" checked', page))


def test_the_page_shows_what_holds_now(visitor, reader, path):
    a_list("Staff", slug="staff", is_public=False)
    page = visitor.get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert '<meta name="robots" content="noindex">' in text
    assert "reader@example.org" in text
    assert ticked(text) == {"new-publications", "each"}
    assert 'value="staff"' not in text


def test_a_list_that_is_not_on_offer_is_shown_to_who_is_on_it(visitor, reader, path):
    staff = a_list("Staff", slug="staff", is_public=False)
    Subscription.objects.create(subscriber=reader, mailing_list=staff)
    assert 'value="staff"' in visitor.get(path).content.decode()


def test_saving_changes_lists_and_frequency_and_leaves_a_proof_of_each(visitor, reader, path):
    answer = save(visitor, path, "trade", frequency="weekly")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Saved." in answer.content.decode()
    assert ticked(answer.content.decode()) == {"trade", "weekly"}
    assert statuses() == {"new-publications": "unsubscribed", "trade": "active"}
    assert Subscriber.objects.get().frequency == "weekly"
    assert events() == [
        ("unsubscribed", "new-publications", ""),
        ("changed", "trade", str(CONSENT_TEXT)),
        ("changed", "trade", "Once a week"),
    ]
    event = ConsentEvent.objects.latest("pk")
    assert (event.subscriber, event.network) == (reader, "127.0.0.0/24")
    assert event.form_address == "/newsletter/preferences/"
    assert str(CONSENT_TEXT) in answer.content.decode()


def test_saving_what_holds_already_leaves_no_trace(visitor, path):
    before = Subscription.objects.values().get()
    for _ in range(3):
        assert save(visitor, path, "new-publications").status_code == 200
    assert events() == []
    assert Subscription.objects.values().get() == before


def test_saving_twice_is_one_change(visitor, path):
    for _ in range(2):
        save(visitor, path, "new-publications", "trade")
    assert events() == [("changed", "trade", str(CONSENT_TEXT))]


def test_a_list_that_was_left_can_be_joined_again(visitor, path):
    save(visitor, path)
    assert statuses() == {"new-publications": "unsubscribed"}
    save(visitor, path, "new-publications")
    assert statuses() == {"new-publications": "active"}


def test_a_list_that_waits_is_confirmed_by_ticking_it_and_not_by_anything_else(
    visitor, reader, trade, path
):
    Subscription.objects.create(subscriber=reader, mailing_list=trade)
    page = visitor.get(path).content.decode()
    assert ticked(page) == {"new-publications", "each"}
    assert "not confirmed yet" in page
    save(visitor, path, "new-publications", frequency="daily")
    assert statuses()["trade"] == "pending"
    save(visitor, path, "new-publications", "trade", frequency="daily")
    assert statuses()["trade"] == "active"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, "how often"),
        ({"frequency": "hourly"}, "how often"),
        ({"frequency": "each", "lists": ["nowhere"]}, "not on offer any more"),
        ({"frequency": "each", "lists": ["\x00", "한국" * 1000]}, "not on offer any more"),
        ({"frequency": "\x00"}, "how often"),
    ],
)
def test_a_form_that_is_wrong_changes_nothing_and_says_why(visitor, path, data, why):
    answer = press(visitor, path, "save", **data)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert statuses() == {"new-publications": "active"}
    assert events() == []


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=One-Click", "do=", "do=erase", "do=%00"])
def test_a_press_of_no_button_changes_nothing(visitor, path, body):
    answer = visitor.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert statuses() == {"new-publications": "active"}
    assert events() == []


# --- A break ----------------------------------------------------------------------------


def in_days(number: int) -> str:
    return (timezone.localdate() + timedelta(days=number)).isoformat()


@pytest.mark.parametrize("days", [1, 30, 365])
def test_a_break_lasts_until_a_day_and_can_be_ended(visitor, path, days):
    answer = press(visitor, path, "pause", until=in_days(days))
    assert "End the break" in answer.content.decode()
    assert str(Subscriber.objects.get().paused_until) == in_days(days)
    press(visitor, path, "pause", until=in_days(days))
    press(visitor, path, "resume")
    again = press(visitor, path, "resume")
    assert "Take a break" in again.content.decode()
    assert Subscriber.objects.get().paused_until is None
    assert events() == [
        ("changed", "new-publications", f"Paused until {in_days(days)}"),
        ("changed", "new-publications", "No pause"),
    ]


@pytest.mark.parametrize("until", ["", "soon", "\x00", "0000-00-00", "9999-12-31", 0, -1, 366])
def test_a_break_that_cannot_be_is_refused(visitor, path, until):
    until = until if isinstance(until, str) else in_days(until)
    answer = press(visitor, path, "pause", until=until)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Subscriber.objects.get().paused_until is None


def test_a_break_that_is_over_is_none(visitor, path):
    press(visitor, path, "pause", until=in_days(3))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "Take a break" in visitor.get(path).content.decode()


# --- Leaving and coming back ------------------------------------------------------------


def test_leaving_all_and_coming_back_by_a_mail_to_confirm(visitor, inbox, path):
    save(visitor, path, "new-publications", "trade")
    page = press(visitor, path, "leave").content.decode()
    assert set(statuses().values()) == {"unsubscribed"}
    assert "on none of our lists" in page
    answer = press(visitor, path, "return")
    assert (answer.status_code, answer.url) == (302, "/newsletter/check-your-mail/")
    assert set(statuses().values()) == {"pending"}
    [letter] = inbox()
    assert letter.to == ["reader@example.org"]
    visitor.post(link_in(letter))
    assert set(statuses().values()) == {"active"}


def test_only_what_was_left_last_comes_back(visitor, inbox, path):
    save(visitor, path, "trade")
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        press(visitor, path, "leave")
        press(visitor, path, "return")
    assert statuses() == {"new-publications": "unsubscribed", "trade": "pending"}


def test_leaving_twice_leaves_one_proof(visitor, path):
    press(visitor, path, "leave")
    press(visitor, path, "leave")
    assert events() == [("unsubscribed", "new-publications", "")]


def test_coming_back_too_often_is_refused_in_words(visitor, path, monkeypatch):
    press(visitor, path, "leave")
    monkeypatch.setattr(throttle, "REQUESTS_OF_A_NETWORK", Limit("network", 0, throttle.HOUR))
    answer = press(visitor, path, "return")
    assert answer.status_code == 429
    assert "try again in an hour" in answer.content.decode()


# --- Doors ------------------------------------------------------------------------------


@pytest.mark.parametrize("signed", MISSING)
@pytest.mark.parametrize("page", ["preferences/{}/", "privacy/{}/", "privacy/{}/data/"])
def test_a_link_we_did_not_sign_opens_nothing(visitor, path, page, signed):
    for answer in (
        visitor.get(f"/newsletter/{page.format(signed)}"),
        press(visitor, f"/newsletter/{page.format(signed)}", "leave", sure="on"),
    ):
        assert answer.status_code == 404
    assert statuses() == {"new-publications": "active"}


def test_a_token_in_a_link_of_an_issue_opens_the_same_page(visitor, reader):
    token = token_for(Recipient(reader.pk, 77))
    page = visitor.get(f"/newsletter/preferences/{token}/")
    assert "reader@example.org" in page.content.decode()


def test_an_erased_person_is_told_that_nothing_is_stored(visitor, reader, path):
    Subscriber.objects.all().delete()
    for answer in (visitor.get(path), save(visitor, path, "trade"), press(visitor, path, "leave")):
        assert answer.status_code == 200
        assert "Nothing is stored about you" in answer.content.decode()
    assert events() == []


def test_no_number_is_too_large_for_a_link(visitor, db):
    for value in (str(2**63), str(10**40), f"1.{10**40}"):
        answer = visitor.get(f"/newsletter/preferences/{sign(LEAVING, value)}/")
        assert answer.status_code == 200


def test_too_many_changes_in_a_day_are_refused_but_leaving_never_is(visitor, path, monkeypatch):
    monkeypatch.setattr(throttle, "CHANGES_A_DAY", Limit("change", 2, throttle.DAY))
    for frequency in ("weekly", "daily"):
        assert save(visitor, path, "new-publications", frequency=frequency).status_code == 200
    refused = save(visitor, path, "new-publications", frequency="monthly")
    assert refused.status_code == 429
    assert "try again tomorrow" in refused.content.decode()
    assert Subscriber.objects.get().frequency == "daily"
    assert press(visitor, path, "pause", until=in_days(9)).status_code == 429
    press(visitor, path, "leave")
    assert statuses() == {"new-publications": "unsubscribed"}


def test_the_page_costs_the_same_queries_however_many_lists(
    visitor, reader, path, django_assert_num_queries
):
    visitor.get(path)
    with django_assert_num_queries(4):
        visitor.get(path)
    for number in range(10):
        joined = a_list(f"Another {number}")
        Subscription.objects.create(subscriber=reader, mailing_list=joined)
    with django_assert_num_queries(4):
        page = visitor.get(path).content.decode()
    assert page.count('type="checkbox"') == 12


def test_the_mails_show_the_way_to_the_preferences(visitor, inbox):
    visitor.sign_up("another@example.org")
    visitor.post(link_in(inbox()[-1]))
    welcome = inbox()[-1]
    reader = Subscriber.objects.get()
    link = f"https://www.example.org/newsletter/preferences/{token_for(Recipient(reader.pk))}/"
    for part in (welcome.body, welcome.alternatives[0].content):
        assert link in part
    assert "\n\n\n" not in welcome.body
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        visitor.sign_up("another@example.org")
    already = inbox()[-1]
    assert already.subject.startswith("You are subscribed")
    assert link in already.body
