"""Reports that follow no standard: where they name a recipient, and what they say of it."""

import re
from collections.abc import Iterator, Sequence
from email.utils import getaddresses, parseaddr

from newsletter.bounces.letters import Letter
from newsletter.bounces.reasons import kind_of, status_of
from newsletter.bounces.reports import Report
from newsletter.models import MailEventKind

MAX_RECIPIENTS = 100
MAX_LINE = 1000
ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
SYSTEM = re.compile(
    r"mailer.?daemon|post.?master|mail delivery (?:sub)?system|mail.delivery.system", re.IGNORECASE
)
FAILURE = re.compile(
    r"undeliver|delivery (?:status|fail)|deliver(?:y|ed) (?:has )?fail|fail\w* (?:notice|deliver)|"
    r"returned mail|mail system error|could not be delivered|error sending your mail|mail fail|"
    r"did not reach the following",
    re.IGNORECASE,
)
# It is still being tried: nothing has failed yet.
DELAY = re.compile(
    r"\(delay|warning message only|this is a warning|will be retried|still being retried|"
    r"not yet been delivered|has been delayed|delivery attempts will continue",
    re.IGNORECASE,
)
# People who answer or pass something on, who are away, and programs that say so (RFC 3834).
ANSWER = re.compile(
    r"^(?:re|fwd?|aw|wg) ?:|out of (?:the )?office|auto(?:matic|mated)?[- ]?(?:reply|response)|"
    r"vacation",
    re.IGNORECASE,
)
# Lines of a summary of our message, which name its recipients without saying anything of them.
OURS = re.compile(
    r"^\s*(?:from|to|cc|subject|sent|date|reply-to|message-id|mail from) ?:", re.IGNORECASE
)
ALONE = re.compile(rf"^[\W_]*({ADDRESS})(?:<mailto:[^>]*>)?[\W_]*(?:<{ADDRESS}>)?[\W_]*$")
FIRST = re.compile(
    rf"^\s*<?({ADDRESS})>?(?::|\s+\[|\s+\.\.\.|\s+on\s|\s+invalid|\s+error)", re.IGNORECASE
)
AFTER = re.compile(
    rf"(?:\bto|recipients?|user|userid|address|errors|failed|attempts)\b[^@\w]{{0,6}}({ADDRESS})",
    re.IGNORECASE,
)
REPLY = re.compile(rf"^\s*(?:<<< )?[45]\d\d\b[^@]{{0,40}}<({ADDRESS})>")


def failures(letter: Letter) -> Iterator[Report]:
    """Report each recipient that a notice from a mail system names."""
    if not is_failure(letter):
        return
    named = list(_named(letter))
    for address in named:
        yield report_on(address, letter, others=named)


def is_failure(letter: Letter) -> bool:
    """Say whether a mail system wrote this, and because it has given up."""
    subject = letter.headers.get("subject", "")
    if DELAY.search(subject) or DELAY.search(letter.notice) or ANSWER.search(subject):
        return False
    sender = letter.headers.get("from", "")
    is_system = SYSTEM.search(sender) or letter.headers.get("return-path", "") == "<>"
    return bool(
        "x-failed-recipients" in letter.headers
        or FAILURE.search(subject)
        or (is_system and FAILURE.search(letter.notice))
    )


def report_on(address: str, letter: Letter, *, others: Sequence[str] = ()) -> Report:
    """Report a failure of one recipient by what the notice says of it."""
    said = said_of([address], letter.notice, others=others)
    reasons = (said, letter.notice, letter.headers.get("subject", ""))
    found = next(filter(None, map(kind_of, reasons)), MailEventKind.SOFT_BOUNCE)
    return Report(
        kind=found,
        address=address,
        status=status_of(said),
        detail=said,
        reported_by=letter.headers.get("from", ""),
    )


def said_of(addresses: Sequence[str], notice: str, *, others: Sequence[str] = ()) -> str:
    """Return the lines from the first that names one of `addresses` to the next recipient's."""
    lines = notice.splitlines()
    mine = {each.lower() for each in addresses if each}
    foreign = {each.lower() for each in others} - mine
    begin = next((n for n, line in enumerate(lines) if _names(line, mine)), None)
    if begin is None:
        return ""
    ends = (n for n, line in enumerate(lines) if n > begin and _names(line, foreign))
    return " ".join(" ".join(lines[begin : next(ends, len(lines))]).split())


def _names(line: str, addresses: set[str]) -> bool:
    low = line.lower()
    return not OURS.match(line) and any(each in low for each in addresses)


def _named(letter: Letter) -> Iterator[str]:
    """Find the recipients: in the header made for it, else in the lines, else who we wrote to."""
    listed = letter.headers.get("x-failed-recipients", "")
    found = dict.fromkeys(address for _name, address in getaddresses([listed]) if "@" in address)
    if not found:
        found = dict.fromkeys(_announced(letter))
    if not found and "@" in (single := parseaddr(letter.original.get("to", ""))[1]):
        found = {single: None}
    yield from list(found)[:MAX_RECIPIENTS]


def _announced(letter: Letter) -> Iterator[str]:
    own = {parseaddr(letter.headers.get(name, ""))[1].lower() for name in ("to", "from")}
    for line in letter.notice.splitlines():
        if len(line) > MAX_LINE or OURS.match(line):
            continue
        for pattern in (ALONE, FIRST, AFTER, REPLY):
            if (match := pattern.search(line)) and match[1].lower() not in own:
                yield match[1].rstrip(".")
                break
