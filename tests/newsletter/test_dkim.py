import base64
import hashlib
import re
import socket
from datetime import UTC, datetime
from pathlib import Path

import dkim as independent
import pytest
from aiosmtpd.controller import Controller
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail import dkim
from newsletter.mail.compose import Message
from newsletter.mail.headers import for_automatic_mail, for_leaving
from newsletter.mail.links import Recipient, token_for, unsubscribe_link
from newsletter.mail.prebuilt import Prebuilt, message_id_of
from newsletter.mail.rendering import TOKEN
from tests.newsletter.test_mail import Sink, relay

HEADERS_ABOUT_LEAVING = {"list-unsubscribe", "list-unsubscribe-post"}

# RFC 8463, appendix A.
RFC_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RFC_MESSAGE = """\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace("\n", "\r\n").encode()


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(params=["rsa", "ed25519"])
def key(request, rsa_key):
    return rsa_key if request.param == "rsa" else ed25519.Ed25519PrivateKey.generate()


@pytest.fixture
def key_file(tmp_path, settings) -> Path:
    settings.DKIM_KEY_FILE = str(tmp_path / "key.pem")
    settings.DKIM_SELECTOR = "mail2026"
    return tmp_path / "key.pem"


def pem(key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def build(**changes) -> Prebuilt:
    link = unsubscribe_link(TOKEN)
    facts = {
        "subject": "정책 소식 of the week",
        "html": f'<p>정책  🎉 \t </p>\n\n<a href="{link}">Leave</a> \n\n\n',
        "text": f"Leave:  {link}\n.\nFrom here \n",
        "issue_id": 12,
        "lists": ["정책"],
        "sender": "Institute <newsletter@example.org>",
        "reply_to": "desk@example.org",
        "date": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return Prebuilt.build(**facts | changes)


def messages(prebuilt: Prebuilt, count: int = 3) -> list[bytes]:
    return [
        prebuilt.message(
            address=f"reader{number}@example.com",
            token=token_for(Recipient(number**9, 12)),
            message_id=message_id_of(12, number),
        )
        for number in range(1, count + 1)
    ]


def is_valid(raw: bytes) -> bool:
    """Verify with another program: dkimpy for RSA, and what passes RFC 8463's example."""
    signer = dkim.signer()
    record = f"v=DKIM1; k={signer.kind}; p={signer.public_key}"
    if signer.kind == "ed25519":
        return verifies(raw, signer.public_key)
    asked = []

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name.decode().rstrip("."))
        return record.encode()

    try:
        found = independent.verify(raw, dnsfunc=answer)
    except independent.DKIMException:
        found = False
    assert asked == [signer.record_name]
    return found


def verifies(raw: bytes, public_key: str) -> bool:
    """Read RFC 6376, section 3.7, once more, for Ed25519."""
    head, body = raw.split(b"\r\n\r\n", 1)
    fields = [
        tuple(each.split(":", 1))
        for each in re.sub(r"\r\n(?=[ \t])", "", head.decode()).split("\r\n")
    ]
    name, signature = fields.pop(0)
    assert name == "DKIM-Signature"
    tags = {tag.strip(): value for tag, value in re.findall(r"(\w+)=([^;]*)", signature)}
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    canonical = b"".join(line + b"\r\n" for line in lines)
    if base64.b64decode(tags["bh"]) != hashlib.sha256(canonical).digest():
        return False
    signed = ""
    for wanted in tags["h"].split(":"):
        for index in reversed(range(len(fields))):
            if fields[index][0].lower() == wanted.strip().lower():
                signed += relaxed(*fields.pop(index)) + "\r\n"
                break
    signed += relaxed(name, re.sub(r"\bb=[^;]*", "b=", signature))
    key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    try:
        key.verify(base64.b64decode(tags["b"]), hashlib.sha256(signed.encode()).digest())
    except InvalidSignature:
        return False
    return True


def relaxed(name: str, value: str) -> str:
    return f"{name.lower()}:{re.sub('[ \t]+', ' ', value).strip()}"


def test_the_verifier_of_these_tests_agrees_with_rfc_8463():
    assert verifies(RFC_MESSAGE, RFC_KEY)
    assert not verifies(RFC_MESSAGE.replace(b"dinner", b"supper"), RFC_KEY)
    assert not verifies(RFC_MESSAGE.replace(b"hungry", b"thirsty"), RFC_KEY)


def test_the_published_key_has_the_form_of_rfc_8463(key_file):
    secret = base64.b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    key_file.write_bytes(pem(ed25519.Ed25519PrivateKey.from_private_bytes(secret)))
    assert dkim.signer().public_key == RFC_KEY


