"""Complaints: the abuse reporting format (RFC 5965) and what came before it."""

from collections.abc import Iterator
from email.utils import parseaddr

from newsletter.bounces.letters import Letter
from newsletter.bounces.reports import Report
from newsletter.models import MailEventKind

# Reports on failed authentication (RFC 6591), on viruses and on what is not spam name nobody
# who wants less mail.
COMPLAINTS = ("abuse", "complaint", "fraud", "opt-out", "other")
# Outlook.com’s own program reports without the fields for machines.
OUTLOOK_RECIPIENT = "x-hmxmroriginalrecipient"


def complaints(letter: Letter) -> Iterator[Report]:
    """Report who does not want our mail, if the message says so."""
    kind = letter.feedback.get("feedback-type", "").lower()
    if kind.startswith(COMPLAINTS) or OUTLOOK_RECIPIENT in letter.original:
        yield Report(
            kind=MailEventKind.COMPLAINT,
            address=_recipient(letter),
            detail=letter.headers.get("subject", ""),
            reported_by=letter.feedback.get("user-agent", "") or letter.headers.get("from", ""),
        )


def _recipient(letter: Letter) -> str:
    """Return who complained; many providers leave it out, and our token has to tell."""
    fields, original = letter.feedback, letter.original
    named = (
        fields.get("original-rcpt-to", ""),
        fields.get("original-recipient", "").rpartition(";")[2],
        original.get(OUTLOOK_RECIPIENT, ""),
        original.get("to", ""),
    )
    return next((address for each in named if "@" in (address := parseaddr(each)[1])), "")
