"""The settings and texts of this site."""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from newsletter.doctor.domains import are_aligned
from newsletter.doctor.findings import Finding, good, note, wrong
from newsletter.mail.headers import ascii_address
from publications.models import SiteSettings


def sender_address() -> str:
    """Return the address that mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """Return the domain that mail comes from; the empty string where there is none."""
    return sender_address().rpartition("@")[2].lower()


def check_site_url() -> Iterator[Finding]:
    """Links to leave by one click must be https (RFC 8058, 3.1)."""
    if settings.SITE_URL.startswith("https://"):
        yield good("SITE_URL", f"{settings.SITE_URL} is https.")
    else:
        yield wrong(
            "SITE_URL",
            f"{settings.SITE_URL} is not https, so mail programs offer no button to unsubscribe.",
            "Serve the site over https and set SITE_URL to its address.",
        )


def check_sender() -> Iterator[Finding]:
    """The sender is an address of the site's own organization."""
    about, host = "Sender", urlsplit(settings.SITE_URL).hostname or ""
    if not _is_address(sender_address()):
        yield wrong(
            about,
            f"“{settings.DEFAULT_FROM_EMAIL}” holds no address that mail can come from.",
            "Set FROM_EMAIL to something like Institute <newsletter@example.org>.",
        )
    elif not are_aligned(sender_domain(), host):
        yield note(
            about,
            f"Mail comes from {sender_domain()}, but its links lead to {host}.",
            "Spam filters like both to be of one domain: look at FROM_EMAIL and SITE_URL.",
        )
    else:
        yield good(about, f"{sender_domain()} and {host} belong together.")


def check_unsubscribe_address() -> Iterator[Finding]:
    """The mailbox for leaving by mail, where there is one, is an address."""
    about = "UNSUBSCRIBE_ADDRESS"
    if not settings.UNSUBSCRIBE_ADDRESS:
        yield note(about, "Not set: people leave by link and by one click, but not by mail.")
    elif _is_address(settings.UNSUBSCRIBE_ADDRESS):
        yield good(about, f"People may leave by writing to {settings.UNSUBSCRIBE_ADDRESS}.")
    else:
        yield wrong(
            about,
            f"“{settings.UNSUBSCRIBE_ADDRESS}” is not an address.",
            "Set it to a mailbox that the site reads, or leave it out.",
        )


def check_texts() -> Iterator[Finding]:
    """The postal address that CAN-SPAM asks for, and the disclosure."""
    site = SiteSettings.objects.filter(pk=1).first() or SiteSettings()
    for about, text in (("Postal address", site.address), ("Disclosure", site.disclosure)):
        if text.strip():
            yield good(about, "Stands at the foot of every issue.")
        else:
            yield wrong(about, "Is empty.", "Fill it in under “Site settings” in the admin.")


def _is_address(text: str) -> bool:
    try:
        ascii_address(text)
    except ValueError:
        return False
    return True
