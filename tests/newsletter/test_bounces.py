import csv
import tracemalloc
from collections import defaultdict
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.bounces.letters import MAX_BYTES
from newsletter.bounces.reading import read, understand
from newsletter.bounces.reasons import kind_of
from newsletter.models import MailEventKind
from tests.newsletter.reports import a_bounce, a_complaint

HARD, SOFT = MailEventKind.HARD_BOUNCE, MailEventKind.SOFT_BOUNCE
DATA = Path(__file__).parents[3] / "shared/data/email"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the collection of real bounces is not beside the checkout"
)
SYSTEM = b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: Undeliverable mail\n"


def files(folder: str) -> list[Path]:
    return sorted((DATA / folder).iterdir())


def expected() -> dict[str, list[bool]]:
    """For each file, whether each of its recipients bounced for good."""
    found: dict[str, list[bool]] = defaultdict(list)
    with (DATA / "bounces-expected.tsv").open() as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found[row["file"]].append(row["hard_bounce"] == "true")
    return found


def agreeing(wanted: list[bool], got: list[bool]) -> int:
    """How many recipients are judged alike: by place, or by number where some are not named."""
    if len(wanted) == len(got):
        return sum(a == b for a, b in zip(wanted, got, strict=True))
    return max(0, len(wanted) - abs(sum(wanted) - sum(got)))


@needs_data
def test_real_bounces_are_judged_as_a_reference_parser_judges_them():
    agreed = recipients = 0
    differing = []
    for name, wanted in expected().items():
        reports = read((DATA / "bounces" / name).read_bytes())
        alike = agreeing(wanted, [each.kind == HARD for each in reports])
        agreed, recipients = agreed + alike, recipients + len(wanted)
        if alike < len(wanted):
            got = "; ".join(f"{each.kind} {each.status} {each.detail[:60]}" for each in reports)
            differing.append(f"{name}: hard {wanted}, got {got or 'nothing'}")
    assert recipients == 304
    assert agreed / recipients >= 0.95, "\n".join(differing)


@needs_data
def test_nothing_is_done_on_what_is_no_bounce():
    assert len(files("not-bounces")) == 3
    for file in files("not-bounces"):
        assert read(file.read_bytes()) == [], file.name


