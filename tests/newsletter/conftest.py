"""A visitor, the mail that arrives, and a database that other threads see."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from newsletter.mail import courier
from newsletter.models import MailingList
from tests.conftest import HttpsClient

EVERYTHING_STORED = """
TRUNCATE newsletter_subscriber, newsletter_consentevent, newsletter_suppression,
    newsletter_counter, newsletter_issue CASCADE
"""


@pytest.fixture(autouse=True)
def _site_address(settings) -> None:
    """The address in mail, whatever the environment of the tests says."""
    settings.SITE_URL = "https://www.example.org"


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
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Real transactions that other threads see.

    Only the rows of the newsletter are removed afterwards: what migrations
    seeded stays for the tests to come, which Django's own flush would not do.
    """
    with django_db_blocker.unblock():
        yield
        courier.wait()
        with connection.cursor() as cursor:
            cursor.execute(EVERYTHING_STORED)


@pytest.fixture
def inbox() -> Callable[[], list[EmailMultiAlternatives]]:
    """What has arrived when the courier is done."""

    def read() -> list[Any]:
        courier.wait()
        return mail.outbox

    return read


def link_in(message: EmailMultiAlternatives) -> str:
    """The path of the one link to the newsletter in a message."""
    [path] = set(re.findall(r"https://[^/\s]+(/newsletter/\S+/)", str(message.body)))
    return path


def the_list() -> MailingList:
    return MailingList.objects.get(slug="new-publications")
