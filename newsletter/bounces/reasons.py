"""Whether a refusal is for good: by the words of the server first, then by its codes.

Words come first because codes are used loosely: “550 5.1.1” was seen with a rate
limit, and “5.0.0” with an unknown user. Only what says that the address or its
domain does not exist, or will not have mail any more, is for good; all that
speaks of the message, of us, or of a moment is not. Nor is an account that is
disabled: it may come back (RFC 3463, X.2.1), and soft bounces in a row end it too.
"""

import re

from newsletter.models import MailEventKind

# Longer texts hold a page for people to read; the reason is at the beginning.
MAX_TEXT = 4000
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
SMTP_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")

# RFC 3463 and the registry of RFC 5248: no such mailbox, no such system, bad syntax, moved;
# no mail accepted there (RFC 7505); no route; the owner has changed (RFC 7293).
PERMANENT = {"1.1", "1.2", "1.3", "1.6", "1.10", "4.4", "7.17"}
# Refused by policy: whatever the words, somebody else may be let in.
POLICY = {"5.7.0", "5.7.1"}
# What an answer names, and what must not be taken for its words.
NAMES = re.compile(r"https?://\S+|[^\s<>()\[\]\"',;:]+@[\w.-]+")


def any_of(patterns: str) -> re.Pattern[str]:
    """Compile a table with one pattern a line and comments between them."""
    lines = (line.strip() for line in patterns.splitlines())
    return re.compile("|".join(line for line in lines if line and not line.startswith("#")))


# All words are compared in lower case, with each address written as @.
SOFT = any_of(r"""
    # The mailbox or the disk is full, or the message is too big for it.
    \bfull\b
    quota
    (?:storage|disk) space
    exceeded the .{0,10}limit
    number of messages in
    too (?:big|large|long)
    message size
    size (?:exceeds|limit)
    # Not now.
    tempor
    again later
    try again
    deferr
    gr[ea]y-?list
    timed? ?-?out
    expired
    (?:could not|unable to|wasn.t able to) (?:connect|establish)
    could not deliver for
    accept our requests
    retr(?:y|ies)\b
    in the queue
    (?:connection|service|resources?|host|server).{0,30}\b(?:unavailable|not reachable)
    not responding
    lookup failure
    server failure
    unexpected name server
    # Too much, too fast.
    rate.?limit
    rate\b.{0,20}\b(?:limit|prevent)
    too (?:many|fast|much)
    frequency
    throttl
    # What we sent was not liked.
    \bspam
    \bube\b
    \bjunk
    virus
    malware
    phish
    (?:content|message|mail|header)s? .{0,20}(?:reject|not accepted|error|filtered)
    (?:header|media|content) error
    mail rejet
    is redundant
    recipient preferences
    hop count
    too many hops
    (?:routing|mail) loop
    # Where it came from was not liked.
    policy
    (?:black|block|deny)list
    blocked
    banned
    reputation
    \bdnsbl
    \brbl\b
    abuse
    \b(?:spf|dkim|dmarc)\b
    authenticat
    (?:not |un)authori[sz]ed
    (?:access|permission) denied
    not (?:allowed|permitted)
    prohibited
    \bptr\b
    reverse dns
    client host
    unverifyable
    mismatches client
    relay
    sender.{0,30}(?:reject|denied|invalid|refus)
    domain of sender
    domain is invalid
    address is not verified
    mail from
    purported
    # A fault between the two servers.
    protocol
    \btls\b
    syntax
    sequence
    command (?:parameter|not|reject)
    system (?:config )?error
    internal.{0,20}error
    mailer error
    lock failure
    on hold
    # Not for good: the owner may pay, log in or ask.
    disabled
    deactivated
    suspended
    inactive
    frozen
    locked
    bloque
""")
HARD = any_of(r"""
    # Nobody of this name.
    (?:unknown|invalid|illegal|no such|bad|incorrect)(?: or \w+)? (?:e-?mail )?(?:user|recipient)
    (?:unknown|invalid|illegal|no such|bad|incorrect)(?: or \w+)? (?:e-?mail )?(?:mailbox|account)
    (?:unknown|invalid|illegal|no such|bad|incorrect)(?: or \w+)? (?:e-?mail )?(?:address|alias)
    (?:unknown|invalid|bad) (?:destination|local.?part|final delivery userid)
    (?:user|recipient|mailbox|account|address|alias)(?:\(s\)| name| @)?,? (?:is |was )?unknown
    (?:user|recipient|mailbox|account|address|alias)(?:\(s\)| name| @)?,? (?:is |was )?invalid
    (?:user|recipient|mailbox|account|address|alias) (?:is |was |could ?n.t be |wasn.t )?not ?found
    (?:user|recipient|mailbox|account|address) (?:wasn.t|could ?n.t be|could not be|cannot be) found
    (?:user|recipient|mailbox|account|address)(?: @)? (?:is )?not (?:exist|known|valid|here)
    (?:user|recipient|mailbox|account|address|person)\b.{0,40}\bdo(?:es ?n.t|es not) exist
    (?:user|recipient|mailbox|account|address)\b.{0,20}\b(?:closed|terminated|discontinued)
    user\b.{0,40}\bnot listed
    user doesn.t have a
    name is not recogni
    not our (?:user|customer)
    no longer (?:on|with|valid|active|exists|available)
    no (?:mailbox|user|account|recipient|person|one)\b.{0,20}\b(?:here|by that|such|name)
    no valid recipients
    recip\w*notfound
    unrouteable address
    recipient address .{0,20}\binvalide
    # What cPanel answers when the name server knows no such domain.
    account or domain may not exist
    # No domain of this name, or it takes no mail.
    (?:host|domain)(?: or \w+)?(?: name)? (?:is )?(?:unknown|not ?found|not reachable)
    (?:host|domain)(?: name)? (?:doesn.t|does not) exist
    [\w-]+\.[a-z]{2,} does not exist
    (?:unknown|no such|illegal) (?:host|domain)
    nxdomain
    bad destination system
    couldn.t find (?:any host|a mail exchanger)
    no mx (?:record|or)
    had no relevant answers
    no smtp service
    null ?mx
    does(?:n.t| not) (?:accept|receive) (?:e-?)?mail
""")
# An answer to one of these was about us: the recipient had not been named yet.
NOT_OF_RECIPIENT = re.compile(
    r"after (?:mail from|initial connection|ehlo|helo)|refused to\s+talk|sender was rejected|"
    r"in reply to (?:mail from|ehlo|helo)|\[mail_from\]|>>> mail from|"
    # Said by a program that delivers on the recipient's machine, not by a mail server.
    r"^x-unix|procmail|pipe to"
)

