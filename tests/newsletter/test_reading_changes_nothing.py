import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.urls import urlpatterns
from tests.newsletter.conftest import link_in

READS = ("SELECT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def paths(visitor, inbox) -> dict[str, str]:
    """Every address of the newsletter, with links that work."""
    visitor.sign_up()
    visitor.post(link_in(inbox()[0]))
    visitor.sign_up("waiting@example.org")
    return {
        "subscribe": "/newsletter/",
        "check_mail": "/newsletter/check-your-mail/",
        "confirm": link_in(inbox()[2]),
        "unsubscribe": link_in(inbox()[1]),
    }


def test_the_test_knows_every_address(paths):
    assert {each.name for each in urlpatterns} == set(paths)


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_never_writes_sends_or_sets_a_cookie(visitor, inbox, paths, method):
    visitor.get("/newsletter/")
    arrived = len(inbox())
    for path in paths.values():
        for query in ("", "?email=a@example.org", "?List-Unsubscribe=One-Click"):
            with CaptureQueriesContext(connection) as done:
                answer = getattr(visitor, method)(path + query)
                statements = [each["sql"] for each in done]
            assert answer.status_code == 200
            assert not answer.cookies
            assert [each for each in statements if not each.lstrip().startswith(READS)] == []
            assert not any("FOR UPDATE" in each for each in statements)
    assert len(inbox()) == arrived
