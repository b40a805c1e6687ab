"""Where one is signed in, and ending that."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kei_site.accounts.browsers import in_words
from publications.models import SecurityEvent, StaffSession, User
from tests.accounts.conftest import PASSWORD, Browser, text_of
from tests.factories import a_user

pytestmark = pytest.mark.django_db
END = "/admin/account/sessions/end/"


@pytest.fixture
def both(kim: User, here: Browser, elsewhere: Browser) -> None:
    """Kim is signed in here and elsewhere."""
    here.sign_in(kim.username)
    elsewhere.sign_in(kim.username)


def session_elsewhere() -> StaffSession:
    return StaffSession.objects.get(network="198.51.100.0/24")


def test_one_sees_where_one_is_signed_in(both: None, here: Browser) -> None:
    page = text_of(here.get(reverse("account")))
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page
    assert "192.0.2.0/24" in page
    assert "192.0.2.7" not in page


def test_a_session_that_was_ended_is_out_at_the_next_step(
    both: None, here: Browser, elsewhere: Browser
) -> None:
    here.post(END, {"session": session_elsewhere().pk})
    assert here.is_in
    assert not elsewhere.is_in
    assert SecurityEvent.objects.filter(kind="sessions_ended").exists()


def test_all_others_end_at_once_and_this_one_stays(
    both: None, kim: User, here: Browser, elsewhere: Browser
) -> None:
    third = Browser("203.0.113.4")
    third.sign_in(kim.username)
    here.post(END)
    assert (here.is_in, elsewhere.is_in, third.is_in) == (True, False, False)
    assert StaffSession.objects.count() == 1


@pytest.mark.parametrize("typed", ["999999999", "x", "-1", "9" * 40, "²"])
def test_a_session_that_is_nobodys_ends_nothing_of_others(
    both: None, here: Browser, typed: str
) -> None:
    stranger = Browser("203.0.113.4")
    stranger.sign_in(a_user().username)
    here.post(END, {"session": typed})
    assert stranger.is_in
    assert here.is_in
    assert StaffSession.objects.count() == 3


def test_nobody_ends_the_session_of_somebody_else(both: None) -> None:
    stranger = Browser("203.0.113.4")
    stranger.sign_in(a_user().username)
    stranger.post(END, {"session": session_elsewhere().pk})
    assert StaffSession.objects.count() == 3
    assert Browser().get(END).status_code in {302, 405}


@pytest.mark.parametrize("may", [True, False])
def test_whoever_manages_accounts_ends_sessions_of_others(
    both: None, kim: User, here: Browser, elsewhere: Browser, may: bool
) -> None:
    rights = ["view_user", "change_user"] if may else ["view_user"]
    boss = Browser("203.0.113.4")
    boss.sign_in(a_user(*rights).username)
    page = reverse("admin:publications_user_sessions", args=[kim.pk])
    assert ("End all" in text_of(boss.get(page))) is may
    assert boss.post(page).status_code == (302 if may else 403)
    assert (here.is_in, elsewhere.is_in) == (not may, not may)


def test_the_factor_of_a_superuser_is_not_for_everybody_to_remove(with_app: str, kim: User) -> None:
    User.objects.filter(pk=kim.pk).update(is_superuser=True)
    page = reverse("admin:publications_user_sessions", args=[kim.pk])
    boss = Browser("203.0.113.4")
    boss.sign_in(a_user("view_user", "change_user").username)
    assert boss.post(page, {"reset": "1"}).status_code == 403
    chief = Browser("203.0.113.5")
    chief.sign_in(a_user(is_superuser=True).username)
    assert chief.post(page, {"reset": "1"}).status_code == 302
    assert Browser().sign_in(kim.username)["Location"] == "/admin/"


def test_a_new_password_ends_the_other_sessions_and_this_one_is_still_known(
    both: None, here: Browser, elsewhere: Browser
) -> None:
    new = "another long passphrase"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = here.post(reverse("admin:password_change"), fields)
    assert answer.status_code == 302
    assert here.is_in
    assert not elsewhere.is_in
    assert StaffSession.objects.count() == 1
    assert "here" in text_of(here.get(reverse("account")))
    assert SecurityEvent.objects.filter(kind="password_changed").count() == 1


def test_the_old_password_cannot_be_guessed_at_an_open_browser(both: None, here: Browser) -> None:
    fields = {"old_password": "no", "new_password1": "x", "new_password2": "x"}
    answers = [here.post(reverse("admin:password_change"), fields) for _each in range(11)]
    assert [each.status_code for each in answers] == [200] * 10 + [302]


def test_logging_out_takes_the_session_from_the_list(both: None, here: Browser) -> None:
    here.post(reverse("admin:logout"))
    assert StaffSession.objects.count() == 1
    assert not here.is_in


def test_a_session_is_seen_every_few_minutes_only(kim: User, here: Browser) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        here.sign_in(kim.username)
        clock.shift(timedelta(minutes=2))
        here.get("/admin/")
        assert StaffSession.objects.get().seen_at == now
        clock.shift(timedelta(minutes=4))
        here.get("/admin/")
        assert StaffSession.objects.get().seen_at == now + timedelta(minutes=6)


def test_a_session_from_before_the_list_is_taken_in(staff: Any) -> None:
    StaffSession.objects.all().delete()
    assert staff.get("/admin/").status_code == 200
    assert StaffSession.objects.count() == 1


def test_sessions_that_are_over_are_forgotten(kim: User, here: Browser, elsewhere: Browser) -> None:
    here.sign_in(kim.username)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    elsewhere.sign_in(kim.username)
    assert StaffSession.objects.get().network == "198.51.100.0/24"


def test_the_database_keeps_sessions_whole(kim: User) -> None:
    for wrong in ({"session_key": ""}, {"seen_at": timezone.now() - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffSession.objects.create(**{"user": kim, "session_key": "a"} | wrong)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit Version/18 Safari/605", "Safari, Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537", "Chrome, Android"),
        ("curl/8", "Another program"),
        ("", "Another program"),
        ("\x00" * 9000, "Another program"),
    ],
)  # fmt: skip
def test_browsers_are_named_in_words(agent: str, said: str) -> None:
    assert in_words(agent) == said


def test_the_own_account_is_changed_by_its_owner(both: None, kim: User, here: Browser) -> None:
    facts = {"first_name": "Ji-won", "last_name": "김", "email": "ji@example.org"}
    assert here.post(reverse("account"), facts).status_code == 302
    kim.refresh_from_db()
    assert (kim.get_full_name(), kim.email) == ("Ji-won 김", "ji@example.org")
    assert kim.wants_review_mail is False
    a_user(email="taken@example.org")
    page = here.post(reverse("account"), facts | {"email": "Taken@example.org"})
    assert "Another account uses this e-mail address" in text_of(page)
    # Nothing else of the account can be sent along.
    here.post(reverse("account"), facts | {"is_superuser": "on", "username": "root"})
    kim.refresh_from_db()
    assert not kim.is_superuser
    assert kim.username != "root"
