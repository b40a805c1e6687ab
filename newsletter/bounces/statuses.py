"""Delivery status notifications (RFC 3464): one group of fields for each recipient."""

from collections.abc import Iterator, Mapping, Sequence

from newsletter.bounces.letters import Letter
from newsletter.bounces.patterns import said_of
from newsletter.bounces.reasons import kind_of, status_of
from newsletter.bounces.reports import Report
from newsletter.models import MailEventKind

# “error” is written by OpenSMTPD, “expired” by SendGrid.
FAILED = ("fail", "error", "expired")
VAGUE = ("", "4.0.0", "5.0.0")


def failures(letter: Letter) -> Iterator[Report]:
    """Report each recipient for whom delivery has been given up."""
    failed = [each for each in letter.statuses if _has_failed(each)]
    everybody = [name for each in failed for name in _names(each)]
    for group in failed:
        yield _report(group, letter, everybody)


def _has_failed(group: Mapping[str, str]) -> bool:
    """Say whether a recipient failed: delayed, delivered and relayed are no failures."""
    action = group.get("action", "").lower()
    if action:
        return action.startswith(FAILED)
    return status_of(group.get("status", "")).startswith("5")


def _report(group: Mapping[str, str], letter: Letter, everybody: Sequence[str]) -> Report:
    names = _names(group)
    diagnostic = group.get("diagnostic-code", "")
    notice = said_of(names, letter.notice, others=everybody)
    # Some systems give the reason to people only.
    said = diagnostic if status_of(diagnostic) else f"{diagnostic} {notice}".strip()
    code = status_of(group.get("status", ""))
    exact = (status_of(said) or code) if code in VAGUE else code
    return Report(
        kind=kind_of(said, exact, phase=notice) or MailEventKind.SOFT_BOUNCE,
        address=next(iter(names), ""),
        status=exact,
        detail=said,
        reported_by=group.get("remote-mta", "") or letter.headers.get("from", ""),
    )


def _names(group: Mapping[str, str]) -> list[str]:
    """Return the address that was written to, then the one it was forwarded to."""
    fields = (group.get("original-recipient", ""), group.get("final-recipient", ""))
    return [_address(each) for each in fields if each]


def _address(value: str) -> str:
    """Take the address out of “rfc822; <kim@example.org>”."""
    return value.rpartition(";")[2].strip().strip("<>").strip()
