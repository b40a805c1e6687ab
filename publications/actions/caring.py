"""Looking after works once they are out: who does, and when somebody looks again."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publications.actions.locking import lock
from publications.actions.recording import begin_history, record
from publications.models import Publication
from publications.permissions import Account


@transaction.atomic
def reviewed(work: Publication, *, by: Account, next_on: date | None) -> Publication:
    """Note that somebody looked at a work again, and when that is due next; None for never."""
    if next_on is not None and next_on <= timezone.localdate():
        raise ValidationError(_("The next review lies in the future."), code="past")
    work = lock(work)
    begin_history(work)
    work.review_by = next_on
    work.save(update_fields=["review_by"])
    record(work, by=by, comment=_comment(next_on))
    return work


def _comment(next_on: date | None) -> str:
    if next_on is None:
        return _("Reviewed; not again")
    return _("Reviewed; next on %(day)s") % {"day": date_format(next_on)}


def works_to_review(*, owner: Any = None) -> Any:
    """Return the works with a day for review, the most overdue first; of one owner or of all."""
    works = Publication.objects.filter(review_by__isnull=False).order_by("review_by", "pk")
    return works if owner is None else works.filter(owner=owner)
