"""What was found."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a finding means for mail."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"
    UNASKED = "could not be asked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    about: str
    said: str
    remedy: str = ""


def good(about: str, said: str) -> Finding:
    """Find that a thing is as it should be."""
    return Finding(Verdict.GOOD, about, said)


def note(about: str, said: str, remedy: str = "") -> Finding:
    """Find something that may be meant."""
    return Finding(Verdict.NOTE, about, said, remedy)


def wrong(about: str, said: str, remedy: str) -> Finding:
    """Find something to mend, and say how."""
    return Finding(Verdict.WRONG, about, said, remedy)