@needs_data
@pytest.mark.parametrize("folder", ["bounces", "flanker", "not-bounces"])
def test_real_messages_are_read_whole_cut_and_with_other_line_ends(folder):
    for file in files(folder):
        raw = file.read_bytes()
        whole = read(raw)
        crlf = read(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        assert [(a.kind, a.address) for a in whole] == [(a.kind, a.address) for a in crlf], (
            file.name
        )
        for part in (raw[: len(raw) // 2], raw[len(raw) // 2 :], raw[::-1]):
            understand(part)


@needs_data
def test_auto_replies_and_delays_report_nothing():
    quiet = [each for each in files("bounces") if each.name.startswith("rfc3834-")]
    delays = ("lhost-exim-41", "lhost-gmail-09", "lhost-messagingserver-07", "rfc3464-07")
    quiet += [DATA / "bounces" / f"{name}.eml" for name in delays]
    assert len(quiet) == 7
    for file in quiet:
        assert read(file.read_bytes()) == [], file.name


def test_a_notification_is_read_with_what_it_says_of_our_message():
    original = (
        "Message-ID: <ours@www.example.org>\n"
        "List-Unsubscribe: <https://www.example.org/newsletter/unsubscribe/7.3:sig/>"
    )
    [report] = read(a_bounce(original=original))
    assert (report.kind, report.address, report.status) == (HARD, "reader@example.org", "5.1.1")
    assert report.message_id == "<ours@www.example.org>"
    assert report.token == "7.3:sig"
    assert "User unknown" in report.detail
    assert report.report_id == "<bounce-1@mx.example.net>"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_has_not_failed_reports_nothing(action):
    assert read(a_bounce(action="failed"))
    assert read(a_bounce(action=action)) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 5.1.1 <kim@example.org>: User unknown in virtual mailbox table", HARD),
        ("550-5.1.1 The email account that you tried to reach does not exist.", HARD),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by lookup", HARD),
        ("550 Host unknown (Name server: example.invalid: host not found)", HARD),
        ("550 no mailbox here by that name", HARD),
        ("551 5.1.6 recipient no longer on server", HARD),
        ("556 5.1.10 example.org does not accept mail (nullMX)", HARD),
        ("552 5.2.2 Mailbox full", SOFT),
        ("452 4.2.2 The recipient's inbox is over quota", SOFT),
        ("450 4.7.1 Greylisted, try again in 300 seconds", SOFT),
        ("552 5.3.4 Message size exceeds fixed limit", SOFT),
        ("554 5.7.1 Message rejected as spam", SOFT),
        ("550 5.7.26 Unauthenticated mail is not accepted due to DMARC policy", SOFT),
        ("550 5.7.606 Access denied, banned sending IP", SOFT),
        ("550 5.1.1 you have sent to too many recipients this hour", SOFT),
        ("550 5.2.1 The email account that you tried to reach is disabled", SOFT),
        ("550 5.7.1 Relaying denied", SOFT),
        ("421 4.4.2 Connection timed out", SOFT),
        ("550 Unknown user (in reply to end of DATA command)", SOFT),
        ("553 5.1.8 sender rejected: domain of sender address does not exist", SOFT),
        ("550 spam.filter.unknown.user@example.org: mailbox unavailable", SOFT),
        ("5.1.1", HARD),
        ("5.2.2", SOFT),
        ("4.1.1", SOFT),
        ("550", SOFT),
        ("something went wrong", None),
        ("", None),
    ],
)
def test_only_what_says_that_nobody_is_there_is_for_good(said, kind):
    assert kind_of(said) == kind


def test_the_reason_is_taken_from_the_words_where_the_fields_have_none():
    raw = SYSTEM + (
        b"Content-Type: multipart/report; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\n"
        b"gone@example.org: 550 5.1.1 User unknown\nfull@example.org: 552 5.2.2 Mailbox full\n\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        b"Final-Recipient: rfc822; gone@example.org\nAction: failed\nStatus: 5.0.0\n\n"
        b"Final-Recipient: rfc822; full@example.org\nAction: failed\nStatus: 5.0.0\n\n--b--\n"
    )
    found = [(each.address, each.kind, each.status) for each in read(raw)]
    assert found == [("gone@example.org", HARD, "5.1.1"), ("full@example.org", SOFT, "5.2.2")]


def test_the_address_that_was_written_to_counts_and_not_where_it_was_forwarded():
    raw = a_bounce(recipient="kim@elsewhere.example").replace(
        b"Final-Recipient", b"Original-Recipient: rfc822;reader@example.org\nFinal-Recipient"
    )
    assert [each.address for each in read(raw)] == ["reader@example.org"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            (
                b"<gone@example.org>:\nRemote host said: 550 5.1.1 User unknown\n\n"
                b"--- Below this line is a copy of the message.\n\nTo: other@example.org\n"
            ),
            [("gone@example.org", HARD)],
        ),
        (
            b"Could not be delivered to: <full@example.org>\n    As their mailbox is full.\n",
            [("full@example.org", SOFT)],
        ),
        (
            b"gone@example.org: Domain does not exist\nfull@example.org: 552 mailbox full\n",
            [("gone@example.org", HARD), ("full@example.org", SOFT)],
        ),
        (b"We are sorry, but this could not be delivered.\n", []),
    ],
)
def test_formats_without_fields_are_read_by_their_words(body, found):
    reports = read(SYSTEM + b"To: newsletter@example.org\n\n" + body)
    assert [(each.address, each.kind) for each in reports] == found


def test_the_message_that_came_back_is_found_in_a_plain_text():
    body = (
        b"<gone@example.org>:\n550 5.1.1 User unknown\n\n"
        b"--- Below this line is a copy of the message.\n\n"
        b"Return-Path: <newsletter@example.org>\nMessage-ID: <ours@www.example.org>\n"
        b"List-Unsubscribe: <https://www.example.org/newsletter/unsubscribe/7:sig/>\n\nHello\n"
    )
    [report] = read(SYSTEM + b"\n" + body)
    assert (report.message_id, report.token) == ("<ours@www.example.org>", "7:sig")


