from itertools import cycle, islice
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.actions import sending
from newsletter.mail.clicks import tracked
from newsletter.models import IssueLink
from newsletter.urls import urlpatterns
from tests.newsletter.conftest import link_in, the_list
from tests.newsletter.making import an_issue

READS = ("SELECT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def paths(visitor, inbox) -> dict[str, str]:
    """Every address of the newsletter, with links that work."""
    visitor.sign_up()
    visitor.post(link_in(inbox()[0]))
    visitor.sign_up("waiting@example.org")
    leave, waiting = link_in(inbox()[1]), link_in(inbox()[2])
    preferences = leave.replace("unsubscribe", "preferences")
    visitor.post(preferences, {"do": "move", "email": "new@example.net"})
    return {
        "subscribe": "/newsletter/",
        "check_mail": "/newsletter/check-your-mail/",
        "confirm": waiting,
        "unsubscribe": leave,
        "preferences": preferences,
        "confirm_move": link_in(inbox()[3]),
        "privacy": leave.replace("unsubscribe", "privacy"),
        "download": leave.replace("unsubscribe", "privacy") + "data/",
        "archive": "/newsletter/archive/",
        "archive_feed": "/newsletter/archive/rss/",
    }


@pytest.fixture
def all_paths(paths) -> dict[str, str]:
    """Also those of an issue, and what only providers may post to."""
    issue = sending.start(an_issue(lists=[the_list()]).pk)
    return paths | {
        "issue": f"/newsletter/archive/{issue.pk}/",
        "go": urlsplit(tracked(issue.pk, 1)).path,
        "provider_event": "/newsletter/webhooks/postmark/tracking/",
    }


SCANNERS = [
    "Mozilla/5.0 (compatible; Barracuda Sentinel)",
    "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks",
    "",
]


def everything_stored() -> dict[str, list[Any]]:
    """All rows of the newsletter, but for the sums of what machines clicked."""
    rows = {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("newsletter").get_models()
    }
    for link in rows["IssueLink"]:
        del link["machine_clicks"]
    rows["Counter"] = [each for each in rows["Counter"] if not each["key"].startswith("click:")]
    return rows


def test_the_test_knows_every_address(all_paths):
    assert {each.name for each in urlpatterns} == set(all_paths)


def test_a_thousand_requests_of_link_scanners_change_nothing(visitor, inbox, all_paths, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:a-password-that-is-long"}
    arrived, before = len(inbox()), everything_stored()
    assert before["Subscriber"]
    assert before["Confirmation"]
    assert before["Delivery"]
    visits = islice(
        cycle(
            (method, path + query, agent)
            for agent in SCANNERS
            for path in all_paths.values()
            for query in ("", "?List-Unsubscribe=One-Click")
            for method in ("get", "head")
        ),
        1000,
    )
    answers = [
        getattr(visitor, method)(path, headers={"User-Agent": agent}).status_code
        for method, path, agent in visits
    ]
    assert len(answers) == 1000
    assert set(answers) <= {200, 302, 400, 405}
    assert everything_stored() == before
    assert len(inbox()) == arrived
    assert set(IssueLink.objects.values_list("clicks", flat=True)) == {0}


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_never_writes_sends_or_sets_a_cookie(visitor, inbox, paths, method):
    visitor.get("/newsletter/")
    arrived = len(inbox())
    for path in paths.values():
        for query in (
            "",
            "?email=a@example.org",
            "?List-Unsubscribe=One-Click",
            "?do=leave&sure=on",
        ):
            with CaptureQueriesContext(connection) as done:
                answer = getattr(visitor, method)(path + query)
                statements = [each["sql"] for each in done]
            assert answer.status_code == 200
            assert not answer.cookies
            assert [each for each in statements if not each.lstrip().startswith(READS)] == []
            assert not any("FOR UPDATE" in each for each in statements)
    assert len(inbox()) == arrived
