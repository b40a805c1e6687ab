"""What somebody typed as an e-mail address: understood, or refused in plain words."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from kei_site.common.signing import keyed_hash, keyed_hashes

# RFC 5321 allows a path of 256 octets with the angle brackets.
MAX_LENGTH = 254
# What copying from a web page or a document leaves around an address.
AROUND = "\u200b\u200c\u200d\u2060\ufeff"
HASH_PURPOSE = "newsletter.address"


@dataclass(frozen=True, slots=True)
class Address:
    """An address that mail can be sent to, and the form by which we tell people apart."""

    typed: str
    normalized: str

    @property
    def hash(self) -> str:
        """The keyed hash that stands for the address where the address must not be kept."""
        return keyed_hash(HASH_PURPOSE, self.normalized)

    @property
    def hashes(self) -> list[str]:
        """The hash under every key that this site has had and still knows."""
        return keyed_hashes(HASH_PURPOSE, self.normalized)


def parse(text: str) -> Address:
    """Understand an address, or raise a ValidationError that says what is wrong with it.

    No name server is asked. Case is ignored in the whole address, as every mail
    provider does, and an international domain is compared in its ASCII form.
    """
    text = text.strip().strip(AROUND).strip()
    if len(text) > MAX_LENGTH:
        raise ValidationError(_("An e-mail address has at most 254 characters."), code="too_long")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except (EmailNotValidError, UnicodeError):
        raise ValidationError(explain(text), code="invalid") from None
    return Address(
        typed=found.normalized,
        normalized=f"{found.local_part}@{found.ascii_domain}".lower(),
    )


def explain(text: str) -> str:
    """Say in one sentence why `text` is not an address we can write to."""
    before, at, domain = text.rpartition("@")
    reasons = (
        (not text, _("Type your e-mail address.")),
        (not at, _("That does not look like an e-mail address: there is no @ in it.")),
        ("@" in before, _("Type one address only: there is more than one @ in it.")),
        (not before, _("That does not look like an e-mail address: nothing is before the @.")),
        (not domain, _("That does not look like an e-mail address: nothing is after the @.")),
        (
            len(text.split()) > 1,
            _("That does not look like an e-mail address: there is a space in it."),
        ),
        (
            "." not in domain,
            _("The part after the @ needs a dot, as in example.org."),
        ),
        (
            not before.isascii(),
            _("We cannot write to addresses with accents or other scripts before the @."),
        ),
    )
    anything_else = _("That does not look like an e-mail address. Please check its spelling.")
    return next((reason for applies, reason in reasons if applies), anything_else)
