"""Whether a sent message is what the standards and the big providers ask of one."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from tests.conftest import HttpsClient

# RFC 5322, 3.6: once each. Then RFC 2369, 2919, 8058 and Gmail's Feedback-ID.
ONCE = {
    "From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type", "List-Id",
    "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "Feedback-ID",
}  # fmt: skip
# RFC 5322, 2.1.1, without the line end.
LONGEST_LINE = 998
HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)*"
SHAPES = {
    "Message-ID": rf"<[!-;=?-~]+@{HOST}>",
    "List-Id": rf"<{HOST}>",
    "List-Unsubscribe": r"<https://[!-;=?-~]+>(, <mailto:[!-;=?-~]+>)?",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": r"\d+:[!-9;-~]+:newsletter:[a-z0-9.-]{5,15}",
    "Date": r"\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}",
}


def problems_of(raw: bytes, address: str) -> list[str]:
    """Return what is wrong with the message that came to an address."""
    head = raw.partition(b"\r\n\r\n")[0]
    message: Any = message_from_bytes(raw, policy=policy.SMTP)
    counted = Counter(message.keys())
    found = [f"{name}, {counted[name]} times" for name in ONCE if counted[name] != 1]
    found += [f"{name} twice" for name in counted if counted[name] > 1 and name not in ONCE]
    found += [f"{name}: {message[name]}" for name, shape in SHAPES.items()
              if not re.fullmatch(shape, str(message[name]))]  # fmt: skip
    found += [repr(each) for part in message.walk() for each in part.defects]
    found += [repr(each) for value in message.values() for each in getattr(value, "defects", [])]
    if not head.isascii() or b"\n" in head.replace(b"\r\n", b""):
        found.append("the head is not lines of ASCII that end in CRLF")
    if any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        found.append("a line is too long")
    if message["To"] != address:
        found.append(f"To: {message['To']}")
    if parseaddr(message["From"])[1] != parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        found.append(f"From: {message['From']}")
    if not found and abs(message["Date"].datetime - datetime.now(UTC)) > timedelta(hours=1):
        found.append(f"Date: {message['Date']}")
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        found.append(f"parts: {kinds}")
    return found


def leave(message: EmailMessage) -> int:
    """Unsubscribe as RFC 8058 says, without cookies and login; return the status of the answer."""
    link = str(message["List-Unsubscribe"]).split(">")[0].removeprefix("<")
    answer = HttpsClient(enforce_csrf_checks=True).post(
        link.removeprefix(settings.SITE_URL), {"List-Unsubscribe": "One-Click"}
    )
    return 0 if answer.cookies else answer.status_code
