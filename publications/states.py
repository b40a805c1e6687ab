"""Which steps a publication may take, as data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a publication stands; what readers see also depends on the clock."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.IN_REVIEW, Status.PUBLISHED}),
    Status.IN_REVIEW: frozenset({Status.DRAFT, Status.APPROVED, Status.PUBLISHED}),
    Status.APPROVED: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.DRAFT, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.DRAFT, Status.PUBLISHED}),
}
