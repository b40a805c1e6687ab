"""What the checker of links asks, whom it leaves alone, and what it makes of the answers."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from publications.checking.fetching import PAGE_CAP, Answer, Failure, Limits, Request, fetch
from publications.checking.guard import Guard, is_public
from publications.checking.robots import Robots
from publications.checking.rounds import Round
from publications.checking.verdicts import Verdict, retry_after, says_gone
from publications.hyperlinks import host_of
from publications.models import LinkCheck, LinkReason
from tests.publications.link_server import LinkServer, serving

ANYWHERE = Guard(anywhere=True)
SHORT = Limits(step=0.3, whole=0.6)
AGENT = "LinkHealth/1.0 (+https://www.example.org/)"


@pytest.fixture
def server() -> Iterator[LinkServer]:
    with serving() as book:
        yield book


def ask(request: Request, guard: Guard = ANYWHERE) -> Answer | Failure:
    return fetch(request, guard=guard, agent=AGENT, limits=SHORT)


def check(*urls: str, fetching: Any = ask) -> list[Verdict]:
    """Check addresses in one round without any delay."""
    found: dict[str, Verdict] = {}
    links = [LinkCheck(url=url, host=host_of(url)) for url in urls]
    polite = Round(fetching, lambda: 0.0, lambda _seconds: False, delay=0)
    polite.run(links, lambda link, verdict: found.update({link.url: verdict}))
    return [found[url] for url in urls]


def verdict_on(server: LinkServer, path: str = "/page") -> tuple[str, str, int | None]:
    [verdict] = check(server.url(path))
    return verdict.status, verdict.reason, verdict.http_code


def test_a_page_that_is_there_works(server: LinkServer) -> None:
    assert verdict_on(server) == ("works", "", 200)
    assert server.methods("/page") == ["HEAD", "GET"]
    assert server.agents == {AGENT}


def test_a_file_needs_no_more_than_its_head(server: LinkServer) -> None:
    server.answers["/a.pdf"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-")
    assert verdict_on(server, "/a.pdf") == ("works", "", 200)
    assert server.methods("/a.pdf") == ["HEAD"]


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (204, "works", ""),
        (400, "failing", "http"),
        (404, "failing", "http"),
        (410, "failing", "http"),
        (500, "failing", "http"),
        (502, "failing", "http"),
        (503, "failing", "http"),
        (401, "unknown", "refused"),
        (403, "unknown", "refused"),
        (429, "unknown", "refused"),
        (451, "unknown", "refused"),
        (999, "unknown", "refused"),
        (300, "failing", "protocol"),
        (301, "failing", "protocol"),
    ],
)
def test_every_status_has_its_meaning(
    server: LinkServer, code: int, status: str, reason: str
) -> None:
    server.answers["/page"] = (code, {}, b"")
    assert verdict_on(server) == (status, reason, code)


def test_a_server_that_knows_no_heads_is_asked_for_the_page(server: LinkServer) -> None:
    def only_pages(handler: Any) -> None:
        handler.send_response(405 if handler.command == "HEAD" else 200)
        handler.end_headers()

    server.answers["/page"] = only_pages
    assert verdict_on(server) == ("works", "", 200)


def test_a_server_that_is_busy_is_asked_again_when_it_wants(server: LinkServer) -> None:
    server.answers["/page"] = (429, {"Retry-After": "7200"}, b"")
    [verdict] = check(server.url("/page"))
    assert verdict.retry_after == dt.timedelta(hours=2)
    assert server.methods("/page") == ["HEAD"]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("1", dt.timedelta(hours=1)),
        ("99999999", dt.timedelta(days=7)),
        ("9" * 400, None),
        ("-5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("", None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone_has_bounds(header: str, wait: Any) -> None:
    assert retry_after(header) == wait


def test_a_permanent_redirect_is_proposed_and_a_passing_one_is_not(server: LinkServer) -> None:
    server.led("/old", "/new")
    server.led("/via", "/old", 308)
    server.led("/now", "/new", 302)
    server.led("/mixed", "/now", 301)
    old, via, now, mixed = check(*map(server.url, ("/old", "/via", "/now", "/mixed")))
    assert {each.final_url for each in (old, via, now, mixed)} == {server.url("/new")}
    assert [each.status for each in (old, via)] == ["moved", "moved"]
    assert [each.status for each in (now, mixed)] == ["works", "works"]


def test_five_redirects_are_followed_and_no_more(server: LinkServer) -> None:
    for number in range(1, 8):
        server.led(f"/{number}", f"/{number - 1}")
    five, six = check(server.url("/5"), server.url("/6"))
    assert (five.status, five.final_url) == ("moved", server.url("/0"))
    assert (six.status, six.reason) == ("failing", "redirects")


def test_a_circle_of_redirects_ends(server: LinkServer) -> None:
    server.led("/a", "/b")
    server.led("/b", "/a")
    assert verdict_on(server, "/a")[:2] == ("failing", "redirects")


@pytest.mark.parametrize("target", ["ftp://example.org/", "javascript:1", "http://[x"])
def test_a_redirect_to_no_web_address_fails(server: LinkServer, target: str) -> None:
    server.led("/page", target)
    assert verdict_on(server)[:2] == ("failing", "protocol")


def test_a_redirect_to_our_own_site_works_without_asking(server: LinkServer) -> None:
    server.led("/page", "https://localhost/about/")
    [verdict] = check(server.url("/page"))
    assert (verdict.status, verdict.final_url) == ("moved", "https://localhost/about/")


def test_a_page_that_leads_home_looks_gone(server: LinkServer) -> None:
    server.led("/articles/17", "/", 302)
    assert verdict_on(server, "/articles/17") == ("soft_404", "home", 200)
    server.led("/", "/index.html", 302)
    assert verdict_on(server, "/")[0] == "works"


@pytest.mark.parametrize(
    ("markup", "gone"),
    [
        ("<title>404</title>", True),
        ("<title>404 - Page not found | Daily</title>", True),
        ("<TITLE lang=en>\n Page  Not\n Found </TITLE>", True),
        ("<title>Daily</title><h1 class=x>Sorry, this <b>page</b> can’t be found</h1>", True),
        ("<h1>The article is no longer available</h1>", True),
        ("<title>페이지를 찾을 수 없습니다</title>", True),
        ("<title>존재하지 않는 기사입니다</title>", True),
        ("<title>404 days of war</title>", False),
        ("<title>Why a peace has not been found</title>", False),
        ("<title>A page in history</title><p>Page not found</p>", False),
        ("<title>The wreck that was not found for 90 years</title>", False),
        ("", False),
    ],
)
def test_a_page_that_says_it_is_gone_is_recognized(markup: str, gone: bool) -> None:
    assert says_gone(markup.encode()) is gone


def test_a_page_that_says_so_looks_gone(server: LinkServer) -> None:
    words = b"<title>Page not found</title>"
    server.answers["/page"] = (200, {"Content-Type": "text/html; charset=utf-8"}, words)
    assert verdict_on(server) == ("soft_404", "words", 200)


@given(st.binary(max_size=500))
def test_whatever_a_page_says_is_read(body: bytes) -> None:
    says_gone(body)


def test_robots_are_respected_and_read_once_for_a_site(server: LinkServer) -> None:
    rules = b"User-agent: LinkHealth\nDisallow: /private\n\nUser-agent: *\nDisallow: /"
    server.answers["/robots.txt"] = (200, {}, rules)
    private, public = check(server.url("/private/a"), server.url("/public"))
    assert (private.status, private.reason) == ("unknown", "robots")
    assert public.status == "works"
    assert server.methods("/private/a") == []
    assert server.methods("/robots.txt") == ["GET"]


def test_a_redirect_does_not_get_around_robots(server: LinkServer) -> None:
    server.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private")
    server.led("/open", "/private")
    assert verdict_on(server, "/open")[:2] == ("unknown", "robots")
    assert server.methods("/private") == []


@pytest.mark.parametrize(
    ("code", "body", "status"),
    [
        (404, b"", "works"),
        (403, b"User-agent: *\nDisallow: /", "works"),
        (500, b"", "unknown"),
        (200, b"\xff\xfe<html>", "works"),
        (200, b"User-agent: *\nDisallow: //[x", "works"),
        (200, b"User-agent: *\nDisallow: /", "unknown"),
    ],
)
def test_any_robots_file_is_understood(
    server: LinkServer, code: int, body: bytes, status: str
) -> None:
    server.answers["/robots.txt"] = (code, {}, body)
    assert verdict_on(server)[0] == status


def test_a_server_that_never_answers_is_given_up(server: LinkServer) -> None:
    server.answers["/page"] = lambda _handler: server.over.wait()
    assert verdict_on(server)[:2] == ("failing", "timeout")


def test_a_server_that_drips_is_given_up(server: LinkServer) -> None:
    def drip(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not server.over.wait(0.05):
            handler.wfile.write(b"x")

    server.answers["/page"] = drip
    assert verdict_on(server)[:2] == ("failing", "timeout")


def test_of_a_huge_answer_only_the_beginning_is_read(server: LinkServer) -> None:
    sent = []

    def pour(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not server.over.is_set() and len(sent) < 4000:
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    server.answers["/page"] = pour
    answer = ask(Request("GET", server.url("/page"), PAGE_CAP))
    assert isinstance(answer, Answer)
    assert len(answer.body) == PAGE_CAP
    server.over.set()
    assert sum(sent) < 50_000_000


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(500)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"hello\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
    ],
    ids=["many headers", "long header", "no http", "no number"],
)
def test_an_answer_that_makes_no_sense_is_told_apart(server: LinkServer, said: bytes) -> None:
    server.answers["/page"] = lambda handler: handler.wfile.write(said)
    assert verdict_on(server)[:2] == ("failing", "protocol")


def test_a_server_that_hangs_up_or_is_not_there_fails(server: LinkServer) -> None:
    server.answers["/page"] = lambda _handler: None
    assert verdict_on(server)[:2] == ("failing", "connection")
    [verdict] = check("http://127.0.0.1:1/")
    assert verdict.reason == "connection"


def test_an_unknown_name_is_told_apart() -> None:
    def unknown(*_args: Any, **_facts: Any) -> Any:
        raise socket.gaierror

    guard = Guard(look_up=unknown)
    assert ask(Request("HEAD", "https://nowhere.example/"), guard) == Failure(LinkReason.DNS)


def test_encryption_out_of_order_is_told_apart(server: LinkServer, tmp_path: Path) -> None:
    plain = server.url("/page").replace("http://", "https://")
    assert ask(Request("HEAD", plain)) == Failure(LinkReason.TLS)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with serving(context) as secure:
        untrusted = secure.url("/page").replace("http://", "https://")
        assert ask(Request("HEAD", untrusted)) == Failure(LinkReason.TLS)


def self_signed(folder: Path) -> Path:
    """Make a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_any_address_is_told(address: Any) -> None:
    assert is_public(str(address)) in {True, False}
    if not ip_address(address).is_global:
        assert not is_public(str(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "10.0.0.1", "[::ffff:10.0.0.1]", "169.254.169.254", "0.0.0.0",
     "2130706433", "0x7f.1", "localhost"],
)  # fmt: skip
def test_nothing_inside_is_ever_asked(host: str) -> None:
    [verdict] = check(f"http://{host}/", fetching=lambda each: ask(each, Guard()))
    assert (verdict.status, verdict.reason) == ("failing", "private")


