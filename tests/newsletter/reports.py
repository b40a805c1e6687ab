"""Bounces and complaints as mail servers write them, for messages of ours."""

from datetime import timedelta
from textwrap import dedent
from typing import Any

from django.utils import timezone

from newsletter.mail.links import Recipient, token_for
from newsletter.mail.prebuilt import message_id_of
from newsletter.models import Delivery, DeliveryStatus, MailingList, Subscriber
from tests.newsletter.making import a_list, a_subscriber, an_issue

UNKNOWN = "550 5.1.1 <reader@example.org>: Recipient address rejected: User unknown"
FULL = "452 4.2.2 <reader@example.org>: Mailbox full"


def a_delivery(subscriber: Subscriber | None = None, **facts: Any) -> Delivery:
    """What was sent just now to somebody who is on a list, unless said otherwise."""
    mailing_list: MailingList = a_list()
    subscriber = subscriber or a_subscriber("reader@example.org", lists=[mailing_list])
    issue = an_issue(lists=[mailing_list], works=[])
    values = {"status": DeliveryStatus.SENT, "sent_at": timezone.now()} | facts
    if values["status"] != DeliveryStatus.SENT:
        values["sent_at"] = None
    values.setdefault("message_id", message_id_of(issue.pk, subscriber.pk))
    return Delivery.objects.create(issue=issue, subscriber=subscriber, **values)


def headers_of(delivery: Delivery, *, with_token: bool = True, with_id: bool = True) -> str:
    """What comes back of a message."""
    token = token_for(Recipient(delivery.subscriber_id or 0, delivery.issue_id))
    link = f"<https://www.example.org/newsletter/unsubscribe/{token}/>"
    lines = [
        "From: Newsletter <newsletter@example.org>",
        "To: reader@example.org",
        f"Message-ID: {delivery.message_id}" if with_id else "",
        f"List-Unsubscribe: {link}, <mailto:leave@example.org?subject={token}>"
        if with_token
        else "",
        "Subject: News of the week",
    ]
    return "\n".join(filter(None, lines))


def a_bounce(
    said: str = UNKNOWN,
    *,
    recipient: str = "reader@example.org",
    original: str = "",
    status: str = "5.0.0",
    action: str = "failed",
    number: int = 1,
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    return (
        dedent(
            """\
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
        To: newsletter@example.org
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <bounce-{number}@mx.example.net>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8

        I'm sorry to have to inform you that your message could not be delivered.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {said}

        --b
        Content-Type: text/rfc822-headers

        {original}

        --b--
        """
        )
        .format(
            said=said,
            recipient=recipient,
            original=original,
            status=status,
            action=action,
            number=number,
        )
        .encode()
    )


def a_complaint(
    *, original: str, recipient: str = "", kind: str = "abuse", number: int = 1
) -> bytes:
    """A feedback report (RFC 5965)."""
    named = f"Original-Rcpt-To: {recipient}\n" if recipient else ""
    return (
        "From: feedback@provider.example\nTo: abuse@example.org\nSubject: FW: News\n"
        f"Message-ID: <complaint-{number}@provider.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\n"
        f"User-Agent: SomeFBL/1.0\nVersion: 1\n{named}\n"
        f"--b\nContent-Type: message/rfc822\n\n{original}\n\nHello\n--b--\n"
    ).encode()


def days_ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)
