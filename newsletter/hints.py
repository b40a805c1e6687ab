"""What is probably meant by an address with a slip in it, and which services throw mail away."""

import logging
from functools import cache
from itertools import takewhile
from pathlib import Path

from django.conf import settings

from newsletter.addresses import Address

logger = logging.getLogger(__name__)

# Where most private readers have their mail. Names of four letters and fewer are left out:
# each has dozens of real domains one slip away.
OFTEN_MISTYPED = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "naver.com", "icloud.com",
    "hanmail.net", "kakao.com", "googlemail.com", "protonmail.com", "proton.me", "comcast.net",
    "verizon.net", "fastmail.com", "yahoo.co.uk", "hotmail.co.uk", "korea.kr",
)  # fmt: skip
# One slip away from the above, and real.
REAL_NEIGHBORS = {
    "email.com", "mail.com", "ymail.com", "fmail.com", "never.com", "saver.com",
    "waver.com", "fastmail.co",
}  # fmt: skip


def suggest(address: Address) -> str:
    """Return the address that was probably meant, or nothing.

    Only the text is looked at, so that the hint says nothing about who is stored.
    """
    local, _at, domain = address.normalized.rpartition("@")
    if domain in OFTEN_MISTYPED or domain in REAL_NEIGHBORS:
        return ""
    local = address.typed[: len(local)]
    return next((f"{local}@{each}" for each in OFTEN_MISTYPED if is_one_slip(domain, each)), "")


def is_one_slip(typed: str, meant: str) -> bool:
    """Say whether one letter is missing, added or wrong, or two neighbors are swapped."""
    start = _alike(typed, meant)
    typed, meant = typed[start:], meant[start:]
    end = _alike(typed[::-1], meant[::-1])
    typed, meant = typed[: len(typed) - end], meant[: len(meant) - end]
    return max(len(typed), len(meant)) == 1 or (len(typed) == 2 and typed == meant[::-1])


def _alike(one: str, other: str) -> int:
    """Return how many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def is_disposable(address: Address) -> bool:
    """Say whether the operator's list of throw-away services has the domain or one above it."""
    refused = _disposable(getattr(settings, "REFUSE_DISPOSABLE_FILE", None))
    if not refused:
        return False
    labels = address.normalized.rpartition("@")[2].split(".")
    return any(".".join(labels[at:]) in refused for at in range(len(labels) - 1))


@cache
def _disposable(path: Path | str | None) -> frozenset[str]:
    """Read the file, one domain a line, at the first sign-up; without one nobody is refused."""
    if not path:
        return frozenset()
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        # A file that is missing must not keep readers from signing up.
        logger.exception("REFUSE_DISPOSABLE_FILE cannot be read, so no domain is refused")
        return frozenset()
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return frozenset(line for line in lines if line)
