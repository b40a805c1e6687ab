"""Who may send for a domain (RFC 7208)."""

import re
from collections.abc import Iterator

from newsletter.doctor.findings import Finding, good, wrong
from newsletter.doctor.names import Names

# RFC 7208, 4.6.4.
MOST_LOOKUPS = 10
ASKS = re.compile(r"[+~?-]?(include|a|mx|ptr|exists|redirect)(?:[:=/](\S*))?", re.IGNORECASE)
ABOUT = "SPF"


def check_spf(names: Names, domain: str) -> Iterator[Finding]:
    """One record, which ends in a refusal and can be read with ten lookups."""
    records = _records(names, domain)
    if len(records) != 1:
        yield wrong(
            ABOUT,
            f"{domain} has {len(records) or 'no'} SPF records; there must be one.",
            f"Publish one TXT record at {domain}, such as: v=spf1 mx include:provider.example -all",
        )
        return
    lookups = _lookups(names, records[0], MOST_LOOKUPS + 1)
    if lookups > MOST_LOOKUPS:
        yield wrong(
            ABOUT,
            f"The record of {domain} takes more than {MOST_LOOKUPS} lookups, so nobody heeds it.",
            "Take out what no longer sends for you, or name networks (ip4:, ip6:) directly.",
        )
    ending = _ending(names, records[0], MOST_LOOKUPS)
    if ending in {"-all", "~all"}:
        yield good(ABOUT, f"The record ends in {ending} and takes {lookups} lookups.")
    else:
        yield wrong(
            ABOUT,
            f"The record ends in “{ending or 'nothing'}”: everybody may send for {domain}.",
            "End it in -all or ~all.",
        )


def _records(names: Names, domain: str) -> list[str]:
    return [text for text in names.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]


def _lookups(names: Names, record: str, left: int) -> int:
    """Count the lookups a reader must make, and stop once there are `left`."""
    count = 0
    for term in record.split()[1:]:
        found = ASKS.fullmatch(term)
        if not found or count >= left:
            continue
        count += 1
        kind, target = found[1].lower(), found[2] or ""
        if kind in {"include", "redirect"} and "%" not in target:
            for there in _records(names, target)[:1]:
                count += _lookups(names, there, left - count)
    return count


def _ending(names: Names, record: str, left: int) -> str:
    """Return the last word of a record or of the one it hands on to."""
    terms = record.lower().split()[1:]
    last = next((term for term in terms if re.fullmatch(r"[+~?-]?all", term)), "")
    handed_on = next((term.partition("=")[2] for term in terms if term.startswith("redirect=")), "")
    if last or not handed_on or not left:
        return last
    return next((_ending(names, there, left - 1) for there in _records(names, handed_on)[:1]), "")
