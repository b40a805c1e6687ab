"""What a form says about other people and about texts that were not saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.actions.recording import is_stale
from publications.actions.working_copies import PRESENT, Subject, marker_of
from publications.admin.unsaved.posted import KNOWN, base_in
from publications.models import WorkingCopy

MOST = 50


@dataclass(frozen=True, slots=True)
class Offers:
    """What a form has to know and to offer, so that nothing typed is lost."""

    base: int
    known: str
    # Whether the form holds something that is saved nowhere.
    is_dirty: bool
    is_stale: bool
    autosave_url: str
    # The text that the form does not show, and the versions whose save was refused.
    text: WorkingCopy | None
    versions: Sequence[WorkingCopy]
    others: str


def offers_of(request: HttpRequest, subject: Subject, thing: Any) -> Offers:
    """Look once at all working copies of a thing: mine, and who else has it open."""
    copies = copies_of(subject)
    mine = [copy for copy in copies if copy.user_id == subject.user.pk]
    text = next((copy for copy in mine if copy.has_text), None)
    posted = base_in(request.POST) if request.method == "POST" else None
    base = thing.revision if thing and posted is None else posted or 0
    known = request.POST.get(KNOWN, "") if request.method == "POST" else ""
    is_popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
    where = [subject.object_id]
    return Offers(
        base=base,
        known=known,
        is_dirty=request.method == "POST",
        is_stale=thing is not None and is_stale(thing, base),
        autosave_url=""
        if is_popup
        else reverse(f"admin:publications_{subject.model}_autosave", args=where),
        text=text if text and marker_of(text) != known else None,
        versions=[copy for copy in mine if copy.is_version],
        others=others_in_words(copies, subject),
    )


def copies_of(subject: Subject) -> list[Any]:
    """Return my working copies of a thing, and those of others who have it open, without texts."""
    wanted = Q(user=subject.user)
    if subject.object_id:
        wanted |= Q(seen_at__gte=timezone.now() - PRESENT, snapshot__isnull=True)
    copies: Any = WorkingCopy.objects.filter(
        wanted, model=subject.model, object_id=subject.object_id
    ).select_related("user")
    # Whether there is a text is enough to know; it may be long.
    return list(
        copies.annotate(has_text=Q(form__isnull=False), is_version=Q(snapshot__isnull=False))
        .order_by("-changed_at", "pk")
        .defer("form", "snapshot")[:MOST]
    )


def others_in_words(copies: Sequence[WorkingCopy], subject: Subject) -> str:
    """Say who else has the form open: “Kim and Lee are editing this.”, or nothing."""
    names = sorted(
        each.user.get_full_name() or each.user.get_username()
        for each in copies
        if each.user_id != subject.user.pk
    )
    if not names:
        return ""
    return ngettext("%(names)s is editing this.", "%(names)s are editing this.", len(names)) % {
        "names": get_text_list(names, _("and"))
    }
