import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.hints import OFTEN_MISTYPED, REAL_NEIGHBORS, is_one_slip, suggest
from newsletter.models import Counter, MailingList, Subscriber, Subscription, SuppressionReason

LISTS = Path(settings.BASE_DIR).parent / "shared" / "data" / "email" / "addresses"
needs_lists = pytest.mark.skipif(not LISTS.exists(), reason="the lists of addresses are not here")
SLIPS = [
    ("gmial.com", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.co", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("GAMIL.com", "gmail.com"),
    ("nsver.com", "naver.com"),
    ("hanmial.net", "hanmail.net"),
    ("outlok.com", "outlook.com"),
]
NO_SLIPS = [
    *OFTEN_MISTYPED, *REAL_NEIGHBORS,
    "example.org", "kei.org", "gmail.example.org", "gmx.net", "gmx.de", "state.gov", "yonsei.ac.kr",
    "yahoo.co.jp", "hotmail.fr", "한국.kr", "gmail",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), SLIPS)
def test_a_slip_is_recognized(typed, meant):
    assert suggest(parse(f"Reader+x@{typed}")) == f"Reader+x@{meant}"


@pytest.mark.parametrize("domain", NO_SLIPS)
def test_a_domain_of_its_own_is_left_alone(domain):
    try:
        assert suggest(parse(f"reader@{domain}")) == ""
    except ValidationError:
        assert domain == "gmail"


def test_no_well_known_domain_is_a_slip_of_another_and_every_exception_is_needed():
    pairs = [(a, b) for a in OFTEN_MISTYPED for b in OFTEN_MISTYPED if is_one_slip(a, b)]
    assert pairs == []
    for real in REAL_NEIGHBORS:
        assert any(is_one_slip(real, each) for each in OFTEN_MISTYPED), real


@needs_lists
def test_it_agrees_with_a_public_list_of_slips():
    """Of 163 that are addresses at all, those that are one slip away; never a wrong one."""
    text = (LISTS / "flanker-domain_typos_valid.txt").read_text()
    right = wrong = 0
    for typed, meant in re.findall(r"^([^#\s,]+),(\S+)$", text, re.MULTILINE):
        try:
            hint = suggest(parse(f"a@{typed}"))
        except ValidationError:
            continue
        right += hint == f"a@{meant}"
        wrong += hint not in {"", f"a@{meant}"}
    assert (wrong, right >= 128) == (0, True)
    real = (LISTS / "flanker-domain_typos_invalid.txt").read_text().split()
    assert [each for each in real if "." in each and suggest(parse(f"a@{each}"))] == []


# --- At the form ------------------------------------------------------------------------


def buttons(page: str) -> list[str]:
    """What the buttons of the question would send as the address."""
    return [unescape(each) for each in re.findall(r'name="email" value="([^"]*)">', page)]


def test_a_slip_is_asked_about_and_nothing_is_stored_until_it_is_answered(visitor, inbox):
    MailingList.objects.create(name="Trade", slug="trade")
    answer = visitor.sign_up("Reader@gmial.com", lists=["trade"])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean Reader@gmail.com?" in page
    assert buttons(page) == ["Reader@gmail.com", "Reader@gmial.com"]
    assert '<input type="hidden" name="lists" value="trade">' in page
    assert not Subscriber.objects.exists()
    assert not Counter.objects.exists()
    assert inbox() == []


@pytest.mark.parametrize("chosen", ["reader@gmail.com", "reader@gmial.com"])
def test_either_button_signs_up(visitor, inbox, chosen):
    MailingList.objects.create(name="Trade", slug="trade")
    answer = visitor.sign_up(chosen, checked="1", lists=["trade"])
    assert answer.status_code == 302
    assert inbox()[0].to == [chosen]
    assert Subscription.objects.get().mailing_list.slug == "trade"


