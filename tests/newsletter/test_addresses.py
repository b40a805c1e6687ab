import re
from pathlib import Path
from xml.etree import ElementTree

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
    ("  Reader.Name+news@Example.ORG \n", "Reader.Name+news@example.org", "reader.name+news@example.org"),
    ("\ufeffa@example.org\u200b", "a@example.org", "a@example.org"),
    ("o'neil@example.co.kr", "o'neil@example.co.kr", "o'neil@example.co.kr"),
    ("a@exämple.org", "a@exämple.org", "a@xn--exmple-cua.org"),
    ("a@XN--EXMPLE-CUA.org", "a@exämple.org", "a@xn--exmple-cua.org"),
    ("기자@example.org".replace("기자", "kija"), "kija@example.org", "kija@example.org"),
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
    except ValidationError as refusal:
        assert refusal.messages[0]
    else:
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
# addresses for a domain, domains without a dot.
UNUSUAL = re.compile(r'["\[\]\\\s]|[^\x00-\x7f].*@|@[^.]*$|@[\d.]+$|\.(server|test|localhost)$')


@needs_lists
@pytest.mark.parametrize("name", ["flanker-mailbox_valid.txt", "fuzzdb-valid.txt"])
def test_the_addresses_that_people_have_are_accepted(name):
    usual = [line for line in lines(name) if not UNUSUAL.search(line)]
    assert len(usual) > 10
    assert [line for line in usual if not accepts(line)] == []


@needs_lists
@pytest.mark.parametrize("name", ["flanker-mailbox_invalid.txt", "fuzzdb-invalid.txt"])
def test_hardly_any_address_of_the_bad_lists_is_accepted(name):
    bad = lines(name)
    print(name, len(bad), [line for line in bad if accepts(line)])


@needs_lists
def test_isemail():
    tests = ElementTree.parse(LISTS / "isemail-tests.xml").getroot().findall("test")
    cats = {}
    for each in tests:
        a = re.sub(
            r"[\u2400-\u2420]", lambda f: chr(ord(f[0]) - 0x2400), each.findtext("address") or ""
        )
        cats.setdefault((each.findtext("category"), accepts(a)), []).append(a)
    for k, v in cats.items():
        print(k, len(v), v[:12])
