"""From the bytes of a message to what it reports: the one door of this package."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from flufl.bounce import all_failures

from newsletter.bounces import arf, patterns, statuses
from newsletter.bounces.letters import Letter, open_letter
from newsletter.bounces.reports import MAX_ADDRESS, MAX_DETAIL, MAX_STATUS, Report

logger = logging.getLogger(__name__)
TOKEN = re.compile(r"/unsubscribe/([^/<>\s]{1,300})/?>")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,248}>")


def read(raw: bytes) -> list[Report]:
    """Return what a message reports; nothing for anything else. Never fails."""
    try:
        return understand(raw)
    except Exception:
        # Python's own parser is not proof against everything, and one message must not hold up
        # all that come after it.
        logger.exception("A message of %d bytes could not be read", len(raw))
        return []


def understand(raw: bytes) -> list[Report]:
    """Return what a message reports.

    Complaints (RFC 5965) first, then delivery status notifications (RFC 3464),
    then the formats that flufl.bounce knows, then what our own patterns find.
    Replies of people and machines, delays and successes report nothing.
    """
    letter = open_letter(raw)
    for source in (arf.complaints, statuses.failures, _known_formats, patterns.failures):
        if found := list(source(letter)):
            break
        if source is statuses.failures and letter.statuses:
            # A notification that reports no failure is complete: nothing is guessed from its words.
            return []
    message_id, token = _ours(letter)
    report_id = letter.headers.get("message-id") or hashlib.sha256(raw).hexdigest()
    return [
        replace(
            each,
            address=each.address[:MAX_ADDRESS],
            status=each.status[:MAX_STATUS],
            detail=" ".join(each.detail.split())[:MAX_DETAIL],
            reported_by=each.reported_by[:MAX_DETAIL],
            message_id=message_id,
            token=token,
            report_id=report_id[:MAX_DETAIL],
        )
        for each in found
    ]


def _known_formats(letter: Letter) -> Iterator[Report]:
    """Report what flufl.bounce finds for good; temporary failures are being tried again."""
    if not patterns.is_failure(letter):
        return
    try:
        _temporary, permanent = all_failures(letter.message)
    except Exception:  # noqa: BLE001 a detector failed on input that nobody foresaw
        return
    # Only what the notice names: some detectors go on into the message that came back.
    notice = letter.notice.lower()
    found = {each.decode("ascii", "replace") for each in permanent}
    named = sorted((each for each in found if each.lower() in notice), key=_place_in(notice))
    for address in named[: patterns.MAX_RECIPIENTS]:
        yield patterns.report_on(address, letter, others=named)


def _place_in(text: str) -> Callable[[str], int]:
    return lambda address: text.find(address.lower())


def _ours(letter: Letter) -> tuple[str, str]:
    """Find the Message-ID of our message that this came about, and the token of its recipient."""
    returned = letter.original.get("message-id", "") or letter.headers.get("in-reply-to", "")
    message_id = MESSAGE_ID.search(returned)
    token = TOKEN.search(letter.original.get("list-unsubscribe", ""))
    return message_id[0] if message_id else "", token[1] if token else ""
