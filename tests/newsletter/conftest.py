"""A visitor, the mail that arrives, and a database that other threads see."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from kei_site.common import courier
from newsletter.models import MailingList
from tests.conftest import SEEDED_LIST, HttpsClient
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.sink import Mailbox, mail_server


@pytest.fixture(autouse=True)
def _site_address(settings) -> None:
    """The address in mail, whatever the environment of the tests says."""
    settings.SITE_URL = "https://www.example.org"


@pytest.fixture(autouse=True)
def _no_mail_is_left_behind() -> Iterator[None]:
    """What one test sends never arrives in the next."""
    yield
    courier.wait()


class Visitor(HttpsClient):
    """A reader who signs up from a page of the site."""

    def sign_up(self, email: str = "reader@example.org", **more: Any) -> Any:
        headers = more.pop("headers", {"Sec-Fetch-Site": "same-origin"})
        return self.post("/newsletter/", {"email": email, **more}, headers=headers)


@pytest.fixture
def visitor(db, django_capture_on_commit_callbacks) -> Visitor:
    """A visitor in a test whose transaction is rolled back: what is due on commit is done."""

    class CommittingVisitor(Visitor):
        def request(self, **environ: Any) -> Any:
            with django_capture_on_commit_callbacks(execute=True):
                return super().request(**environ)

    return CommittingVisitor(enforce_csrf_checks=True)


@pytest.fixture
def inbox() -> Callable[[], list[EmailMultiAlternatives]]:
    """What has arrived when the courier is done."""

    def read() -> list[Any]:
        courier.wait()
        return mail.outbox

    return read


@pytest.fixture
def mailbox(committed: None) -> Iterator[Mailbox]:
    with mail_server(Mailbox()) as box:
        yield box


@pytest.fixture
def readers(committed: None) -> MailingList:
    """Ten people on a list."""
    weekly = a_list("Weekly")
    for number in range(10):
        a_subscriber(f"reader{number}@example.org", lists=[weekly])
    return weekly


def link_in(message: EmailMultiAlternatives) -> str:
    """The path of the one link in a message that confirms or leaves."""
    found = re.findall(
        r"https://[^/\s]+(/newsletter/(?:confirm|address|unsubscribe)/\S+/)", str(message.body)
    )
    [path] = set(found)
    return path


def the_list() -> MailingList:
    return MailingList.objects.get(slug=SEEDED_LIST)
