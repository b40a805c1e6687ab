import io
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from newsletter.bounces import intake
from newsletter.mail.headers import for_leaving
from newsletter.mail.links import Recipient, token_for
from newsletter.models import ConsentEvent, Delivery, MailEvent, Subscription, Suppression
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.reports import a_bounce, a_complaint, a_delivery, headers_of

pytestmark = pytest.mark.django_db
NOT_BOUNCES = Path(__file__).parents[3] / "shared/data/email/not-bounces"
NOISE = b"From: kim@example.org\nSubject: Thank you\n\nI liked the report.\n"


@pytest.fixture
def maildir(tmp_path) -> Path:
    """With a bounce, a complaint and a letter."""
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    original = headers_of(a_delivery())
    new = {
        "1.bounce": a_bounce(original=original),
        "2.complaint": a_complaint(original=original),
        "3.letter": NOISE,
    }
    for name, raw in new.items():
        (tmp_path / "new" / name).write_bytes(raw)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def said_by(*args: str) -> str:
    out = io.StringIO()
    call_command("read_bounces", *args, stdout=out)
    return out.getvalue()


def test_a_maildir_is_read_and_what_was_understood_is_moved_as_seen(maildir):
    said = said_by("--maildir", str(maildir))
    assert "3 messages: 1 hard bounces, 0 soft bounces, 1 complaints" in said
    assert "1 messages report nothing and were kept" in said
    assert names(maildir / "new") == []
    assert names(maildir / "cur") == ["1.bounce:2,S", "2.complaint:2,S", "3.letter:2,F"]
    assert MailEvent.objects.count() == 2
    assert Suppression.objects.count() == 1


def test_a_second_run_finds_nothing_new(maildir):
    said_by("--maildir", str(maildir))
    assert "from 0 messages" in said_by("--maildir", str(maildir))
    assert MailEvent.objects.count() == 2


def test_who_was_killed_before_a_message_was_moved_reads_it_again(maildir):
    taken = {each.name: each.read_bytes() for each in (maildir / "new").iterdir()}
    said_by("--maildir", str(maildir))
    for name, raw in taken.items():
        (maildir / "new" / name).write_bytes(raw)
    said = said_by("--maildir", str(maildir))
    assert "0 hard bounces, 0 soft bounces, 0 complaints, 0 who leave. 2 reports were known" in said
    assert MailEvent.objects.count() == 2
    assert names(maildir / "new") == []


def test_a_dry_run_stores_and_moves_nothing(maildir):
    said = said_by("--maildir", str(maildir), "--dry-run")
    assert "Would take in from 3 messages: 1 hard bounces, 0 soft bounces, 1 complaints" in said
    assert len(names(maildir / "new")) == 3
    assert not MailEvent.objects.exists()
    assert not Suppression.objects.exists()


def test_an_mbox_is_read_and_stays_as_it_is(tmp_path):
    original = headers_of(a_delivery())
    file = tmp_path / "bounces.mbox"
    messages = [a_bounce(original=original), a_complaint(original=original), NOISE]
    file.write_bytes(b"".join(b"From MAILER-DAEMON Thu\n" + each + b"\n" for each in messages))
    before = file.read_bytes()
    assert "3 messages: 1 hard bounces, 0 soft bounces, 1 complaints" in said_by(
        "--mbox", str(file)
    )
    assert "2 reports were known" in said_by("--mbox", str(file))
    assert file.read_bytes() == before


def test_a_huge_message_in_an_mbox_takes_little_memory(tmp_path):
    file = tmp_path / "huge.mbox"
    lines = b"x" * 60 + b"\n"
    file.write_bytes(b"From a\n" + lines * 50_000 + b"\nFrom b\n" + NOISE)
    sizes = [len(each.raw) for each in intake.from_mbox(file)]
    assert sizes[0] <= intake.MAX_BYTES
    assert len(sizes) == 2


def test_one_message_comes_by_standard_input(monkeypatch):
    raw = io.BytesIO(a_bounce(original=headers_of(a_delivery())))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    assert "1 messages: 1 hard bounces" in said_by("-")
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--maildir", "/nowhere"], "/nowhere is no Maildir"),
        (["--mbox", "/nowhere"], "There is no file /nowhere"),
        ([], "required"),
        (["-", "--mbox", "x"], "not allowed with"),
    ],
)
def test_what_cannot_be_read_is_said(args, said):
    with pytest.raises(CommandError, match=said):
        said_by(*args)


def test_the_help_says_what_happens():
    shown = subprocess.run(
        [sys.executable, "manage.py", "read_bounces", "--help"], capture_output=True, check=True
    )
    assert b"be killed at any moment" in b" ".join(shown.stdout.split())


# --- Leaving by mail ------------------------------------------------------------


def a_letter(subject: str) -> bytes:
    return f"From: reader@example.org\nTo: leave@example.org\nSubject: {subject}\n\n\n".encode()


def test_who_writes_to_leave_is_taken_off_the_lists_of_the_issue(maildir, settings):
    settings.UNSUBSCRIBE_ADDRESS = "leave@example.org"
    delivery = Delivery.objects.get()
    header = for_leaving(
        "https://x/", token=token_for(Recipient(delivery.subscriber_id, delivery.issue_id))
    )
    [subject] = re.findall(r"subject=([^>]+)>", header["List-Unsubscribe"])
    for each in (maildir / "new").iterdir():
        each.unlink()
    (maildir / "new" / "1.leave").write_bytes(a_letter(subject))
    (maildir / "new" / "2.leave").write_bytes(a_letter(subject))
    assert "2 messages: 0 hard bounces, 0 soft bounces, 0 complaints, 2 who leave" in said_by(
        "--maildir", str(maildir)
    )
    assert Subscription.objects.get().status == "unsubscribed"
    [proof] = ConsentEvent.objects.filter(kind="unsubscribed")
    assert proof.form_address == "mailto:leave@example.org"
    assert names(maildir / "cur") == ["1.leave:2,S", "2.leave:2,S"]


@pytest.mark.parametrize("subject", ["1.1:forged", "", "Re: News of the week", "1", "x" * 5000])
def test_who_has_no_token_of_ours_takes_nobody_off(maildir, subject):
    (maildir / "new" / "4.leave").write_bytes(a_letter(subject))
    assert "0 who leave" in said_by("--maildir", str(maildir), "--dry-run")
    said_by("--maildir", str(maildir))
    assert "4.leave:2,F" in names(maildir / "cur")


@pytest.mark.skipif(not NOT_BOUNCES.is_dir(), reason="the collection is not beside the checkout")
def test_nothing_is_done_about_whoever_is_named_in_what_is_no_bounce(maildir):
    for folder in ("new", "cur"):
        for each in (maildir / folder).iterdir():
            each.unlink()
    weekly = a_list("Weekly")
    raws = [each.read_bytes() for each in NOT_BOUNCES.iterdir()]
    found = {
        each.lower() for raw in raws for each in re.findall(rb"[\w.+-]+@[\w-]+\.[\w.-]+\w", raw)
    }
    for address in found:
        with suppress(ValidationError):
            a_delivery(a_subscriber(address.decode(), lists=[weekly]))
    assert Delivery.objects.count() > len(raws)
    for number, raw in enumerate(raws):
        (maildir / "new" / f"{number}.letter").write_bytes(raw)
    said_by("--maildir", str(maildir))
    assert not MailEvent.objects.exists()
    assert not Suppression.objects.exists()
    assert not Subscription.objects.exclude(status="active").exists()
