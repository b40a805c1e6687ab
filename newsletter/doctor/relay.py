"""The mail server that takes our messages."""

import smtplib
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from newsletter.doctor.findings import Finding, good, note, wrong
from newsletter.doctor.site import sender_address

ABOUT = "Mail server"
OK = 250
# Ten times the size at which Gmail cuts a message off.
SMALLEST_LIMIT = 1024 * 1024


def check_relay() -> Iterator[Finding]:
    """Connect as the sender does, and see what is on offer; no message is sent."""
    if not settings.SMTP_HOST:
        yield wrong(
            ABOUT,
            "None is set: each message becomes a file and nobody gets it.",
            "Set SMTP_HOST, and SMTP_USER and SMTP_PASSWORD where it asks for them.",
        )
        return
    mailer: dict[str, Any] = settings.MAILERS["default"]
    options = mailer["OPTIONS"]
    where = f"{options['host']}:{options['port']}"
    try:
        with _connected(options) as smtp:
            yield good(ABOUT, f"{where} answers.")
            yield from _check_offers(smtp, options)
    except ssl.SSLError as error:
        yield wrong(
            "Encryption",
            f"{where} cannot be trusted: {error}.",
            "Use the name that its certificate is made out to, or look at SMTP_SECURITY.",
        )
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            ABOUT,
            f"{where} cannot be used: {error}.",
            "Look at SMTP_HOST, SMTP_PORT and SMTP_SECURITY, and whether a firewall is between.",
        )


def _connected(options: dict[str, Any]) -> smtplib.SMTP:
    host, port, timeout = options["host"], options["port"], options["timeout"]
    if options.get("use_ssl"):
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=timeout)


def _check_offers(smtp: smtplib.SMTP, options: dict[str, Any]) -> Iterator[Finding]:
    smtp.ehlo()
    yield from _check_encryption(smtp, options)
    yield from _check_account(smtp, options)
    yield from _check_size(smtp)
    if smtp.has_extn("8bitmime"):
        yield good("8BITMIME", "Offered.")
    else:
        yield note("8BITMIME", "Not offered; our messages have 7 bits and need it not.")
    yield from _check_sender_is_taken(smtp)


def _check_encryption(smtp: smtplib.SMTP, options: dict[str, Any]) -> Iterator[Finding]:
    about = "Encryption"
    if options.get("use_ssl"):
        yield good(about, "TLS from the first byte.")
    elif not options.get("use_tls"):
        yield from _check_clear_text(options)
    elif not smtp.has_extn("starttls"):
        yield wrong(
            about,
            "STARTTLS is not offered.",
            "Set SMTP_SECURITY=tls (often port 465), or “none” for a server on this machine.",
        )
    else:
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
        yield good(about, "STARTTLS works.")


def _check_clear_text(options: dict[str, Any]) -> Iterator[Finding]:
    if _is_loopback(options["host"]):
        yield good("Encryption", "None, and none is needed on the machine itself.")
    else:
        yield wrong(
            "Encryption",
            "None: everybody on the way can read the mail, and the password.",
            "Set SMTP_SECURITY to “starttls” or “tls”.",
        )


def _check_account(smtp: smtplib.SMTP, options: dict[str, Any]) -> Iterator[Finding]:
    about = "Account"
    if not options.get("username"):
        yield note(about, "SMTP_USER is not set: the mail server must know us by our address.")
    elif not smtp.has_extn("auth"):
        yield wrong(
            about,
            "The mail server offers no AUTH on this connection.",
            "Look at SMTP_PORT and SMTP_SECURITY, or leave SMTP_USER out.",
        )
    else:
        try:
            smtp.login(options["username"], options["password"])
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            yield wrong(about, f"Refused: {error}.", "Look at SMTP_USER and SMTP_PASSWORD.")
        else:
            yield good(about, "User and password are accepted.")


def _check_size(smtp: smtplib.SMTP) -> Iterator[Finding]:
    about, limit = "Size", smtp.esmtp_features.get("size", "").strip()
    if not limit.isdecimal() or int(limit) == 0:
        yield good(about, "No limit is named.")
    elif int(limit) < SMALLEST_LIMIT:
        yield wrong(
            about,
            f"Messages may have {int(limit):,} bytes at most.",
            "Raise the limit of the mail server to 1 MB at least.",
        )
    else:
        yield good(about, f"Messages may have {int(limit):,} bytes.")


def _check_sender_is_taken(smtp: smtplib.SMTP) -> Iterator[Finding]:
    code, answer = smtp.mail(sender_address())
    if code == OK:
        yield good("Sender at the mail server", "Accepted.")
        smtp.rset()
    else:
        yield wrong(
            "Sender at the mail server",
            f"Refused: {code} {answer.decode('utf-8', 'replace')}.",
            "Allow the address in FROM_EMAIL there, or choose another one.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