@pytest.mark.parametrize(
    "raw",
    [
        b"From: kim@example.org\nSubject: Re: News\n\nUser unknown: gone@example.org\n",
        b"From: kim@example.org\nSubject: Fwd: Undeliverable\n\nUser unknown: gone@example.org\n",
        (
            b"From: kim@example.org\nSubject: Out of office\nAuto-Submitted: auto-replied\n\n"
            b"I am away. Write to other@example.org.\n"
        ),
        (
            b"From: postmaster@example.org\nSubject: Automatic reply: delivery failure\n\n"
            b"to gone@example.org\n"
        ),
        (
            b"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: Warning: message delayed\n\n"
            b"kim@example.org\n  has not yet been delivered. 550 User unknown\n"
        ),
        b"",
        b"\0\xff\n\n",
    ],
)
def test_people_and_machines_that_answer_report_nothing(raw):
    assert read(raw) == []


def test_a_complaint_names_who_complained():
    original = "To: kim@example.org\nMessage-ID: <ours@www.example.org>"
    [by_field] = read(a_complaint(original=original, recipient="reader@example.org"))
    [by_message] = read(a_complaint(original=original))
    assert by_field.kind == by_message.kind == MailEventKind.COMPLAINT
    assert by_field.address == "reader@example.org"
    assert by_message.address == "kim@example.org"
    assert by_message.message_id == "<ours@www.example.org>"
    assert by_message.reported_by == "SomeFBL/1.0"


@pytest.mark.parametrize("kind", ["auth-failure", "not-spam", "virus", ""])
def test_other_feedback_is_no_complaint(kind):
    assert read(a_complaint(original="To: kim@example.org", kind="abuse"))
    assert read(a_complaint(original="To: kim@example.org", kind=kind)) == []


PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"\n\n", b"--b", b"--b--", b" ", b"\t", b";", b"=", b'"', b"(", b"<", b">",
        b"@", b"a@b.org", b"rfc822; a@b.org", b"Final-Recipient: ", b"Action: failed", b"Status: 5",
        b"Content-Type: ", b"multipart/report; boundary=b", b"message/delivery-status",
        b"message/rfc822", b"message/feedback-report", b"text/html; charset=", b"utf-16", b"\xff",
        b"Content-Transfer-Encoding: ", b"base64", b"uuencode", b"From: MAILER-DAEMON", b"To: ",
        b"Subject: failure notice", b"X-Failed-Recipients: ", b"=?utf-8?q?=ff?=", b"=?x?b?!?=",
        b"Message-ID: ", b"List-Unsubscribe: ", b"Original-Rcpt-To: ", b"Feedback-Type: abuse",
        b"=?utf-8?b?A?=",
        b"550 5.1.1 user unknown", b"boundary*0=", b"\0", b"begin 644 x", "한".encode(),
    ]
)  # fmt: skip


@needs_data
@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_damaged_messages_are_read(random):
    raw = bytearray(random.choice(files("bounces")).read_bytes()[:20_000])
    for _ in range(20):
        place = random.randrange(len(raw))
        raw[place : place + random.randrange(40)] = random.randbytes(random.randrange(3))
    understand(bytes(raw))


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join) | st.binary(max_size=300))
def test_reading_never_fails(raw):
    # Without the net that `read` spreads under it.
    for report in understand(raw) + understand(SYSTEM + raw):
        assert len(report.address) <= 320
        assert len(report.detail) <= 500
        assert len(report.status) <= 11


def nested(levels: int) -> bytes:
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(levels)
    )


HUGE = {
    "headers": b"A: b\n" * 60_000,
    "one header": b"X-Failed-Recipients: " + b"a@b.org, (" * 40_000,
    "one line": b"\n" + b"a@" * 200_000,
    "blank lines": b"\n" * 600_000,
    "groups": b"Content-Type: message/delivery-status\n\n" + b"\n" * 600_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
    "levels": nested(2_000) + b"--x\n" * 60_000,
    "messages": b"Content-Type: message/rfc822\n\n" * 20_000,
    "parameters": b"Content-Type: multipart/mixed" + b'; a*0="' * 60_000 + b"\n\n",
    "recipients": b"\n" + b"".join(b"a%d@b.org: user unknown\n" % n for n in range(30_000)),
    "tags": b"Content-Type: text/html\n\n" + b"<a " * 200_000,
}


@pytest.mark.parametrize("what", HUGE)
def test_what_is_made_to_take_long_does_not(what):
    began = process_time()
    reports = read(SYSTEM + HUGE[what])
    assert process_time() - began < 8
    assert len(reports) <= 100


def test_thirty_megabytes_are_read_at_their_beginning():
    raw = a_bounce() + b"x" * 30_000_000
    tracemalloc.start()
    try:
        [report] = read(raw)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.kind == HARD
    assert peak < 40 * MAX_BYTES
