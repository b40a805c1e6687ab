"""Leaving by mail: what mail programs write to the address in List-Unsubscribe (RFC 2369)."""

import logging

from newsletter.bounces.letters import open_letter
from newsletter.mail.links import Recipient, read_token

logger = logging.getLogger(__name__)
LONGEST_TOKEN = 300


def who_leaves(raw: bytes) -> Recipient | None:
    """Return who asks to leave; the signed token that we offered as the subject is the proof."""
    try:
        subject = open_letter(raw).headers.get("subject", "").strip()
    except Exception:
        logger.exception("A message of %d bytes could not be read", len(raw))
        return None
    return read_token(subject) if 0 < len(subject) <= LONGEST_TOKEN else None
