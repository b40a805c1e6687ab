"""What came due and went wrong: looked at and dismissed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kei_site.common.read_only import ReadOnly
from publications.models import DueProblem


@admin.register(DueProblem)
class DueProblemAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that nobody writes; whoever may publish dismisses what is settled."""

    list_display = ("publication", "act", "due_at", "is_done", "said")
    list_select_related = ("publication",)
    show_full_result_count = False
    list_per_page = 50
    fields = readonly_fields = ("publication", "act", "due_at", "is_done", "said", "noticed_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("publications.view_publication"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("publications.publish_publication"))
