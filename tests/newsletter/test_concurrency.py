from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from newsletter.models import Confirmation, ConsentEvent, Subscriber, Subscription
from tests.newsletter.conftest import Visitor, link_in

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
