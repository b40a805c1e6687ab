from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter import throttle
from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.mail.links import Recipient, token_for
from newsletter.models import Confirmation, ConsentEvent, Subscriber, SuppressionReason
from newsletter.throttle import Limit
from tests.newsletter.conftest import link_in, the_list
from tests.newsletter.making import a_subscriber

OLD, NEW = "old@example.org", "New@example.net"


@pytest.fixture
def reader(db) -> Subscriber:
    return a_subscriber(OLD, lists=[the_list()], soft_bounces=2)


@pytest.fixture
def path(reader) -> str:
    return f"/newsletter/preferences/{token_for(Recipient(reader.pk))}/"


def ask(visitor, path, email=NEW):
    return visitor.post(path, {"do": "move", "email": email})


@pytest.fixture
def links(visitor, inbox, path) -> tuple[str, str]:
    """The links to the old address and to the new one."""
    ask(visitor, path)
    old, new = inbox()
    assert (old.to, new.to) == ([OLD], [NEW])
    return link_in(old), link_in(new)


def address() -> str:
    return Subscriber.objects.get().address


def heading(answer) -> str:
    return answer.content.decode().split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize("order", [1, -1])
def test_the_address_changes_when_both_buttons_were_pressed(visitor, links, reader, order):
    first, second = links[::order]
    for link in links:
        assert heading(visitor.get(link)) == "One press and this address agrees"
    assert heading(visitor.post(first)) == "Half of it is done"
    assert heading(visitor.post(first)) == "Half of it is done"
    assert address() == OLD
    assert heading(visitor.post(second)) == "Your address is changed"
    for link in links:
        assert heading(visitor.post(link)) == "Your address is changed"
        assert visitor.get(link).status_code == 200
    changed = Subscriber.objects.get()
    assert (changed.pk, changed.address, changed.normalized) == (reader.pk, NEW, NEW.lower())
    assert (changed.soft_bounces, changed.bounced_at) == (0, None)
    proof = ConsentEvent.objects.filter(kind="changed", text="Another address")
    assert {each.address_hash for each in proof} == {parse(OLD).hash, parse(NEW).hash}
    assert proof.count() == 2


def test_the_mails_name_only_what_their_readers_may_know(visitor, inbox, path):
    ask(visitor, path)
    old, new = inbox()
    for part in (old.body, old.alternatives[0].content):
        assert OLD in part
        assert NEW in part
    for part in (new.body, new.alternatives[0].content):
        assert OLD not in part
        assert "preferences" not in part
    for message in (old, new):
        assert "\n\n\n" not in message.body
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_scanner_changes_nothing(visitor, links, method):
    for link in links:
        for _ in range(3):
            assert getattr(visitor, method)(link).status_code == 200
    assert address() == OLD
    assert not Confirmation.objects.exclude(used_at=None).exists()


# Subscriber and lock; five limits, links; three mails of which one is thrown away; known,
# suppressed; the page.
THE_WORK = ["SELECT"] * 2 + ["INSERT"] * 6 + ["SELECT"] * 5 + ["SELECT"] * 4


@pytest.mark.parametrize("who", ["new", "active", "left", "suppressed"])
def test_the_page_and_the_work_are_the_same_whoever_the_new_address_belongs_to(
    visitor, inbox, path, who
):
    if who in {"active", "left"}:
        status = "active" if who == "active" else "unsubscribed"
        a_subscriber(NEW, lists=[the_list()], status=status)
    if who == "suppressed":
        suppress(parse(NEW), reason=SuppressionReason.COMPLAINT)
    visitor.get(path)
    with CaptureQueriesContext(connection) as done:
        answer = ask(visitor, path)
        work = [each["sql"].split()[0] for each in done if "SAVEPOINT" not in each["sql"]]
    assert answer.status_code == 200
    assert "We have sent a message to both addresses." in answer.content.decode()
    assert work == THE_WORK
    letters = {letter.to[0]: letter for letter in inbox()}
    assert letters[OLD].subject.startswith("Please confirm")
    visitor.post(link_in(letters[OLD]))
    if who == "new":
        assert visitor.post(link_in(letters[NEW])).status_code == 200
    elif who == "suppressed":
        assert NEW not in letters
    else:
        assert "we know this address already" in letters[NEW].body
        assert "/newsletter/address/" not in letters[NEW].body
    mine = Subscriber.objects.order_by("pk").first()
    assert mine.address == (NEW if who == "new" else OLD)


