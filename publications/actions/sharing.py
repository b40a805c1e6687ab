"""Sharing a work before it is out, with one person at a time."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kei_site.common.tokens import hash_token, new_token
from publications.models import PreviewLink, PreviewOpening, Publication

MOST_OPEN = 50


@transaction.atomic
def share(
    work: Publication, *, by: Any, recipient: str, lasts: timedelta
) -> tuple[PreviewLink, str]:
    """Make a link; return it with its secret, which is known to nobody afterwards."""
    _ensure_may(by)
    now = timezone.now()
    links = PreviewLink.objects.filter(publication=work, revoked_at=None, expires_at__gt=now)
    if links.count() >= MOST_OPEN:
        raise ValidationError(
            _("So many links lead to this work already. Revoke some first."), code="too_many"
        )
    token = new_token()
    link = PreviewLink(
        publication=work, token_hash=hash_token(token), recipient=" ".join(recipient.split()),
        made_by=by, made_at=now, expires_at=now + lasts,
    )  # fmt: skip
    link.full_clean()
    link.save()
    return link, token


@transaction.atomic
def revoke(link: PreviewLink, *, by: Any) -> None:
    """Let a link lead nowhere from now on; may be repeated safely."""
    _ensure_may(by)
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def find_link(token: str) -> PreviewLink | None:
    """Return the link of a secret, open or not; None for a secret that nobody was given."""
    links = PreviewLink.objects.select_related("publication")
    return links.filter(token_hash=hash_token(token)).first()


def note_opening(link: PreviewLink, *, network: str) -> None:
    """Keep that a link was opened, when and from which network."""
    PreviewOpening.objects.create(link=link, network=network)


def _ensure_may(by: Any) -> None:
    if not by.has_perm("publications.change_publication"):
        raise PermissionDenied(_("Your account may not share publications."))
