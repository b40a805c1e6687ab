"""Nothing becomes public that the checklist forbids, and staff say what it forbids."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publications.checklist import CHECKS, examine
from publications.models import CheckLevel, ChecklistRule, Kind, Publication
from publications.states import Status


def ensure_ready(work: Publication) -> None:
    """Refuse to publish a work, as it is stored, in which something blocks; name each thing."""
    blocking = examine(work).blocking
    if blocking:
        raise ValidationError(
            [
                ValidationError(_("The work cannot be published yet:"), code="not_ready"),
                *(ValidationError(each.text, code=each.code) for each in blocking),
            ]
        )


def becomes_public(before: Any, work: Publication) -> bool:
    """Say whether a change takes a work to where readers see it, now or at a set time."""
    was = before.status if before else Status.DRAFT
    return work.status == Status.PUBLISHED and was != Status.PUBLISHED


@transaction.atomic
def set_rules(levels: Mapping[tuple[str, int | None], str], *, by: Any) -> None:
    """Make these the rules: for each check and kind (None: all kinds) its level.

    What is not named has no exception any more.
    """
    if not by.has_perm("publications.change_checklistrule"):
        raise PermissionDenied(_("Your account may not change the checklist."))
    codes = {check.code for check in CHECKS}
    kinds = {None, *Kind.objects.values_list("pk", flat=True)}
    for (code, kind), level in levels.items():
        if code not in codes or kind not in kinds or level not in CheckLevel.values:
            raise ValidationError(_("The checklist has no such check, kind or level."))
    # Two people who save at once write one after the other.
    list(ChecklistRule.objects.select_for_update().order_by("pk"))
    ChecklistRule.objects.all().delete()
    ChecklistRule.objects.bulk_create(
        ChecklistRule(check_code=code, kind_id=kind, level=level)
        for (code, kind), level in levels.items()
    )
