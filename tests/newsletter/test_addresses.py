import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import MAX_LENGTH, Address, parse

LISTS = Path(settings.BASE_DIR).parent / "shared" / "data" / "email" / "addresses"
needs_lists = pytest.mark.skipif(not LISTS.exists(), reason="the lists of addresses are not here")

UNDERSTOOD = [
    ("reader@example.org", "reader@example.org", "reader@example.org"),
    ("  Reader.X+news@Example.ORG \n", "Reader.X+news@example.org", "reader.x+news@example.org"),
    ("\ufeffa@example.org\u200b", "a@example.org", "a@example.org"),
    ("o'neil@example.co.kr", "o'neil@example.co.kr", "o'neil@example.co.kr"),
    ("a@exämple.org", "a@exämple.org", "a@xn--exmple-cua.org"),
    ("a@XN--EXMPLE-CUA.org", "a@exämple.org", "a@xn--exmple-cua.org"),
    ("a@한국.kr", "a@한국.kr", "a@xn--3e0b707e.kr"),
    ("a" * 64 + "@example.org", "a" * 64 + "@example.org", "a" * 64 + "@example.org"),
]  # fmt: skip
REFUSED = [
    ("", "Type your e-mail address."),
    ("   ", "Type your e-mail address."),
    ("reader.example.org", "there is no @ in it"),
    ("reader@@example.org", "more than one @"),
    ("a@example.org, b@example.org", "more than one @"),
    ("@example.org", "nothing is before the @"),
    ("reader@", "nothing is after the @"),
    ("rea der@example.org", "there is a space in it"),
    ("reader@example", "needs a dot"),
    ("기자@example.org", "before the @"),
    ("a@example..org", "check its spelling"),
    ("a@-example.org", "check its spelling"),
    (".a@example.org", "check its spelling"),
    ("a..b@example.org", "check its spelling"),
    ("a@[192.0.2.1]", "check its spelling"),
    ("<a@example.org>", "check its spelling"),
    ('"a"@example.org', "check its spelling"),
    ("a@printer.local", "check its spelling"),
    ("a" * 65 + "@example.org", "check its spelling"),
    ("a@" + "e" * 64 + ".org", "check its spelling"),
    ("a@example.org" + "x" * MAX_LENGTH, "at most 254"),
    ("a" * 1_000_000, "at most 254"),
]
SPLITTERS = ["\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize(("typed", "address", "normalized"), UNDERSTOOD)
def test_an_address_is_understood(typed, address, normalized):
    assert parse(typed) == Address(address, normalized)


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_what_is_no_address_is_refused_in_plain_words(typed, why):
    with pytest.raises(ValidationError) as refusal:
        parse(typed)
    assert why in refusal.value.messages[0]


@pytest.mark.parametrize("splitter", SPLITTERS)
@pytest.mark.parametrize(
    "typed", ["a@example.org{}Bcc: b@example.org", "a{}b@example.org", "a@exam{}ple.org"]
)
def test_a_line_end_never_gets_into_an_address(typed, splitter):
    with pytest.raises(ValidationError):
        parse(typed.format(splitter))


@given(st.text(max_size=400) | st.from_regex(r"[^@]{0,20}@[^@]{0,20}\.[a-z]{2,4}", fullmatch=True))
def test_whatever_is_typed_is_understood_or_refused(typed):
    try:
        address = parse(typed)
    except ValidationError:
        return
    assert re.fullmatch(r"[!-?A-~]+@[a-z0-9.-]+", address.normalized)
    assert address.normalized == address.normalized.lower()
    assert len(address.typed.splitlines()) == 1
    assert parse(address.typed).normalized == address.normalized


def accepts(typed: str) -> bool:
    try:
        parse(typed)
    except ValidationError:
        return False
    return True


def lines(name: str) -> list[str]:
    text = (LISTS / name).read_text(encoding="utf-8", errors="replace")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@needs_lists
@pytest.mark.parametrize("path", sorted(LISTS.glob("*")), ids=lambda path: path.name)
def test_no_list_of_addresses_makes_it_fail(path):
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        accepts(line)
        accepts(f"{line}@example.org")
        accepts(f"reader@{line}")


# Refused on purpose although the lists call them valid: quoted and non-ASCII local parts, IP
# addresses for a domain, domains without a dot or with a last part that cannot exist.
UNUSUAL = re.compile(r"""["\[\]\\\s]|[^\x00-\x7f].*@|@[^.]*$|\.[\w-]*\d$|\.(test|localhost)$""")


@needs_lists
@pytest.mark.parametrize("name", ["flanker-mailbox_valid.txt", "fuzzdb-valid.txt"])
def test_the_addresses_that_people_have_are_accepted(name):
    usual = [line for line in lines(name) if not UNUSUAL.search(line)]
    assert len(usual) > 10
    assert [line for line in usual if not accepts(line)] == []


@needs_lists
@pytest.mark.parametrize("name", ["flanker-mailbox_invalid.txt", "fuzzdb-invalid.txt"])
def test_what_the_lists_call_wrong_is_refused(name):
    # White space around an address is forgiven; the one with apostrophes is valid by RFC 5322.
    forgiven = {"notallowed@example.com", "sql'or'1'='1'or'test@email.com"}
    bad = [line for line in lines(name) if line.strip() not in forgiven]
    assert len(bad) > 20
    assert [line for line in bad if accepts(line)] == []


def isemail() -> list[tuple[str, str]]:
    """The category and the address of each test; control characters stand there as pictures."""
    tests = ET.parse(LISTS / "isemail-tests.xml").getroot().findall("test")
    picture = re.compile("[\u2400-\u2420]")
    return [
        (
            each.findtext("category") or "",
            picture.sub(lambda found: chr(ord(found[0]) - 0x2400), each.findtext("address") or ""),
        )
        for each in tests
    ]


@needs_lists
def test_it_agrees_with_isemail_on_what_is_valid_and_what_is_an_error():
    valid = [text for category, text in isemail() if category == "ISEMAIL_VALID_CATEGORY"]
    wrong = [text for category, text in isemail() if category == "ISEMAIL_ERR"]
    assert [text for text in valid if not accepts(text)] == ["test@io"]
    assert {text.strip() for text in wrong if accepts(text)} == {"test@iana.org"}
    assert (len(valid), len(wrong)) == (14, 66)
