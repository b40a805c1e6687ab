"""Django's way to the mail server, with our signature where there is a key for it."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

from newsletter.mail.dkim import sign, signer


class EmailBackend(smtp.EmailBackend):
    """Send as Django does, and sign each message that leaves."""

    @property
    def connection_class(self) -> type[smtplib.SMTP | smtplib.SMTP_SSL]:
        return SignedOverTLS if super().connection_class is smtplib.SMTP_SSL else Signed


class _Signing(smtplib.SMTP):
    def sendmail(self, from_addr: Any, to_addrs: Any, msg: Any, *more: Any, **named: Any) -> Any:
        by = signer()
        return super().sendmail(from_addr, to_addrs, sign(msg, by) if by else msg, *more, **named)


class Signed(_Signing):
    """A connection that begins in the clear."""


class SignedOverTLS(_Signing, smtplib.SMTP_SSL):
    """A connection over TLS from the first byte."""
