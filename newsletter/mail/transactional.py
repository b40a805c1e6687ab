"""The messages that answer to something a person did."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.mail.compose import Message, compose
from newsletter.mail.headers import for_automatic_mail, for_leaving
from newsletter.mail.links import (
    Recipient,
    absolute,
    preferences_link,
    token_for,
    unsubscribe_link,
)
from newsletter.models import MailingList, Subscriber


def confirmation(subscriber: Subscriber, *, token: str, lists: Sequence[MailingList]) -> Message:
    """Ask whether it was really this person who signed up; holds nothing that was typed."""
    return compose(
        "confirm",
        to=subscriber,
        subject=_("Please confirm: news from %(site)s"),
        facts={"link": absolute("newsletter:confirm", token), "lists": lists},
        headers=for_automatic_mail(),
    )


def already_subscribed(subscriber: Subscriber, *, lists: Sequence[MailingList]) -> Message:
    """Tell a subscriber who signs up again that nothing needs to be done."""
    return _with_way_out(subscriber, "already", _("You are subscribed to %(site)s"), lists)


def welcome(subscriber: Subscriber, *, lists: Sequence[MailingList]) -> Message:
    """Greet a new subscriber and show the way out."""
    return _with_way_out(subscriber, "welcome", _("Welcome: news from %(site)s"), lists)


def move_from(subscriber: Subscriber, *, token: str, new_address: str) -> Message:
    """Ask at the old address whether mail is to go to another one; the same whatever that is."""
    return compose(
        "move_from",
        to=subscriber,
        subject=_("Please confirm: your new address for %(site)s"),
        facts={
            "link": absolute("newsletter:confirm_move", token),
            "address": subscriber.address,
            "new_address": new_address,
        },
        headers=for_automatic_mail(),
    )


def move_to(reader: Subscriber, *, token: str) -> Message:
    """Ask at the new address; whose reader may be a stranger, so that nobody is named."""
    return compose(
        "move_to",
        to=reader,
        subject=_("Please confirm: news from %(site)s at this address"),
        facts={"link": absolute("newsletter:confirm_move", token)},
        headers=for_automatic_mail(),
    )


def move_refused(reader: Subscriber) -> Message:
    """Tell the reader of an address that we know already why nobody can move to it."""
    return compose(
        "move_refused",
        to=reader,
        subject=_("No change: news from %(site)s"),
        facts={"link": absolute("newsletter:subscribe")},
        headers=for_automatic_mail(),
    )


def _with_way_out(
    subscriber: Subscriber, name: str, subject: str | Promise, lists: Sequence[MailingList]
) -> Message:
    token = token_for(Recipient(subscriber.pk))
    link = unsubscribe_link(token)
    return compose(
        name,
        to=subscriber,
        subject=subject,
        facts={
            "unsubscribe_link": link,
            "preferences_link": preferences_link(token),
            "lists": lists,
        },
        headers=for_automatic_mail() | for_leaving(link, token=token),
    )