@pytest.mark.parametrize("who", ["new", "active", "suppressed"])
def test_the_question_says_nothing_about_who_is_stored(visitor, inbox, who):
    if who == "active":
        visitor.sign_up("reader@gmial.com", checked="1")
    if who == "suppressed":
        suppress(parse("reader@gmial.com"), reason=SuppressionReason.BOUNCE)
    with CaptureQueriesContext(connection) as done:
        answer = visitor.sign_up("reader@gmial.com")
    assert not any("subscriber" in each["sql"] for each in done)
    assert "Did you mean reader@gmail.com?" in answer.content.decode()


# --- Throw-away services ----------------------------------------------------------------


@pytest.fixture
def refusing(tmp_path, settings):
    """The operator's file of throw-away services."""
    file = tmp_path / "disposable.txt"
    file.write_text("# Not wanted\nMailinator.com\n\ngmial.com\n")
    settings.REFUSE_DISPOSABLE_FILE = file


def test_a_throw_away_service_is_refused_only_where_a_file_says_so(visitor, inbox):
    assert visitor.sign_up("a@mailinator.com").status_code == 302


@pytest.mark.parametrize("domain", ["mailinator.com", "MAILINATOR.com", "x.y.mailinator.com"])
def test_a_throw_away_service_in_the_file_is_refused(visitor, inbox, refusing, domain):
    answer = visitor.sign_up(f"a@{domain}")
    assert answer.status_code == 422
    assert "throws mail away" in answer.content.decode()
    assert inbox() == []
    assert visitor.sign_up("a@notmailinator.com").status_code == 302


def test_a_slip_is_asked_about_before_its_domain_is_refused(visitor, refusing):
    assert "Did you mean" in visitor.sign_up("a@gmial.com").content.decode()
    assert "throws mail away" in visitor.sign_up("a@gmial.com", checked="1").content.decode()


def test_a_file_that_is_missing_keeps_nobody_out(visitor, settings, tmp_path, caplog):
    settings.REFUSE_DISPOSABLE_FILE = tmp_path / "nowhere.txt"
    assert visitor.sign_up("a@mailinator.com").status_code == 302
    assert "REFUSE_DISPOSABLE_FILE cannot be read" in caplog.text


@needs_lists
def test_a_public_list_can_be_used_as_it_is(visitor, settings):
    settings.REFUSE_DISPOSABLE_FILE = LISTS / "disposable_email_blocklist.conf"
    assert visitor.sign_up("a@0-mail.com").status_code == 422
    assert visitor.sign_up("a@gmail.com").status_code == 302


# --- The time trap ----------------------------------------------------------------------


def shown(visitor) -> str:
    page = visitor.get("/newsletter/").content.decode()
    [value] = re.findall(r'name="shown" value="([^"]+)"', page)
    return value


def test_a_form_that_comes_back_at_once_is_asked_to_wait_a_moment(visitor, inbox):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        carried = shown(visitor)
        answer = visitor.sign_up(shown=carried)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "press the button once more" in page
    assert f'name="shown" value="{carried}"' in page
    assert inbox() == []
    with time_machine.travel(now + timedelta(seconds=4), tick=False):
        assert visitor.sign_up(shown=carried).status_code == 302
    assert len(inbox()) == 1


@pytest.mark.parametrize("stamp", ["", "x", ":a:b", "\x00", "한국", "a" * 3000])
def test_a_form_without_our_seal_is_let_in(visitor, stamp):
    assert visitor.sign_up(shown=stamp).status_code == 302


def test_a_page_from_a_cache_is_never_too_young(visitor):
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=400), tick=False):
        carried = shown(visitor)
    assert visitor.sign_up(shown=carried).status_code == 302


def test_the_seal_does_not_cost_the_304(visitor):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        first = visitor.get("/newsletter/")
    with time_machine.travel(now + timedelta(seconds=9), tick=False):
        assert visitor.get("/newsletter/").content != first.content
        again = visitor.get("/newsletter/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        MailingList.objects.create(name="Trade", slug="trade")
        changed = visitor.get("/newsletter/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
