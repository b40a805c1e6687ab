"""Writing down what a person agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.addresses import Address
from newsletter.models import ConsentEvent, ConsentKind, MailingList, Subscriber
from newsletter.wording import CONSENT_TEXT, CONSENT_VERSION


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where somebody did something: the form's address and the network it came from."""

    form_address: str = ""
    network: str = ""


def record(
    kind: ConsentKind,
    subscriber: Subscriber,
    lists: Iterable[MailingList | None],
    *,
    where: Circumstances,
    with_text: bool = False,
    text: str = "",
) -> None:
    """Add one event for each list; what was agreed to is the consent text or another one."""
    address_hash = Address(subscriber.address, subscriber.normalized).hash
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            kind=kind,
            subscriber=subscriber,
            address_hash=address_hash,
            mailing_list=mailing_list,
            text=str(CONSENT_TEXT) if with_text else text,
            text_version=CONSENT_VERSION if with_text else "",
            form_address=where.form_address,
            network=where.network,
        )
        for mailing_list in lists
    )
