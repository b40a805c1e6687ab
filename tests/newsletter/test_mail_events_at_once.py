from threading import Barrier, Thread

from django.db import connection

from newsletter.actions.mail_events import take_in
from newsletter.bounces.reading import read
from newsletter.models import MailEvent, Subscriber
from tests.newsletter.reports import FULL, a_bounce, a_delivery, headers_of


def test_twenty_parallel_reports_have_one_effect(committed):
    raw = a_bounce(FULL, status="4.2.2", original=headers_of(a_delivery()))
    [report] = read(raw)
    start, found = Barrier(20), []

    def take() -> None:
        start.wait()
        found.append(take_in(report, "mail"))
        connection.close()

    threads = [Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(filter(None, found))) == 1
    assert Subscriber.objects.get().soft_bounces == 1
    assert MailEvent.objects.count() == 1
