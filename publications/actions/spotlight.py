"""Putting works into the Spotlight, one at a time."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from publications.models import Spotlight


@transaction.atomic
def feature(spotlight: Spotlight) -> Spotlight:
    """Set a Spotlight; an open-ended one lasts until the next begins, before or after."""
    make_room(spotlight)
    spotlight.save()
    return spotlight


def make_room(spotlight: Spotlight) -> None:
    """Settle how long a Spotlight lasts, and end the one that was open when it begins."""
    others = Spotlight.objects.exclude(pk=spotlight.pk)
    if spotlight.ends_at is None:
        following = others.filter(starts_at__gt=spotlight.starts_at).order_by("starts_at").first()
        spotlight.ends_at = following.starts_at if following else None
    ensure_free(spotlight)
    others.filter(ends_at=None, starts_at__lt=spotlight.starts_at).update(
        ends_at=spotlight.starts_at
    )


def ensure_free(spotlight: Spotlight) -> None:
    """Refuse a time that is empty or belongs to another Spotlight."""
    starts, ends = spotlight.starts_at, spotlight.ends_at
    if ends is not None and ends <= starts:
        raise ValidationError(_("The Spotlight must end after it starts."), code="ends_first")
    taken = Spotlight.objects.exclude(pk=spotlight.pk).filter(
        Q(starts_at=starts) | Q(starts_at__lt=starts, ends_at__gt=starts)
        if ends is None
        else Q(starts_at=starts)
        | Q(starts_at__lt=starts, ends_at__gt=starts)
        | Q(starts_at__gt=starts, starts_at__lt=ends)
    )
    if other := taken.select_related("publication").order_by("starts_at").first():
        raise ValidationError(
            _("“%(work)s” is in the Spotlight %(time)s. Choose another time, or change that one."),
            code="overlap",
            params={"work": other, "time": in_words(other)},
        )


def in_words(spotlight: Spotlight) -> str:
    """Say from when until when, by the site's clock."""
    since = date_format(localtime(spotlight.starts_at), "DATETIME_FORMAT")
    if spotlight.ends_at is None:
        return _("from %(since)s") % {"since": since}
    until = date_format(localtime(spotlight.ends_at), "DATETIME_FORMAT")
    return _("from %(since)s until %(until)s") % {"since": since, "until": until}
