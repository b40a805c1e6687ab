"""Sending an issue to a few people before anybody else gets it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kei_site.common import courier
from newsletter.addresses import Address
from newsletter.mail.compose import Message
from newsletter.mail.headers import for_automatic_mail
from newsletter.mail.rendering import TOKEN, Rendered, facts_of, render, without_counting
from newsletter.models import Issue, NewsletterSettings, Suppression

MOST = 10
# Not signed by us: the links for leaving say so, and take nobody off a list.
NOBODY = "test"


@transaction.atomic
def send_test(issue: Issue, *, to: Sequence[Address], by: Any) -> int:
    """Send the issue as it is now to these addresses and return how many there are."""
    if not by.has_perm("newsletter.change_issue"):
        raise PermissionDenied(_("Your account may not send issues."))
    _ensure_allowed(to)
    rendered = render(without_counting(facts_of(issue)))
    reply_to = NewsletterSettings.read().reply_to
    for address in to:
        courier.send_on_commit(_message(rendered, address, reply_to), or_else=_nothing)
    return len(to)


def _ensure_allowed(to: Sequence[Address]) -> None:
    if not to:
        raise ValidationError(_("Give an address to send the test to."))
    if len(to) > MOST:
        raise ValidationError(_("A test goes to at most %(most)d addresses.") % {"most": MOST})
    suppressed = set(
        Suppression.objects.filter(
            address_hash__in=[each for address in to for each in address.hashes]
        ).values_list("address_hash", flat=True)
    )
    for address in to:
        if suppressed.intersection(address.hashes):
            raise ValidationError(
                _("%(address)s is suppressed: nothing may be sent there.")
                % {"address": address.typed}
            )


def _nothing() -> None:
    """Leave it at what the courier logs: whoever waits for a test sees that none comes."""


def _message(rendered: Rendered, address: Address, reply_to: str) -> Message:
    message = Message(
        subject=_("[Test] %(subject)s") % {"subject": rendered.subject},
        body=rendered.text.replace(TOKEN, NOBODY),
        to=[address.typed],
        reply_to=[reply_to] if reply_to else None,
        headers=for_automatic_mail(),
    )
    message.attach_alternative(rendered.html.replace(TOKEN, NOBODY), "text/html")
    return message
