import ipaddress
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command

from newsletter.doctor.domains import are_aligned
from newsletter.doctor.names import Names
from newsletter.doctor.records import check_reverse_name
from newsletter.mail import dkim
from publications.models import SiteSettings
from tests.newsletter.test_dkim import pem
from tests.newsletter.test_mail import Sink

pytestmark = pytest.mark.django_db

PUBLIC = "8.8.4.4"
SENT_BY = "mail._domainkey.example.org"
GOOD_RECORDS = {
    ("example.org", "TXT"): ['"site-verification=1"', '"v=spf1 mx include:provider.test -all"'],
    ("provider.test", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 a:out.provider.test ~all"'],
    ("example.org", "MX"): ["10 mx.example.org."],
    ("mx.example.org", "A"): ["192.0.2.25"],
    ("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=quarantine; adkim=r"'],
}


class NameServer(threading.Thread):
    """A name server on the loopback address that knows a table, and nothing else."""

    def __init__(self, table: dict[tuple[str, str], list[str]]) -> None:
        super().__init__(daemon=True)
        self.table = table
        self.asked: list[tuple[str, str]] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                wire, sender = self.socket.recvfrom(4096)
            except OSError:
                return
            if not wire:
                return
            self.socket.sendto(self.answer(dns.message.from_wire(wire)).to_wire(), sender)

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        key = (str(question.name).rstrip(".").lower(), question.rdtype.name)
        self.asked.append(key)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if key in self.table:
            response.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", key[1], *self.table[key])
            )
        elif key[0] not in {name for name, _kind in self.table}:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self.socket.getsockname())
        self.join(5)
        self.socket.close()


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    server = NameServer(dict(GOOD_RECORDS))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def relay(settings, free_port) -> Iterator[Controller]:
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port)
    server.start()
    use(settings, free_port)
    yield server
    server.stop()


def use(settings, port: int, **options) -> None:
    settings.SMTP_HOST = "127.0.0.1"
    settings.MAILERS = {
        "default": {
            "BACKEND": "newsletter.mail.smtp.EmailBackend",
            "OPTIONS": {
                "host": "127.0.0.1",
                "port": port,
                "timeout": 5,
                "use_tls": False,
                "use_ssl": False,
                "username": "",
                "password": "",
                **options,
            },
        }
    }


@pytest.fixture(scope="module")
def rsa_pem() -> bytes:
    return pem(rsa.generate_private_key(65537, 2048))


@pytest.fixture
def key_file(tmp_path, settings, rsa_pem) -> Path:
    path = tmp_path / "key.pem"
    path.write_bytes(rsa_pem)
    settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR = str(path), "mail"
    return path


@pytest.fixture
def healthy(settings, name_server, relay, key_file, db) -> NameServer:
    """Everything as it should be; each test breaks one thing."""
    settings.DEFAULT_FROM_EMAIL = "Institute <newsletter@example.org>"
    settings.UNSUBSCRIBE_ADDRESS = "leave@example.org"
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"address": "1 Road, Seoul", "disclosure": "Funded by many."}
    )
    publish(name_server)
    return name_server


def publish(server: NameServer, **changes: str) -> None:
    """Publish the key that the settings name; TXT strings hold 255 characters at most."""
    ours = dkim.signer()
    tags = {"v": "DKIM1", "k": ours.kind, "p": ours.public_key} | changes
    record = "; ".join(f"{name}={value}" for name, value in tags.items())
    pieces = " ".join(f'"{record[at : at + 250]}"' for at in range(0, len(record), 250))
    server.table[SENT_BY, "TXT"] = [pieces]


def doctor(server: NameServer | None = None, address: str = "") -> tuple[bool, str]:
    """Return whether all is well, and what was said."""
    said = StringIO()
    try:
        call_command("mail_doctor", resolver=server.address if server else address, stdout=said)
    except CommandError as error:
        return error.returncode != 1, f"{said.getvalue()}{error}"
    return True, said.getvalue()


