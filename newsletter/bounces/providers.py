"""What mail providers post to us, by way of anymail's one kind of event."""

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from newsletter.bounces.reasons import kind_of, status_of
from newsletter.bounces.reports import Report
from newsletter.models import MailEventKind

# Why a provider does not even try; whatever else it says is not for good.
REJECTED = {
    RejectReason.INVALID: MailEventKind.HARD_BOUNCE,
    RejectReason.BOUNCED: MailEventKind.HARD_BOUNCE,
    RejectReason.SPAM: MailEventKind.COMPLAINT,
}


def has_left(event: AnymailTrackingEvent) -> bool:
    """Say whether the event means that somebody unsubscribed at the provider."""
    refused_here = (EventType.REJECTED, RejectReason.UNSUBSCRIBED)
    return bool(
        event.event_type == EventType.UNSUBSCRIBED
        or (event.event_type, event.reject_reason) == refused_here
    )


def has_arrived(event: AnymailTrackingEvent) -> bool:
    """Say whether the mail server of the recipient took the message."""
    return bool(event.event_type == EventType.DELIVERED)


def report_of(event: AnymailTrackingEvent, provider: str) -> Report | None:
    """Return what the event reports, or None where it reports no failure and no complaint."""
    said = event.mta_response or event.description or ""
    match event.event_type:
        case EventType.COMPLAINED:
            kind = MailEventKind.COMPLAINT
        case EventType.REJECTED:
            kind = REJECTED.get(event.reject_reason or "", MailEventKind.SOFT_BOUNCE)
        case EventType.BOUNCED:
            kind = _bounce(event, said)
        case _:
            return None
    return Report(
        kind=kind,
        address=event.recipient or "",
        status=status_of(said),
        detail=said,
        message_id=f"<{event.message_id.strip('<>')}>" if event.message_id else "",
        reported_by=provider,
        report_id=event.event_id or "",
    )


def _bounce(event: AnymailTrackingEvent, said: str) -> MailEventKind:
    """Read the answer of the recipient's server, then the words of the provider."""
    found = kind_of(said) or kind_of(event.description or "")
    if event.reject_reason == RejectReason.INVALID:
        return found or MailEventKind.HARD_BOUNCE
    return found or MailEventKind.SOFT_BOUNCE
