"""What was reported on one recipient, whoever reported it and in whatever format."""

from dataclasses import dataclass

from newsletter.models import MailEventKind

MAX_ADDRESS = 320
MAX_DETAIL = 500
MAX_STATUS = 11


@dataclass(frozen=True, slots=True)
class Report:
    """A failure or a complaint; an empty string is what was not said."""

    kind: MailEventKind
    # As the reporter wrote it: whom it is about is decided by the action.
    address: str = ""
    # Enhanced (RFC 3463) such as 5.1.1, else the three digits of SMTP.
    status: str = ""
    detail: str = ""
    # Of our message, with its angle brackets.
    message_id: str = ""
    # From the link to leave of our message.
    token: str = ""
    reported_by: str = ""
    # By which the same report is known when it comes again.
    report_id: str = ""
