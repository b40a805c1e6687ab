"""What sites ask of programs: robots.txt, read once a run for each site."""

from collections.abc import Generator
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from publications.checking.fetching import Answer, Failure, Request
from publications.hyperlinks import checkable
from publications.models import LinkReason

NAME = "LinkHealth"
# RFC 9309 asks for at least 500 KiB.
CAP = 512 * 1024
REDIRECTS = 5
REDIRECT_CODES = {301, 302, 303, 307, 308}
LONGEST_DELAY = 60.0

type Asking[T] = Generator[Request, Answer | Failure, T]


class Robots:
    """The rules of the sites visited in one run."""

    def __init__(self) -> None:
        self._rules: dict[str, RobotFileParser | Failure] = {}

    def ask(self, url: str) -> Asking[Failure | None]:
        """Say why this address is not to be asked for; None when nothing is against it."""
        site = _site(url)
        if site not in self._rules:
            self._rules[site] = yield from _read(site)
        rules = self._rules[site]
        if isinstance(rules, Failure):
            return rules
        try:
            allowed = rules.can_fetch(NAME, url)
        except ValueError:
            allowed = True
        return None if allowed else Failure(LinkReason.ROBOTS)

    def delay(self, url: str) -> float:
        """Return how many seconds the site wants between two requests."""
        rules = self._rules.get(_site(url))
        wanted = rules.crawl_delay(NAME) if isinstance(rules, RobotFileParser) else None
        return min(float(wanted or 0), LONGEST_DELAY)


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _read(site: str) -> Asking[RobotFileParser | Failure]:
    """Read the rules of a site; a site that is out of order is left alone (RFC 9309)."""
    url: str | None = f"{site}/robots.txt"
    for _hop in range(REDIRECTS + 1):
        if url is None or url.startswith("/"):
            break
        answer = yield Request("GET", url, CAP)
        if isinstance(answer, Failure):
            return answer
        if answer.code in REDIRECT_CODES and answer.location:
            url = _onward(url, answer.location)
            continue
        if answer.code >= 500:
            return Failure(LinkReason.ROBOTS)
        return _parse(answer.body if answer.code == 200 else b"")
    return _parse(b"")


def _onward(url: str, location: str) -> str | None:
    try:
        return checkable(urljoin(url, location))
    except ValueError:
        return None


def _parse(text: bytes) -> RobotFileParser:
    rules = RobotFileParser()
    try:
        rules.parse(text.decode("utf-8", "replace").splitlines())
    except ValueError:
        # The library trips over some addresses; such a file has no rules.
        rules = RobotFileParser()
        rules.parse([])
    return rules
