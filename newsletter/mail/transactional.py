"""The messages that answer to something a person did."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.mail.compose import Message, compose
from newsletter.mail.headers import for_automatic_mail, for_leaving
from newsletter.mail.links import absolute, unsubscribe_link
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


def _with_way_out(
    subscriber: Subscriber, name: str, subject: str | Promise, lists: Sequence[MailingList]
) -> Message:
    link = unsubscribe_link(subscriber.pk)
    return compose(
        name,
        to=subscriber,
        subject=subject,
        facts={"unsubscribe_link": link, "lists": lists},
        headers=for_automatic_mail() | for_leaving(link),
    )