def line(said: str, about: str) -> str:
    return "\n".join(each for each in said.splitlines() if f" {about}: " in each)


def test_a_healthy_site_hears_that_nothing_is_wrong(healthy):
    is_well, said = doctor(healthy)
    assert is_well, said
    assert "wrong " not in said
    assert said.endswith("Nothing is wrong.\n")
    for about in ("SITE_URL", "Sender", "Postal address", "Disclosure", "Mail server", "Size",
                  "8BITMIME", "MX", "SPF", "DKIM", "DMARC"):  # fmt: skip
        assert line(said, about).startswith("good"), about
    assert "takes 3 lookups" in line(said, "SPF")


@pytest.mark.parametrize(
    ("changes", "about", "said"),
    [
        ({("example.org", "TXT"): ['"other"']}, "SPF", "no SPF records"),
        ({("example.org", "TXT"): ['"v=spf1 -all"', '"v=spf1 mx -all"']}, "SPF", "2 SPF records"),
        ({("example.org", "TXT"): ['"v=spf1 mx +all"']}, "SPF", "“+all”"),
        ({("example.org", "TXT"): ['"v=spf1 mx ?all"']}, "SPF", "“?all”"),
        ({("example.org", "TXT"): ['"v=spf1 mx"']}, "SPF", "“nothing”"),
        ({("example.org", "TXT"): ['"v=spf1 redirect=none.test"']}, "SPF", "“nothing”"),
        ({("example.org", "TXT"): ['"v=spf1 include:example.org -all"']}, "SPF", "more than 10"),
        ({("example.org", "TXT"): [f'"v=spf1 {"a:x.test " * 11}-all"']}, "SPF", "more than 10"),
        ({("_dmarc.example.org", "TXT"): []}, "DMARC", "no DMARC records"),
        ({("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']},
         "DMARC", "2 DMARC"),
        ({("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=maybe"']}, "DMARC", "“maybe”"),
        ({("example.org", "MX"): ["0 ."]}, "MX", "takes no mail"),
        ({("example.org", "MX"): []}, "MX", "takes no mail"),
        ({("mx.example.org", "A"): []}, "MX", "no address"),
        ({(SENT_BY, "TXT"): []}, "DKIM", "no records"),
        ({(SENT_BY, "TXT"): ['"v=DKIM1; k=rsa; p="']}, "DKIM", "revoked"),
        ({(SENT_BY, "TXT"): ['"v=DKIM1; k=rsa; p=AAAA"']}, "DKIM", "another one"),
        ({(SENT_BY, "TXT"): ['"p=AA"', '"p=BB"']}, "DKIM", "2 records"),
    ],
)  # fmt: skip
def test_a_wrong_record_is_named_with_a_remedy(healthy, changes, about, said):
    for key, values in changes.items():
        healthy.table.pop(key)
        if values:
            healthy.table[key] = values
    is_well, heard = doctor(healthy)
    assert not is_well
    assert heard.endswith("1 thing is wrong.")
    [wrong] = [each for each in heard.splitlines() if each.startswith("wrong")]
    assert wrong.startswith(f"wrong {about}: ")
    assert said in wrong
    assert heard.split(wrong)[1].lstrip().startswith("→ ")


@pytest.mark.parametrize(
    ("record", "lookups"),
    [
        ('"v=spf1 ip4:192.0.2.1 -all"', 0),
        ('"v=spf1 a mx ptr exists:%{i}.x.test ~all"', 4),
        ('"v=spf1 redirect=provider.test"', 2),
        ('"v=spf1 include:%{d}.x.test" " a -all"', 2),
        (f'"v=spf1 {"a:x.test " * 10}-all"', 10),
    ],
)
def test_lookups_of_spf_are_counted_as_receivers_count_them(healthy, record, lookups):
    healthy.table["example.org", "TXT"] = [record]
    is_well, said = doctor(healthy)
    assert is_well, said
    assert f"takes {lookups} lookups" in said


def test_the_remedy_for_a_missing_key_can_be_published_as_it_is(healthy):
    good = healthy.table.pop((SENT_BY, "TXT"))
    remedy = (
        doctor(healthy)[1].partition(f"Publish this TXT record at {SENT_BY}: ")[2].split("\n")[0]
    )
    healthy.table[SENT_BY, "TXT"] = [
        " ".join(f'"{remedy[at : at + 200]}"' for at in range(0, len(remedy), 200))
    ]
    assert doctor(healthy)[0]
    assert good[0].replace('"', "").replace(" ", "") == remedy.replace(" ", "")


def test_a_policy_of_the_parent_domain_holds_below_it(healthy, settings):
    settings.DEFAULT_FROM_EMAIL = "newsletter@mail.example.org"
    settings.DKIM_DOMAIN = "example.org"
    for kind in ("TXT", "MX"):
        healthy.table["mail.example.org", kind] = healthy.table["example.org", kind]
    assert doctor(healthy)[0]
    healthy.table["_dmarc.example.org", "TXT"] = ['"v=DMARC1; p=reject; sp=none; adkim=s"']
    is_well, said = doctor(healthy)
    assert not is_well
    assert "“none”" in said
    assert "adkim=s wants a signature by mail.example.org itself" in said


def test_a_signature_by_a_strange_domain_is_not_aligned(healthy, settings):
    settings.DKIM_DOMAIN = "provider.test"
    healthy.table["mail._domainkey.provider.test", "TXT"] = healthy.table[SENT_BY, "TXT"]
    is_well, said = doctor(healthy)
    assert not is_well
    assert "which DMARC does not count" in said


@pytest.mark.parametrize(
    ("key", "verdict", "words"),
    [
        (rsa.generate_private_key(65537, 1024), "note", "1024 bits"),
        (ed25519.Ed25519PrivateKey.generate(), "note", "Ed25519"),
    ],
)
def test_a_weak_or_rare_key_is_noted(healthy, key_file, key, verdict, words):
    key_file.write_bytes(pem(key))
    publish(healthy)
    is_well, said = doctor(healthy)
    assert is_well, said
    assert any(each.startswith(verdict) and words in each for each in said.splitlines())


def test_a_key_that_cannot_be_read_is_wrong(healthy, key_file):
    key_file.unlink()
    is_well, said = doctor(healthy)
    assert not is_well
    assert "DKIM_KEY_FILE cannot be used" in said


def test_where_no_resolver_answers_nothing_is_called_wrong(healthy, monkeypatch):
    monkeypatch.setattr("newsletter.doctor.names.SECONDS", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        is_well, said = doctor(address=f"127.0.0.1:{deaf.getsockname()[1]}")
    assert is_well, said
    for about in ("MX", "SPF", "DKIM", "DMARC"):
        assert "Could not be asked" in line(said, about)


@pytest.mark.parametrize("text", ["localhost:53", "127.0.0.1:many", "127.0.0.1:99999", "[::1"])
def test_a_resolver_that_is_no_address_is_refused(text):
    with pytest.raises(CommandError, match="wants an IP address and a port"):
        call_command("mail_doctor", resolver=text)


@pytest.mark.parametrize(
    ("name", "value", "about"),
    [
        ("SITE_URL", "http://www.example.org", "SITE_URL"),
        ("UNSUBSCRIBE_ADDRESS", "leave at example.org", "UNSUBSCRIBE_ADDRESS"),
        ("SMTP_HOST", "", "Mail server"),
    ],
)
def test_a_wrong_setting_is_named(healthy, settings, name, value, about):
    setattr(settings, name, value)
    is_well, said = doctor(healthy)
    assert not is_well
    assert line(said, about).startswith("wrong")


def test_a_sender_without_an_address_is_wrong_and_one_of_elsewhere_is_noted(healthy, settings):
    settings.DEFAULT_FROM_EMAIL = "Institute"
    assert line(doctor(healthy)[1], "Sender").startswith("wrong")
    settings.DEFAULT_FROM_EMAIL = "newsletter@provider.test"
    assert line(doctor(healthy)[1], "Sender").startswith("note")


def test_missing_texts_are_wrong(healthy):
    SiteSettings.objects.filter(pk=1).update(address=" ", disclosure="")
    is_well, said = doctor(healthy)
    assert not is_well
    assert said.endswith("2 things are wrong.")


def test_a_mail_server_that_is_down_is_wrong(healthy, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        use(settings, nobody.getsockname()[1])
        is_well, said = doctor(healthy)
    assert not is_well
    assert "cannot be used" in line(said, "Mail server")


class Refusing(Sink):
    async def handle_MAIL(self, _server, _session, _envelope, _address, _options) -> str:  # noqa: N802
        return "550 Not from here"


def accept(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    return AuthResult(success=data.password == b"right", handled=False)


@pytest.mark.parametrize(
    ("handler", "server_options", "options", "about", "said"),
    [
        (Refusing(), {}, {}, "Sender at the mail server", "550 Not from here"),
        (Sink(), {"data_size_limit": 50_000}, {}, "Size", "50,000 bytes at most"),
        (Sink(), {}, {"use_tls": True}, "Encryption", "STARTTLS is not offered"),
        (Sink(), {}, {"username": "me", "password": "right"}, "Account", "offers no AUTH"),
        (Sink(), {"authenticator": accept, "auth_require_tls": False},
         {"username": "me", "password": "wrong"}, "Account", "Refused"),
    ],
)  # fmt: skip
def test_what_the_mail_server_lacks_is_wrong(
    healthy, settings, handler, server_options, options, about, said, free_port
):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port, **server_options)
    server.start()
    use(settings, port, **options)
    is_well, heard = doctor(healthy)
    server.stop()
    assert not is_well
    assert line(heard, about).startswith("wrong")
    assert said in line(heard, about)


def certificate(folder: Path) -> Path:
    """A certificate for the loopback address, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return path


def test_starttls_and_the_account_are_tried(healthy, settings, free_port, tmp_path, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    server = Controller(
        Sink(), hostname="127.0.0.1", port=port, tls_context=context, authenticator=accept
    )
    server.start()
    use(settings, port, use_tls=True, username="me", password="right")
    is_well, said = doctor(healthy)
    assert not is_well
    assert "cannot be trusted" in line(said, "Encryption")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    is_well, said = doctor(healthy)
    server.stop()
    assert is_well, said
    assert "STARTTLS works" in said
    assert "User and password are accepted" in said


def test_the_reverse_name_must_lead_back(name_server):
    host, port = name_server.address.split(":")
    names = Names(host, int(port))
    name_server.table |= {
        ("relay.example.org", "A"): [PUBLIC],
        ("4.4.8.8.in-addr.arpa", "PTR"): ["relay.example.org."],
    }
    [found] = check_reverse_name(names, "relay.example.org")
    assert (found.verdict, found.said) == ("good", f"{PUBLIC} is relay.example.org.")
    name_server.table["4.4.8.8.in-addr.arpa", "PTR"] = ["other.example.org."]
    [found] = check_reverse_name(names, PUBLIC)
    assert (found.verdict, found.said) == ("note", f"{PUBLIC} has no name that leads back to it.")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("mail.example.org", "www.example.org", True),
        ("kei.org", "www.kei.org", True),
        ("a.or.kr", "b.or.kr", False),
        ("mail.a.or.kr", "www.a.or.kr", True),
        ("example.org", "example.com", False),
        ("localhost", "localhost", True),
    ],
)
def test_domains_of_one_organization_are_aligned(one, other, expected):
    assert are_aligned(one, other) is expected


def test_nothing_is_sent(healthy, relay):
    doctor(healthy)
    assert relay.handler.envelopes == []
    with smtplib.SMTP("127.0.0.1", relay.port) as smtp:
        smtp.sendmail("a@example.org", "b@example.org", "Subject: x\r\n\r\nx")
    assert len(relay.handler.envelopes) == 1
