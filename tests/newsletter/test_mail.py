import email
import email.policy
import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from django.db import IntegrityError, transaction

from kei_site.common import courier
from newsletter.mail import transactional
from newsletter.models import Subscriber, Subscription
from publications.models import SiteSettings
from tests.newsletter.conftest import Visitor, link_in, the_list


class Sink:
    """Keep every message that arrives."""

    def __init__(self) -> None:
        self.envelopes: list = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 Kept"


def relay(port: int) -> dict:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "use_tls": False, "timeout": 5},
        }
    }


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sink(settings, free_port) -> Iterator[Sink]:
    """A mail server on the loopback address, set as the relay."""
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port)
    server.start()
    settings.MAILERS = relay(free_port)
    yield sink
    courier.wait()
    server.stop()


def arrived(sink: Sink) -> list[email.message.EmailMessage]:
    courier.wait()
    return [
        email.message_from_bytes(each.content, policy=email.policy.default)
        for each in sink.envelopes
    ]


def test_the_mail_to_confirm_reaches_a_real_server_in_two_parts(visitor, sink):
    visitor.sign_up("Reader@exämple.org")
    [message] = arrived(sink)
    assert sink.envelopes[0].rcpt_tos == ["Reader@xn--exmple-cua.org"]
    assert message.get_content_type() == "multipart/alternative"
    kinds = [each.get_content_type() for each in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@www.example.org>")
    assert message["Subject"] == "Please confirm: news from Policy Institute"
    assert "List-Unsubscribe" not in message
    assert not message.defects


def test_the_raw_message_shows_the_whole_link_and_folds_long_headers(visitor, sink):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "한국정책연구원 " * 12})
    visitor.sign_up()
    [message] = arrived(sink)
    raw = sink.envelopes[0].content
    words = message.get_body(("plain",)).get_content().split()
    [link] = [word for word in words if "/newsletter/confirm/" in word]
    assert link.encode() in raw
    headers = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in headers) <= 78
    assert message["Subject"].count("한국정책연구원") == 12


def test_the_link_to_leave_travels_on_one_line_however_long_it_is(visitor, sink, settings):
    settings.SITE_URL = "https://publications.the-institute-with-a-long-name.example.org"
    visitor.sign_up()
    [message] = arrived(sink)
    words = message.get_body(("plain",)).get_content().split()
    [link] = [word for word in words if "/newsletter/confirm/" in word]
    visitor.post(link.removeprefix(settings.SITE_URL))
    courier.wait()
    raw = sink.envelopes[-1].content
    line = next(each for each in raw.split(b"\r\n") if each.startswith(b"List-Unsubscribe:"))
    assert line.startswith(f"List-Unsubscribe: <{settings.SITE_URL}/newsletter/un".encode())
    assert line.endswith(b"/>")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw


def test_a_relay_that_is_down_makes_no_error_and_lets_people_ask_again(
    committed, settings, free_port, caplog, inbox
):
    visitor, working = Visitor(), settings.MAILERS
    settings.MAILERS = relay(free_port)
    for _ in range(2):
        answer = visitor.sign_up("reader@example.org")
        assert (answer.status_code, answer.url) == (302, "/newsletter/check-your-mail/")
        courier.wait()
    assert Subscription.objects.get().status == "pending"
    assert caplog.text.count("did not leave") == 2
    assert "reader@example.org" not in caplog.text
    settings.MAILERS = working
    visitor.sign_up("reader@example.org")
    visitor.sign_up("reader@example.org")
    assert len(inbox()) == 1
    assert visitor.post(link_in(inbox()[0])).status_code == 200
    assert Subscription.objects.get().status == "active"


HOSTILE = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.django_db
@pytest.mark.parametrize("splitter", HOSTILE)
def test_a_hostile_name_of_the_site_makes_no_second_header(splitter):
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": f"Institute{splitter}Bcc: everybody@example.org"}
    )
    subscriber = Subscriber(pk=1, address="a@example.org", normalized="a@example.org")
    message = transactional.welcome(subscriber, lists=[the_list()])
    parsed = email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)
    assert "Bcc" not in parsed
    assert parsed["Subject"] == "Welcome: news from Institute Bcc: everybody@example.org"


@pytest.mark.django_db
@pytest.mark.parametrize("splitter", [*HOSTILE, " ", "\t"])
def test_the_database_itself_refuses_a_hostile_address(splitter):
    hostile = f"a@example.org{splitter}Bcc:b@example.org"
    for facts in (
        {"address": hostile, "normalized": "a@example.org"},
        {"address": "a@example.org", "normalized": hostile.lower()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscriber.objects.bulk_create([Subscriber(**facts)])
    Subscriber.objects.bulk_create([Subscriber(address="A@x.org", normalized="a@x.org")])


@pytest.mark.parametrize("splitter", [*HOSTILE, "\x00"])
def test_a_hostile_address_is_refused_at_the_form(visitor, inbox, splitter):
    answer = visitor.sign_up(f"a@example.org{splitter}Bcc: b@example.org")
    assert answer.status_code == 422
    assert inbox() == []


@pytest.mark.django_db
def test_mail_is_written_in_the_language_of_the_subscriber(visitor, inbox):
    visitor.sign_up()
    assert '<html lang="en">' in inbox()[0].alternatives[0].content
    subscriber = Subscriber(pk=1, address="a@x.org", normalized="a@x.org", language="ko")
    korean = transactional.welcome(subscriber, lists=[the_list()])
    assert '<html lang="ko">' in korean.alternatives[0].content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("#14386b", "#14386b"),
        ("#707070", "#707070"),
        ("#ffd400", "#1a1c20"),
        ("#FFFFFF", "#1a1c20"),
    ],
)
def test_the_color_of_the_site_is_used_where_it_can_be_read(chosen, shown):
    SiteSettings.objects.update_or_create(pk=1, defaults={"brand_color": chosen})
    subscriber = Subscriber(pk=1, address="a@x.org", normalized="a@x.org")
    message = transactional.confirmation(subscriber, token="t", lists=[the_list()])
    assert f"background-color:{shown};" in message.alternatives[0].content
