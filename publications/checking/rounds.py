"""One round over many addresses: no host is asked twice within its delay."""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from publications.checking.fetching import Answer, Failure, Request
from publications.checking.probing import probe
from publications.checking.robots import Asking, Robots
from publications.checking.verdicts import Verdict
from publications.models import LinkCheck

HOST_DELAY = 5.0


@dataclass(slots=True)
class _Visit:
    """An address being checked, and what it waits to ask."""

    link: LinkCheck
    asking: Asking[Verdict]
    request: Request


@dataclass(slots=True)
class Round:
    """Checks addresses one request at a time; while one host rests, others are asked.

    `wait` sleeps so many seconds and says whether to stop.
    """

    fetch: Callable[[Request], Answer | Failure]
    clock: Callable[[], float]
    wait: Callable[[float], bool]
    delay: float = HOST_DELAY

    def run(self, links: Iterable[LinkCheck], done: Callable[[LinkCheck, Verdict], None]) -> None:
        """Check every link, and hand each verdict over as soon as it is there."""
        robots = Robots()
        free: dict[str, float] = {}
        numbers = count()
        lanes: dict[str, deque[LinkCheck]] = defaultdict(deque)
        for link in links:
            lanes[link.host].append(link)
        queue = [
            (0.0, next(numbers), host, visit)
            for host, lane in lanes.items()
            if (visit := _begin(lane, robots))
        ]
        heapq.heapify(queue)
        while queue:
            at, number, host, visit = heapq.heappop(queue)
            target = urlsplit(visit.request.url).netloc
            ready = free.get(target, 0.0)
            if ready > at:
                heapq.heappush(queue, (ready, number, host, visit))
                continue
            if self.wait(max(0.0, at - self.clock())):
                return
            asked, answer = visit.request.url, self.fetch(visit.request)
            ended = self.clock()
            following = self._go_on(visit, answer, done) or _begin(lanes[host], robots)
            # Only now is it known what robots.txt asks for, if that was the answer.
            free[target] = ended + max(self.delay, robots.delay(asked))
            if following:
                heapq.heappush(queue, (ended, next(numbers), host, following))

    def _go_on(
        self, visit: _Visit, answer: Answer | Failure, done: Callable[[LinkCheck, Verdict], None]
    ) -> _Visit | None:
        """Hand an answer over; None when the check of the address has ended with it."""
        try:
            visit.request = visit.asking.send(answer)
        except StopIteration as end:
            done(visit.link, end.value)
            return None
        return visit


def _begin(lane: deque[LinkCheck], robots: Robots) -> _Visit | None:
    if not lane:
        return None
    link = lane.popleft()
    asking = probe(link.url, robots)
    return _Visit(link, asking, next(asking))