def test_no_unusual_port_is_ever_asked(server: LinkServer) -> None:
    [verdict] = check(server.url("/page"), fetching=lambda each: ask(each, Guard()))
    assert (verdict.status, verdict.reason) == ("unknown", "port")
    assert server.asked == []


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%2"]]
)
def test_a_name_that_leads_inside_is_refused(answers: list[str]) -> None:
    guard = Guard(
        look_up=lambda _host, port, **_: [(0, 0, 0, "", (each, port)) for each in answers]
    )
    assert ask(Request("HEAD", "http://sneaky.example/"), guard) == Failure(LinkReason.PRIVATE)


@pytest.mark.parametrize("target", ["http://127.0.0.1/", "http://10.0.0.1/x", "http://[::1]/"])
@pytest.mark.parametrize("path", ["/page", "/robots.txt"])
def test_a_redirect_inside_is_refused(server: LinkServer, target: str, path: str) -> None:
    server.led(path, target)

    def guarded(request: Request) -> Answer | Failure:
        # Only the server of this test may be asked, whatever it leads to.
        return ask(request, Guard(anywhere=request.url.startswith(server.url("/"))))

    [verdict] = check(server.url("/page"), fetching=guarded)
    assert (verdict.status, verdict.reason) == ("failing", "private")


class Clock:
    """Time that passes only by waiting, and a second for each request."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[tuple[str, float]] = []

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False

    def fetch(self, request: Request) -> Answer | Failure:
        self.asked.append((host_of(request.url), self.now))
        self.now += 1
        if request.url.endswith("/robots.txt"):
            slow = b"User-agent: *\nCrawl-delay: 20"
            return Answer(200, body=slow) if "slow" in request.url else Answer(404)
        if request.url.startswith("http://leads."):
            return Answer(302, location="http://busy.example/there")
        return Answer(200, content_type="text/html")


def test_a_host_is_never_asked_twice_within_its_delay() -> None:
    clock = Clock()
    urls = [
        *(f"http://busy.example/{number}" for number in range(5)),
        *(f"http://host{number}.example/" for number in range(5)),
        *(f"http://leads.example/{number}" for number in range(3)),
        *(f"http://slow.example/{number}" for number in range(2)),
    ]
    links = [LinkCheck(url=url, host=host_of(url)) for url in urls]
    done: list[str] = []
    Round(clock.fetch, lambda: clock.now, clock.wait, delay=5).run(
        links, lambda link, _verdict: done.append(link.url)
    )
    assert sorted(done) == sorted(urls)
    for host in {host for host, _moment in clock.asked}:
        moments = [moment for each, moment in clock.asked if each == host]
        # From the end of one request, which takes a second, to the beginning of the next.
        rests = [later - earlier - 1 for earlier, later in pairwise(moments)]
        assert all(rest >= (20 if "slow" in host else 5) for rest in rests), host
    # While one host rests, others are asked: the slowest alone sets how long it takes.
    assert clock.now < 120


def test_a_round_ends_when_told_to_stop() -> None:
    asked = []

    def fetching(request: Request) -> Answer | Failure:
        asked.append(request)
        return Answer(200)

    links = [LinkCheck(url=f"http://a{n}.example/", host=f"a{n}.example") for n in range(9)]
    Round(fetching, lambda: 0.0, lambda _seconds: len(asked) >= 2).run(links, lambda *_: None)
    assert len(asked) == 2


def test_a_delay_that_a_site_asks_for_has_a_bound() -> None:
    robots = Robots()
    asking = robots.ask("https://a.example/x")
    next(asking)
    with pytest.raises(StopIteration):
        asking.send(Answer(200, body=b"User-agent: *\nCrawl-delay: 86400"))
    assert robots.delay("https://a.example/y") == 60
    assert robots.delay("https://b.example/y") == 0
