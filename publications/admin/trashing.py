"""The trash at the desk: what was deleted, by whom, and the way back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publications.actions import trashing
from publications.actions.trashing import TRASHED
from publications.admin.base import ActionAdmin
from publications.admin.desk_pages import desk_page, in_words
from publications.models import Trash
from publications.models.trash import KEPT


class ToTrash(ActionAdmin):
    """A list whose things go to the trash when they are deleted; the page that asks says so."""

    delete_confirmation_template = "admin/publications/trash/delete_confirmation.html"
    delete_selected_confirmation_template = (
        "admin/publications/trash/delete_selected_confirmation.html"
    )


@admin.register(Trash)
class TrashAdmin(ActionAdmin):
    """What was deleted and can still come back."""

    fields = ("title", "model", "path", "deleted_by_name", "deleted_at")
    list_display = ("title", "model", "deleted_by_name", "when", "until", "way_back")
    list_display_links = None
    show_facets = admin.ShowFacets.NEVER
    list_filter = ("model",)
    search_fields = ("title",)
    search_help_text = _("Words of the title or name.")
    sortable_by = ()

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.untrash_view)
        restore = path("<int:pk>/restore/", view, name="publications_trash_restore")
        return [restore, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(
            request, {"title": gettext("Trash"), **(extra_context or {})}
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        allowed = [name for name in TRASHED if request.user.has_perm(f"publications.view_{name}")]
        rows = super().get_queryset(request).filter(model__in=allowed)
        return rows.defer("snapshot", "facts", "works")

    @admin.display(description=_("deleted"))
    def when(self, trash: Trash) -> Any:
        return localtime(trash.deleted_at)

    @admin.display(description=_("kept until"))
    def until(self, trash: Trash) -> Any:
        return localtime(trash.deleted_at + KEPT).date()

    @admin.display(description=_("way back"))
    def way_back(self, trash: Trash) -> str:
        address = reverse("admin:publications_trash_restore", args=[trash.pk])
        return format_html(
            '<a class="button" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            address, gettext("Restore…"), trash.title,
        )  # fmt: skip

    def untrash_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what would come back, and bring it back when that is confirmed."""
        trash = get_object_or_404(self.get_queryset(request), pk=pk)
        may = request.user.has_perm(f"publications.add_{trash.model}")
        if not may or not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                thing, remarks = trashing.restore(trash, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, in_words(refusal), messages.ERROR)
            else:
                return self._restored(request, trash, thing, remarks)
        title = gettext("Restore “%(title)s”") % {"title": trash.title}
        return desk_page(request, self, "trash/restore.html", title=title, trash=trash)

    def _restored(
        self, request: HttpRequest, trash: Trash, thing: Any, remarks: list[str]
    ) -> HttpResponse:
        message = gettext("“%(title)s” is back from the trash.") % {"title": trash.title}
        self.message_user(request, message, messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        address = reverse(f"admin:publications_{trash.model}_change", args=[thing.pk])
        return HttpResponseRedirect(address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