@pytest.mark.parametrize("reply_to", ["", "desk@example.org"])
def test_every_message_of_an_issue_has_a_valid_signature(key_file, key, reply_to):
    key_file.write_bytes(pem(key))
    for raw in messages(build(reply_to=reply_to)):
        assert raw.startswith(b"DKIM-Signature: v=1; a=")
        assert is_valid(raw)
        head = raw.partition(b"\r\n\r\n")[0].decode()
        signed = re.search(r"h=([^;]+);", head)[1].replace("\r\n ", "").split(":")
        assert {*signed} >= HEADERS_ABOUT_LEAVING | {"from", "to", "subject", "date", "list-id"}
        assert ("reply-to" in signed) == bool(reply_to)
        assert signed.count("from") == 2
        assert max(map(len, head.partition("From:")[0].split("\r\n"))) <= 78


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"To: reader", b"To: writer"),
        (b"unsubscribe/1", b"unsubscribe/2"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=No-Click"),
        (b"Subject: ", b"Subject: Urgent "),
        (b"Leave", b"Leaf"),
        (b"\r\nTo: ", b"\r\nFrom: Other <o@example.com>\r\nTo: "),
        (b"s=mail2026;", b"s=mail2026; n=changed;"),
    ],
)
def test_a_changed_message_is_found_out(key_file, key, there, instead):
    key_file.write_bytes(pem(key))
    [raw] = messages(build(), count=1)
    assert is_valid(raw)
    assert there in raw
    assert not is_valid(raw.replace(there, instead, 1))


def test_what_relays_do_to_white_space_breaks_nothing(key_file, key):
    key_file.write_bytes(pem(key))
    [raw] = messages(build(), count=1)
    assert is_valid(raw.replace(b"\r\nTo: ", b"\r\nTo:\r\n   ", 1))
    assert is_valid(raw + b"\r\n\r\n")
    assert is_valid(raw.replace(b"</p>", b"</p>  \t", 1))


@pytest.mark.parametrize("with_key", [True, False])
def test_other_mail_is_signed_where_there_is_a_key(key_file, key, settings, with_key):
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = relay(port)
    settings.MAILERS["default"]["BACKEND"] = "newsletter.mail.smtp.EmailBackend"
    key_file.write_bytes(pem(key))
    if not with_key:
        settings.DKIM_KEY_FILE = ""
    message = Message(
        subject="환영합니다 " * 20,
        body="안녕하세요.\n.\nFrom here  \n",
        to=["a@example.com"],
        headers=for_automatic_mail() | for_leaving("https://www.example.org/leave/1:a/"),
    )
    message.attach_alternative("<p>안녕하세요</p>", "text/html")
    message.send(using="default")
    server.stop()
    [envelope] = sink.envelopes
    raw = envelope.content
    assert raw.startswith(b"DKIM-Signature: ") == with_key
    if with_key:
        assert is_valid(raw)
        assert not is_valid(raw.replace(b"One-Click", b"Two-Click"))


@given(body=st.text(alphabet="ab \t\r\n", max_size=40).map(lambda text: text.encode()))
def test_bodies_take_the_form_that_dkimpy_gives_them(body):
    body = body.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"
    assert dkim.relaxed_body(body) == independent.canonicalization.Relaxed.canonicalize_body(body)


def test_without_a_key_nothing_is_signed():
    assert dkim.signer() is None
    assert b"DKIM-Signature" not in messages(build())[0]


def test_the_domain_is_that_of_the_sender_unless_it_is_set(key_file, rsa_key, settings):
    key_file.write_bytes(pem(rsa_key))
    settings.DEFAULT_FROM_EMAIL = "Institute <newsletter@Mail.example.org>"
    assert dkim.signer().record_name == "mail2026._domainkey.mail.example.org"
    settings.DKIM_DOMAIN = "example.org"
    assert dkim.signer().record_name == "mail2026._domainkey.example.org"


def test_a_key_that_was_replaced_is_used_at_once(key_file, rsa_key):
    key_file.write_bytes(pem(rsa_key))
    assert dkim.signer().kind == "rsa"
    key_file.write_bytes(pem(ed25519.Ed25519PrivateKey.generate()))
    assert dkim.signer().kind == "ed25519"


@pytest.mark.parametrize(
    "content", [None, b"", b"no key", pem(ec.generate_private_key(ec.SECP256R1()))]
)
def test_a_key_that_cannot_be_used_is_refused_by_the_name_of_its_variable(key_file, content):
    if content is not None:
        key_file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match="DKIM_KEY_FILE cannot be used"):
        build()
