from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from newsletter.mail.links import Recipient, token_for
from newsletter.models import Confirmation, ConsentEvent, MailingList, Subscriber, Subscription
from tests.newsletter.conftest import Visitor, link_in
from tests.newsletter.making import a_list

AT_ONCE = 20


def all_at_once(do) -> list[int]:
    """Do the same in 20 threads that start together, and return the statuses."""
    start = Barrier(AT_ONCE)

    def one(_number: int) -> int:
        try:
            start.wait()
            return do(Visitor()).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def test_twenty_identical_sign_ups_have_one_effect(committed, inbox):
    assert all_at_once(lambda visitor: visitor.sign_up()) == [302] * AT_ONCE
    assert len(inbox()) == 1
    assert Subscriber.objects.count() == Subscription.objects.count() == 1
    assert ConsentEvent.objects.count() == Confirmation.objects.count() == 1


def test_twenty_presses_of_the_button_confirm_once(committed, inbox):
    Visitor().sign_up()
    link = link_in(inbox()[0])
    assert all_at_once(lambda visitor: visitor.post(link)) == [200] * AT_ONCE
    assert Subscription.objects.get().status == "active"
    assert ConsentEvent.objects.filter(kind="confirmed").count() == 1
    assert len(inbox()) == 2


def test_twenty_presses_of_the_other_button_unsubscribe_once(committed, inbox):
    Visitor().sign_up()
    Visitor().post(link_in(inbox()[0]))
    link = link_in(inbox()[1])
    assert all_at_once(lambda visitor: visitor.post(link)) == [200] * AT_ONCE
    assert Subscription.objects.get().status == "unsubscribed"
    assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 1


@pytest.fixture
def trade(committed) -> MailingList:
    return a_list("Trade", slug="trade")


@pytest.fixture
def reader(committed, inbox) -> Subscriber:
    """Somebody who confirmed, as every thread sees."""
    Visitor().sign_up()
    Visitor().post(link_in(inbox()[0]))
    return Subscriber.objects.get()


def personal(page: str, reader: Subscriber) -> str:
    return f"/newsletter/{page}/{token_for(Recipient(reader.pk))}/"


def test_twenty_identical_changes_leave_one_proof(trade, reader):
    wishes = {"do": "save", "lists": ["trade"], "frequency": "weekly"}
    path = personal("preferences", reader)
    assert all_at_once(lambda visitor: visitor.post(path, wishes)) == [200] * AT_ONCE
    proof = ConsentEvent.objects.filter(subscriber=reader).order_by("pk")
    kinds = [each.kind for each in proof]
    assert kinds == ["requested", "confirmed", "unsubscribed", "changed", "changed"]
    assert Subscription.objects.count() == 2


def test_twenty_changes_of_address_mail_one_pair_and_move_once(reader, inbox):
    wishes = {"do": "move", "email": "new@example.net"}
    path = personal("preferences", reader)
    before = len(inbox())
    assert all_at_once(lambda visitor: visitor.post(path, wishes)) == [200] * AT_ONCE
    first, second = [link_in(letter) for letter in inbox()[before:]]
    assert all_at_once(lambda visitor: visitor.post(first)) == [200] * AT_ONCE
    assert all_at_once(lambda visitor: visitor.post(second)) == [200] * AT_ONCE
    assert Subscriber.objects.get().address == "new@example.net"
    assert ConsentEvent.objects.filter(text="Another address").count() == 2


def test_both_buttons_at_the_same_moment_change_the_address_once(reader, inbox):
    Visitor().post(personal("preferences", reader), {"do": "move", "email": "new@example.net"})
    links = [link_in(letter) for letter in inbox()[-2:]] * (AT_ONCE // 2)
    assert set(all_at_once(lambda visitor: visitor.post(links.pop()))) == {200}
    assert Subscriber.objects.get().address == "new@example.net"
    assert ConsentEvent.objects.filter(text="Another address").count() == 2


def test_twenty_presses_erase_once(reader):
    path = personal("privacy", reader)
    assert all_at_once(lambda visitor: visitor.post(path, {"sure": "on"})) == [200] * AT_ONCE
    assert not Subscriber.objects.exists()
    assert ConsentEvent.objects.filter(kind="erased").count() == 1


def test_erasing_while_everything_else_happens_fails_nobody(reader, inbox):
    Visitor().post(personal("preferences", reader), {"do": "move", "email": "new@example.net"})
    old, new = [link_in(letter) for letter in inbox()[-2:]]
    preferences, privacy = personal("preferences", reader), personal("privacy", reader)
    jobs = [
        (privacy, {"sure": "on"}),
        (preferences, {"do": "leave"}),
        (preferences, {"do": "save", "frequency": "weekly"}),
        (preferences, {"do": "return"}),
        (personal("unsubscribe", reader), {}),
        (old, {}),
        (new, {}),
        (privacy + "data/", {}),
        (preferences, {"do": "move", "email": "third@example.net"}),
        (preferences, {"do": "resume"}),
    ] * (AT_ONCE // 10)
    answers = set(all_at_once(lambda visitor: visitor.post(*jobs.pop())))
    assert answers <= {200, 302, 404, 410}
    assert ConsentEvent.objects.filter(kind="erased").count() == 1
