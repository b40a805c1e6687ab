"""What the domain of the sender publishes about its mail."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from newsletter.doctor.domains import are_aligned, organization
from newsletter.doctor.findings import Finding, good, note, wrong
from newsletter.doctor.names import Names
from newsletter.mail.dkim import Signer, signer, signing_domain

SHORTEST_RSA = 1024  # RFC 8301, 3.2
GOOD_RSA = 2048


def check_mx(names: Names, domain: str) -> Iterator[Finding]:
    """Bounces and answers must arrive somewhere."""
    about, hosts = "MX", names.mail_hosts(domain)
    if hosts == [""]:
        yield wrong(
            about,
            f"{domain} says that it takes no mail (RFC 7505): bounces and answers are lost.",
            "Send from a domain that takes mail, or publish an MX record for this one.",
        )
    elif hosts and not any(names.addresses(host) for host in hosts):
        yield wrong(
            about,
            f"{domain} names {', '.join(hosts)}, which no address is known of.",
            "Correct the MX record, or publish the address of its host.",
        )
    elif hosts:
        yield good(about, f"{domain} takes mail at {', '.join(hosts)}.")
    elif names.addresses(domain):
        yield note(about, f"{domain} has no MX record; mail for it goes to the host itself.")
    else:
        yield wrong(
            about,
            f"{domain} takes no mail: bounces and answers are lost.",
            "Publish an MX record for it.",
        )


def check_dkim(names: Names, domain: str) -> Iterator[Finding]:
    """The key is readable, strong enough, and the one that is published."""
    about = "DKIM"
    try:
        ours = signer()
    except ImproperlyConfigured as error:
        yield wrong(about, str(error), "To make one: openssl genpkey -algorithm RSA -out key.pem")
        return
    if ours is None:
        yield note(about, "Not signed here.", "The mail server must sign, or set DKIM_KEY_FILE.")
        return
    yield from _check_key(ours)
    if not are_aligned(ours.domain, domain):
        yield wrong(
            about,
            f"Mail from {domain} is signed by {ours.domain}, which DMARC does not count.",
            f"Set DKIM_DOMAIN to {domain}.",
        )
    yield from _check_published_key(names, ours)


def check_dmarc(names: Names, domain: str) -> Iterator[Finding]:
    """Exactly one policy, which our signature satisfies (RFC 7489)."""
    about = "DMARC"
    owner, records = _dmarc_records(names, domain)
    if len(records) != 1:
        yield wrong(
            about,
            f"{domain} has {len(records) or 'no'} DMARC records; large mailbox providers want one.",
            f"Publish one TXT record at _dmarc.{organization(domain)}: v=DMARC1; p=none",
        )
        return
    tags = read_tags(records[0])
    policy = tags.get("sp", tags.get("p", "")) if owner != domain else tags.get("p", "")
    if policy.lower() not in {"none", "quarantine", "reject"}:
        yield wrong(about, f"The policy “{policy}” is unknown.", "Use none, quarantine or reject.")
    elif policy.lower() == "none":
        yield note(
            about,
            "The policy is “none”: forged mail arrives.",
            "Use p=quarantine once all mail is signed.",
        )
    else:
        yield good(about, f"The policy is “{policy}”.")
    if settings.DKIM_KEY_FILE and tags.get("adkim") == "s" and signing_domain() != domain:
        yield wrong(
            about,
            f"adkim=s wants a signature by {domain} itself, but {signing_domain()} signs.",
            f"Set DKIM_DOMAIN to {domain}, or publish adkim=r.",
        )


def check_reverse_name(names: Names, host: str) -> Iterator[Finding]:
    """The mail server's address has a name that leads back to it (RFC 1912, 2.1)."""
    about = "Reverse name"
    addresses = [host] if _is_ip(host) else names.addresses(host)
    public = [each for each in addresses if ip_address(each).is_global]
    if not public:
        yield note(about, f"{host} is not on the internet, so its name does not matter there.")
    for address in public:
        there = names.names_of(address)
        if any(address in names.addresses(name) for name in there):
            yield good(about, f"{address} is {there[0]}.")
        else:
            yield note(
                about,
                f"{address} has no name that leads back to it.",
                "If this host delivers to the world itself, ask its provider for a PTR record.",
            )


def read_tags(record: str) -> dict[str, str]:
    """Read `a=b; c=d` (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs if name.strip()}


def _check_key(ours: Signer) -> Iterator[Finding]:
    bits = getattr(ours.key, "key_size", GOOD_RSA)
    if bits < SHORTEST_RSA:
        yield wrong("DKIM", f"A key of {bits} bits is not accepted.", "Make one of 2048 bits.")
    elif bits < GOOD_RSA:
        yield note("DKIM", f"The key has {bits} bits.", "Make one of 2048 bits.")
    if ours.kind == "ed25519":
        yield note(
            "DKIM",
            "Large mailbox providers do not check Ed25519 yet.",
            "Use an RSA key of 2048 bits.",
        )


def _check_published_key(names: Names, ours: Signer) -> Iterator[Finding]:
    about, where = "DKIM", ours.record_name
    remedy = f"Publish this TXT record at {where}: v=DKIM1; k={ours.kind}; p={ours.public_key}"
    records = names.texts(where)
    tags = read_tags(records[0]) if records else {}
    published = re.sub(r"\s", "", tags.get("p", ""))
    if len(records) != 1:
        yield wrong(about, f"There are {len(records) or 'no'} records at {where}.", remedy)
    elif not published:
        yield wrong(about, f"The key at {where} is revoked.", remedy)
    elif published != ours.public_key or tags.get("k", "rsa") != ours.kind:
        yield wrong(about, f"The key at {where} is another one than ours.", remedy)
    else:
        yield good(about, f"The key at {where} is ours.")


def _dmarc_records(names: Names, domain: str) -> tuple[str, list[str]]:
    """Return whose policy holds for the domain, and the records with it."""
    for owner in dict.fromkeys((domain, organization(domain))):
        records = [
            text for text in names.texts(f"_dmarc.{owner}") if re.match(r"v=DMARC1\s*(;|$)", text)
        ]
        if records:
            return owner, records
    return domain, []


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
