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
    lists: Iterable[MailingList],
    *,
    where: Circumstances,
    with_text: bool = False,
) -> None:
    """Add one event for each list, with the text that was shown where there was one."""
    address_hash = Address(subscriber.address, subscriber.normalized).hash
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            kind=kind,
            subscriber=subscriber,
            address_hash=address_hash,
            mailing_list=mailing_list,
            text=str(CONSENT_TEXT) if with_text else "",
            text_version=CONSENT_VERSION if with_text else "",
            form_address=where.form_address,
            network=where.network,
        )
        for mailing_list in lists
    )