# The server had taken the recipient and refused the content: its words on the recipient are
# often those of a filter, and are believed with an exact code only.
AFTER_CONTENT = re.compile(
    r"after end of data|in reply to (?:end of )?data|failed after i sent|>>> data <<< 5|"
    r"step: data|our final data|smtp command data"
)


def status_of(text: str) -> str:
    """Return the most telling code in a text: enhanced before SMTP, exact before vague."""
    codes = [".".join(found) for found in ENHANCED.findall(text[:MAX_TEXT])]
    # “Other or undefined” says little.
    codes.sort(key=lambda code: (code.endswith(".0.0"), code.endswith(".0")))
    return next(iter([*codes, *SMTP_REPLY.findall(text[:MAX_TEXT])]), "")


def kind_of(text: str, status: str = "", *, phase: str = "") -> MailEventKind | None:
    """Say whether a failure is for good, or None when neither words nor codes tell.

    `phase` is what else is known of the moment at which the server refused.
    """
    words = NAMES.sub("@", " ".join(text[:MAX_TEXT].lower().split()))
    moment = " ".join(f"{text} {phase}"[:MAX_TEXT].lower().split())
    code = status or status_of(text)
    hard, soft = HARD.search(words), SOFT.search(words)
    if NOT_OF_RECIPIENT.search(moment) or code in POLICY:
        return MailEventKind.SOFT_BOUNCE
    if hard and AFTER_CONTENT.search(moment) and not _is_permanent(code):
        return MailEventKind.SOFT_BOUNCE
    if hard and soft and not code.endswith(".0") and "." in code:
        return _by_code(code)
    if hard and (soft is None or hard.start() < soft.start()):
        return MailEventKind.HARD_BOUNCE
    if soft:
        return MailEventKind.SOFT_BOUNCE
    return _by_code(code)


def _by_code(code: str) -> MailEventKind | None:
    if not code:
        return None
    return MailEventKind.HARD_BOUNCE if _is_permanent(code) else MailEventKind.SOFT_BOUNCE


def _is_permanent(code: str) -> bool:
    first, _dot, rest = code.partition(".")
    return first == "5" and rest in PERMANENT