def test_nothing_is_sent_to_an_old_address_that_is_suppressed(visitor, inbox, path):
    suppress(parse(OLD), reason=SuppressionReason.BOUNCE)
    ask(visitor, path)
    assert [letter.to for letter in inbox()] == [[NEW]]


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("", "Type your new address."),
        ("nonsense", "there is no @ in it"),
        ("OLD@example.org", "This is the address that we have."),
        ("a@example.org\nBcc: b@example.org", "more than one @"),
        ("\x00@example.org", "Null characters"),
    ],
)
def test_what_cannot_be_a_new_address_is_refused(visitor, inbox, path, email, why):
    answer = ask(visitor, path, email)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert inbox() == []
    assert not Confirmation.objects.exists()


def test_the_links_work_for_72_hours(visitor, links):
    with time_machine.travel(timezone.now() + timedelta(hours=71)):
        assert visitor.post(links[0]).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        for link in links:
            for answer in (visitor.get(link), visitor.post(link)):
                assert answer.status_code == 410
                assert heading(answer) == "This link has expired"
    assert address() == OLD


def test_the_links_of_two_requests_do_not_mix(visitor, inbox, path, links):
    """One address agreed to the first request and the other to the second: that is no pair."""
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        ask(visitor, path)
        visitor.post(links[0])
        assert heading(visitor.post(link_in(inbox()[-1]))) == "Half of it is done"
        assert address() == OLD
        visitor.post(links[1])
    assert address() == NEW


def test_an_address_that_was_taken_in_the_meantime_is_not_taken_over(visitor, links):
    a_subscriber(NEW)
    visitor.post(links[0])
    answer = visitor.post(links[1])
    assert answer.status_code == 410
    assert "subscriber" not in heading(answer)
    assert Subscriber.objects.filter(address=OLD).exists()


def test_an_address_that_was_suppressed_in_the_meantime_is_not_taken_over(visitor, links):
    suppress(parse(NEW), reason=SuppressionReason.COMPLAINT)
    visitor.post(links[0])
    assert visitor.post(links[1]).status_code == 410
    assert address() == OLD


def test_links_mailed_to_the_old_address_end_with_the_change(visitor, inbox, path, links):
    ask(visitor, path, "third@example.net")
    third = [link_in(letter) for letter in inbox()[2:]]
    for link in links:
        visitor.post(link)
    assert {visitor.post(link).status_code for link in third} == {404}
    assert address() == NEW


def test_a_link_to_confirm_is_for_one_purpose(visitor, inbox, links):
    visitor.sign_up("third@example.net")
    token = link_in(inbox()[-1]).split("/")[-2]
    assert visitor.post(f"/newsletter/address/{token}/").status_code == 404
    token = links[0].split("/")[-2]
    assert visitor.post(f"/newsletter/confirm/{token}/").status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "한국", "%00", "%ff", "a" * 3000])
def test_an_unknown_link_says_so(visitor, token):
    for answer in (
        visitor.get(f"/newsletter/address/{token}/"),
        visitor.post(f"/newsletter/address/{token}/"),
    ):
        assert answer.status_code == 404


def test_an_address_gets_one_mail_an_hour_whoever_asks(visitor, inbox, path):
    visitor.sign_up(NEW)
    assert "We have sent a message" in ask(visitor, path).content.decode()
    assert [letter.to for letter in inbox()] == [[NEW]]
    assert not Confirmation.objects.exclude(purpose="subscribe").exists()


def test_asking_too_often_is_refused_in_words(visitor, inbox, path, monkeypatch):
    monkeypatch.setattr(throttle, "MOVES_A_DAY", Limit("move", 1, throttle.DAY))
    assert ask(visitor, path).status_code == 200
    refused = ask(visitor, path, "third@example.net")
    assert refused.status_code == 429
    assert "try again tomorrow" in refused.content.decode()
    assert len(inbox()) == 2
