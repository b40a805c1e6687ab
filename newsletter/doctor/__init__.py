"""Whether mail will leave and be believed: each thing in words, with a way to mend it."""

from newsletter.doctor.examining import examine
from newsletter.doctor.findings import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine"]
