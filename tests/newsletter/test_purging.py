from datetime import timedelta

import time_machine
from django.core.management import call_command
from django.utils import timezone

from newsletter.models import Confirmation, ConsentEvent, Counter, Subscriber, Subscription
from tests.newsletter.conftest import link_in


def purge_after(days: int, capsys) -> str:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        call_command("purge_unconfirmed")
    return capsys.readouterr().out


def test_what_was_not_confirmed_is_forgotten_after_30_days(visitor, inbox, capsys):
    visitor.sign_up("never@example.org")
    visitor.sign_up("confirmed@example.org")
    visitor.post(link_in(inbox()[-1]))
    assert "Deleted 0 unconfirmed" in purge_after(29, capsys)
    assert Subscriber.objects.count() == 2
    said = purge_after(31, capsys)
    assert "Deleted 1 unconfirmed subscriptions, 1 subscribers" in said
    assert [each.address for each in Subscriber.objects.all()] == ["confirmed@example.org"]
    assert Subscription.objects.get().status == "active"
    assert not Counter.objects.exists()


def test_the_proof_stays_without_the_address(visitor, inbox, capsys):
    visitor.sign_up("never@example.org")
    purge_after(31, capsys)
    [event] = ConsentEvent.objects.all()
    assert (event.kind, event.subscriber) == ("requested", None)


def test_old_links_go_and_people_who_left_stay(visitor, inbox, capsys):
    visitor.sign_up()
    visitor.post(link_in(inbox()[-1]))
    visitor.post(link_in(inbox()[-1]))
    purge_after(40, capsys)
    assert not Confirmation.objects.exists()
    assert Subscription.objects.get().status == "unsubscribed"


def test_purging_again_changes_nothing(visitor, capsys):
    visitor.sign_up()
    purge_after(31, capsys)
    assert "Deleted 0 unconfirmed subscriptions, 0 subscribers" in purge_after(31, capsys)
