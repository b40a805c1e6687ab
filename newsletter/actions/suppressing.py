"""Addresses that nothing may be sent to."""

from django.db import transaction

from newsletter.addresses import Address
from newsletter.models import Suppression, SuppressionReason


@transaction.atomic
def suppress(address: Address, *, reason: SuppressionReason) -> Suppression:
    """Send nothing to this address from now on; the first reason stays."""
    known = Suppression.objects.filter(address_hash__in=address.hashes).first()
    if known is not None:
        return known
    suppression, _ = Suppression.objects.get_or_create(
        address_hash=address.hash, defaults={"reason": reason}
    )
    return suppression


@transaction.atomic
def lift(suppression: Suppression) -> None:
    """Let mail go to this address again."""
    suppression.delete()
