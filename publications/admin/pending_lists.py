"""What the list of publications says about changes that wait beside them."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from publications.models import PendingChange


class PendingFilter(admin.SimpleListFilter):
    """By whether changes wait beside the live work."""

    title = _lazy("changes")
    parameter_name = "changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _lazy("Changes waiting")), ("timed", _lazy("With a time"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "waiting":
                return queryset.filter(pending_change__isnull=False)
            case "timed":
                return queryset.filter(pending_change__publish_at__isnull=False)
        return queryset


def with_pending(works: Any) -> Any:
    """Say of each work whether changes wait for it, without reading them."""
    return works.annotate(
        changes_wait=Exists(PendingChange.objects.filter(publication=OuterRef("pk")))
    )


def changes_mark(work: Any) -> str:
    """Return the mark of a work for which changes wait."""
    if not getattr(work, "changes_wait", False):
        return ""
    return format_html('<span class="state state-approved">{}</span>', _("Changes waiting"))
