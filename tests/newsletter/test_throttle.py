from datetime import timedelta

import time_machine
from django.utils import timezone

from newsletter import throttle
from newsletter.models import ConsentEvent, Counter, Subscriber
from newsletter.throttle import Limit


def test_an_address_gets_one_mail_an_hour(visitor, inbox):
    now = timezone.now()
    for _ in range(4):
        assert visitor.sign_up().status_code == 302
    visitor.sign_up("READER@EXAMPLE.ORG")
    assert len(inbox()) == 1
    assert ConsentEvent.objects.count() == 1
    visitor.sign_up("another@example.org")
    assert len(inbox()) == 2
    with time_machine.travel(now + timedelta(minutes=61)):
        visitor.sign_up()
    assert len(inbox()) == 3


def test_an_address_gets_three_mails_a_day(visitor, inbox):
    now = timezone.now()
    for hours in (0, 2, 4, 6, 8, 23):
        with time_machine.travel(now + timedelta(hours=hours)):
            visitor.sign_up()
    assert len(inbox()) == 3
    with time_machine.travel(now + timedelta(hours=25)):
        visitor.sign_up()
    assert len(inbox()) == 4


def test_asking_too_early_does_not_use_up_the_mails_of_the_day(visitor, inbox):
    now = timezone.now()
    for _ in range(5):
        visitor.sign_up()
    for hours in (2, 4):
        with time_machine.travel(now + timedelta(hours=hours)):
            visitor.sign_up()
    assert len(inbox()) == 3


def test_a_network_that_asks_too_often_is_told_to_wait(visitor, inbox, monkeypatch):
    monkeypatch.setattr(throttle, "REQUESTS_OF_A_NETWORK", Limit("network", 2, throttle.HOUR))
    at = {"REMOTE_ADDR": "198.51.100.7"}
    for number in range(2):
        assert visitor.sign_up(f"reader-{number}@example.org").status_code == 302
    refused = visitor.sign_up("late@example.org")
    page = refused.content.decode()
    assert refused.status_code == 429
    assert refused["Retry-After"] == "3600"
    assert "try again in an hour" in page
    assert 'value="late@example.org"' in page
    assert not Subscriber.objects.filter(normalized="late@example.org").exists()
    other = visitor.post("/newsletter/", {"email": "late@example.org"}, **at)
    assert other.status_code == 302


def test_the_site_as_a_whole_has_a_limit(visitor, monkeypatch):
    monkeypatch.setattr(throttle, "REQUESTS_OF_ALL", Limit("all", 1, throttle.HOUR))
    one, two = {"REMOTE_ADDR": "198.51.100.7"}, {"REMOTE_ADDR": "203.0.113.7"}
    assert visitor.post("/newsletter/", {"email": "a@example.org"}, **one).status_code == 302
    assert visitor.post("/newsletter/", {"email": "b@example.org"}, **two).status_code == 429


def test_neighbors_share_a_network_and_a_proxy_is_believed_only_when_it_is_ours(visitor, settings):
    def network_of(**environ) -> str:
        with time_machine.travel(timezone.now() + timedelta(hours=2 * Counter.objects.count())):
            visitor.post("/newsletter/", {"email": "reader@example.org"}, **environ)
        return ConsentEvent.objects.latest("pk").network

    assert network_of(REMOTE_ADDR="198.51.100.7") == "198.51.100.0/24"
    assert network_of(REMOTE_ADDR="2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of(REMOTE_ADDR="::ffff:198.51.100.7") == "198.51.100.0/24"
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 198.51.100.9"}
    Counter.objects.all().delete()
    assert network_of(**forged) == "10.0.0.0/24"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    Counter.objects.all().delete()
    assert network_of(**forged, HTTP_X_FORWARDED_PROTO="https") == "198.51.100.0/24"
    Counter.objects.all().delete()
    hostile = {"HTTP_X_FORWARDED_FOR": "nonsense\x00", "HTTP_X_FORWARDED_PROTO": "https"}
    assert network_of(**hostile) == ""


def test_counters_hold_neither_address_nor_network_of_an_address(visitor):
    visitor.sign_up("reader@example.org")
    assert "reader" not in str(list(Counter.objects.values_list("key", flat=True)))
