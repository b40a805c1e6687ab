"""What an answer means for readers."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from publications.checking.fetching import Answer, Failure
from publications.models import LinkReason, LinkStatus

# These servers may answer people; programs they turn away.
TURNS_AWAY = {401, 402, 403, 405, 406, 407, 418, 429, 451, 999}
HOME = re.compile(r"^/?(?:index\.\w+|home/?|main/?)?$", re.IGNORECASE)
TITLE = re.compile(r"<(title|h1)\b[^>]*>(.{0,500}?)</\1\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SAYS_GONE = re.compile(
    r"""
    ^\W*(?:error\W+)?404\W*$ | \b404\b.{0,20}\b(?:not\ found|error|page)\b | \berror\ 404\b
    | \b(?:page|article|story|file|document|content)\b.{0,20}
      \b(?:not|cannot|can['’]?t|could\ ?n['’o]t)(?:\ be)?\ found\b
    | ^\W*not\ found\W*$
    | \b(?:page|article|story)\b.{0,15}\b(?:does\ ?n['’o]t|no\ longer)\ exists?\b
    | \b(?:page|article|story|content)\b.{0,15}\bno\ longer\ available\b
    | (?:페이지|기사|문서)[를을가이]?\s*찾을\s*수\s*없
    | 존재하지\s*않는\s*(?:페이지|기사|문서|게시물)
    | 삭제(?:된|되었거나).{0,12}(?:페이지|기사|문서|게시물) | 없는\s*페이지
    """,
    re.IGNORECASE | re.VERBOSE,
)
RETRY_FROM, RETRY_TO = timedelta(hours=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found; FAILING becomes BROKEN only when it lasts."""

    status: LinkStatus
    reason: LinkReason = LinkReason.NONE
    http_code: int | None = None
    final_url: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """Where redirects led, and what was found at the end of them."""

    start: str
    end: str
    found: Answer | Failure
    permanent: bool = True

    @property
    def was_led_on(self) -> bool:
        """Whether there were redirects."""
        return self.start != self.end


def judge(trip: Trip) -> Verdict:
    """Say what the end of a trip means."""
    final = trip.end if trip.was_led_on else ""
    if isinstance(trip.found, Failure):
        unsaid = trip.found.reason in {LinkReason.PORT, LinkReason.ROBOTS}
        status = LinkStatus.UNKNOWN if unsaid else LinkStatus.FAILING
        return Verdict(status, trip.found.reason, None, final)
    code = trip.found.code
    if 200 <= code < 300:
        return _judge_page(trip, trip.found, final)
    if code in TURNS_AWAY:
        wait = retry_after(trip.found.retry_after)
        return Verdict(LinkStatus.UNKNOWN, LinkReason.REFUSED, code, final, wait)
    reason = LinkReason.HTTP if code >= 400 else LinkReason.PROTOCOL
    return Verdict(LinkStatus.FAILING, reason, code, final)


def _judge_page(trip: Trip, page: Answer, final: str) -> Verdict:
    if trip.was_led_on and _is_home(trip.end) and not _is_home(trip.start):
        return Verdict(LinkStatus.SOFT_404, LinkReason.HOME, page.code, final)
    if says_gone(page.body):
        return Verdict(LinkStatus.SOFT_404, LinkReason.WORDS, page.code, final)
    moved = trip.was_led_on and trip.permanent
    return Verdict(
        LinkStatus.MOVED if moved else LinkStatus.WORKS, LinkReason.NONE, page.code, final
    )


def says_gone(body: bytes) -> bool:
    """Say whether title or main heading of a page say that there is nothing."""
    text = body.decode("utf-8", "replace")
    return any(
        SAYS_GONE.search(" ".join(html.unescape(TAG.sub(" ", words)).split()))
        for _tag, words in TITLE.findall(text)
    )


def retry_after(header: str) -> timedelta | None:
    """Read after how many seconds a server wants to be asked again, within reason."""
    if not (header.isascii() and header.isdigit() and len(header) < 9):
        return None
    return min(max(timedelta(seconds=int(header)), RETRY_FROM), RETRY_TO)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return bool(HOME.match(parts.path)) and not parts.query
