"""Signing in: password, second factor, limits."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from publications.models import Incident, SecurityEvent, User
from tests.accounts.conftest import LOGIN, PASSWORD, Browser, code_of, text_of

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("field", ["username", "email"])
def test_staff_sign_in_by_name_or_address_and_go_where_they_wanted(
    kim: User, here: Browser, field: str
) -> None:
    wanted = "/admin/publications/publication/"
    asked = here.get(wanted)
    assert asked.status_code == 302
    assert asked["Location"].startswith(LOGIN)
    answer = here.post(asked["Location"], {"login": getattr(kim, field), "password": PASSWORD})
    assert answer["Location"] == wanted
    assert here.get(wanted).status_code == 200
    assert kinds() == ["signed_in"]


def test_nobody_is_led_to_another_site(kim: User, here: Browser) -> None:
    answer = here.post(
        f"{LOGIN}?next=https://evil.example/", {"login": kim.username, "password": PASSWORD}
    )
    assert answer["Location"] == "/admin/"


def test_all_that_is_wrong_gets_the_same_answer(kim: User, here: Browser) -> None:
    User.objects.create_user("reader", password=PASSWORD)
    User.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
    tries = {
        "wrong password": (kim.username, "no"), "wrong address": (kim.email, "no"),
        "nobody": ("nobody", PASSWORD), "not staff": ("reader", PASSWORD),
        "not active": ("gone", PASSWORD),
    }  # fmt: skip
    said = set()
    for name, password in tries.values():
        answer = Browser().sign_in(name, password)
        assert answer.status_code == 200
        said.add(text_of(answer).split('role="alert">')[1].split("<")[0])
    assert len(said) == 1
    assert here.sign_in("ki\x00m").status_code == 200
    assert not here.is_in


def test_a_failure_is_kept_without_what_was_typed(kim: User, here: Browser) -> None:
    here.sign_in("my-secret-password", "other-secret")
    here.sign_in(kim.username, "hunter2")
    first, second = SecurityEvent.objects.order_by("pk")
    assert (first.kind, first.user_name, first.user) == ("failed", "", None)
    assert second.user == kim
    assert kim.username in second.user_name
    assert second.network == "192.0.2.0/24"
    everything = str(list(SecurityEvent.objects.values()))
    assert "secret" not in everything
    assert "hunter2" not in everything


def test_after_five_failures_one_has_to_wait_and_is_told_until_when(
    kim: User, here: Browser, elsewhere: Browser
) -> None:
    # A full hour is written without its minutes.
    with time_machine.travel(timezone.now().replace(minute=30), tick=False) as clock:
        for _each in range(5):
            assert "No account has" in text_of(here.sign_in(kim.username, "no"))
        moment = timezone.localtime(timezone.now() + timedelta(minutes=15))
        refused = text_of(here.sign_in(kim.username))
        assert "Too many attempts. Please try again after" in refused
        assert moment.strftime("%-I:%M") in refused
        # A name that nobody has is refused in the same way.
        for _each in range(5):
            here.sign_in("nobody", "no")
        assert "Too many attempts" in text_of(here.sign_in("nobody", "no"))
        # The person themselves, elsewhere, is not locked out.
        elsewhere.sign_in(kim.username)
        assert elsewhere.is_in
        clock.shift(timedelta(minutes=15, seconds=1))
        here.sign_in(kim.username)
        assert here.is_in
    assert kinds().count("held_off") == 2


def test_a_right_password_uses_up_nothing(kim: User) -> None:
    for _each in range(7):
        here = Browser()
        here.sign_in(kim.username)
        assert here.is_in


def test_a_network_that_tries_many_names_is_held_off(here: Browser, kim: User) -> None:
    for number in range(50):
        here.sign_in(f"name-{number}", "no")
    assert "Too many attempts" in text_of(here.sign_in(kim.username))


def test_with_an_app_a_code_is_asked_and_one_code_works_once(
    kim: User, here: Browser, elsewhere: Browser, with_app: str
) -> None:
    asked = here.sign_in(kim.username)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert here.get(reverse("mfa_authenticate")).status_code == 200
    assert not here.is_in
    wrong = here.confirm("000000" if code_of(with_app) != "000000" else "111111")
    assert "This code is not right" in text_of(wrong)
    code = code_of(with_app)
    assert here.confirm(code)["Location"] == "/admin/"
    assert here.is_in
    elsewhere.sign_in(kim.username)
    assert elsewhere.confirm(code).status_code == 200
    assert not elsewhere.is_in
    assert "factor_failed" in kinds()


def test_a_recovery_code_works_once(
    kim: User, here: Browser, elsewhere: Browser, recovery_codes: list[str]
) -> None:
    for each in (here, elsewhere):
        each.sign_in(kim.username)
        each.confirm(recovery_codes[3])
    assert here.is_in
    assert not elsewhere.is_in


def test_codes_cannot_be_tried_without_end(kim: User, here: Browser, with_app: str) -> None:
    here.sign_in(kim.username)
    for _each in range(5):
        here.confirm("not it")
    assert "Too many attempts" in text_of(here.confirm(code_of(with_app)))
    assert not here.is_in


def test_whoever_is_staff_no_more_is_asked_to_sign_in_and_not_led_in_a_circle(
    kim: User, here: Browser
) -> None:
    here.sign_in(kim.username)
    User.objects.filter(pk=kim.pk).update(is_staff=False)
    assert here.get("/admin/", follow=True).status_code == 200
    assert not here.is_in


def test_a_lost_factor_is_reset_on_the_server(
    kim: User, here: Browser, with_app: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_second_factor", kim.username)
    assert "a password is enough" in capsys.readouterr().out
    here.sign_in(kim.username)
    assert here.is_in
    assert SecurityEvent.objects.filter(kind=Incident.FACTOR_REMOVED, user=kim, by=None).exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")


class CountingHasher(MD5PasswordHasher):
    """Knows how often it was asked, which is what takes time."""

    asked = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.asked += 1
        return super().encode(password, salt)


def test_known_and_unknown_names_take_the_same_time(
    kim: User, here: Browser, settings: Any
) -> None:
    User.objects.create_user("reader", password=PASSWORD)
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    kim.set_password(PASSWORD)
    kim.save()
    costs = {}
    for name in (kim.username, kim.email, "reader", "nobody", "nobody@example.org"):
        CountingHasher.asked = 0
        here.sign_in(name, "no")
        costs[name] = CountingHasher.asked
    assert set(costs.values()) == {1}, costs


def test_a_key_is_still_read_after_the_secret_key_has_changed(
    kim: User, here: Browser, with_app: str, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-a-test"
    here.sign_in(kim.username)
    assert here.confirm(code_of(with_app))["Location"] == "/admin/"
