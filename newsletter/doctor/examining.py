"""One examination, from the settings to the name servers."""

from collections.abc import Callable, Iterator

from django.conf import settings

from newsletter.doctor import records, relay, site, spf
from newsletter.doctor.findings import Finding, Verdict
from newsletter.doctor.names import CouldNotAskError, Names

type Check = Callable[[Names, str], Iterator[Finding]]

PUBLISHED: dict[str, Check] = {
    "MX": records.check_mx,
    "SPF": spf.check_spf,
    "DKIM": records.check_dkim,
    "DMARC": records.check_dmarc,
}


def examine(names: Names) -> Iterator[Finding]:
    """Yield what is good and what is wrong; nothing is sent and nothing is changed."""
    yield from site.check_site_url()
    yield from site.check_sender()
    yield from site.check_unsubscribe_address()
    yield from site.check_texts()
    yield from relay.check_relay()
    if domain := site.sender_domain():
        for about, check in PUBLISHED.items():
            yield from _asked(about, check, names, domain)
    if settings.SMTP_HOST:
        yield from _asked("Reverse name", records.check_reverse_name, names, settings.SMTP_HOST)


def _asked(about: str, check: Check, names: Names, subject: str) -> Iterator[Finding]:
    try:
        yield from check(names, subject)
    except CouldNotAskError as error:
        yield Finding(Verdict.UNASKED, about, f"Could not be asked: {error}.")
