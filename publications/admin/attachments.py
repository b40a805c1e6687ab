"""Attachments: every file that belongs to a publication, to be found and looked after."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.models import Attachment
from publications.permissions import may_delete

NO_TEXT = Q(page_count__gt=0, text_pages=0)
UNREADABLE = Q(file__iendswith=".pdf", page_count=None)


def warning_about(file: Attachment) -> str:
    """Say what is wrong with a file that was kept all the same; nothing for a good one."""
    if file.is_unreadable:
        message = gettext("“%(file)s” was kept, but its pages could not be read.")
    elif file.has_no_text:
        message = gettext(
            "“%(file)s” was kept, but it has no text layer: its pages are pictures, so that "
            "searches do not find its words and screen readers cannot read them."
        )
    else:
        return ""
    return message % {"file": file}


def what_is_known(file: Attachment) -> str:
    """Return the number of pages of a file, its size, and what is wrong with it."""
    facts = filesizeformat(file.size)
    if file.page_count is not None:
        pages = ngettext("%(n)s page", "%(n)s pages", file.page_count) % {"n": file.page_count}
        facts = f"{pages}, {facts}"
    return format_html("{}{}", facts, flag(file))


def flag(file: Attachment) -> str:
    """Return a mark for a file with a flaw."""
    if file.is_unreadable:
        return format_html(' <span class="flag flag--bad">{}</span>', gettext("Cannot be read"))
    if file.has_no_text:
        return format_html(' <span class="flag">{}</span>', gettext("No text layer"))
    return ""


class TextFilter(admin.SimpleListFilter):
    """By what can be read in the file."""

    title = _("text")
    parameter_name = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("none", _("No text layer")),
            ("unreadable", _("Cannot be read")),
            ("some", _("Text that can be searched")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "none":
                return queryset.filter(NO_TEXT)
            case "unreadable":
                return queryset.filter(UNREADABLE)
            case "some":
                return queryset.filter(text_pages__gt=0)
        return queryset


@admin.register(Attachment)
class AttachmentAdmin(ActionAdmin):
    """A list to look at: files are added and replaced in the form of their publication."""

    list_display = ("name", "work", "known")
    list_display_links = None
    list_filter = (TextFilter,)
    list_select_related = ("publication",)
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-pk",)
    search_fields = ("title", "public_name")
    search_help_text = _("Words of the title or the file name.")
    actions = None

    @admin.display(description=_("file"), ordering="public_name")
    def name(self, file: Attachment) -> str:
        title = format_html("<br>{}", file.title) if file.title else ""
        return format_html(
            '<a href="{}">{}</a>{}', file.get_absolute_url(), file.public_name, title
        )

    @admin.display(description=_("publication"))
    def work(self, file: Attachment) -> str:
        address = reverse("admin:publications_publication_change", args=[file.publication_id])
        return format_html('<a href="{}">{}</a>', address, file.publication)

    @admin.display(description=_("pages and size"), ordering="size")
    def known(self, file: Attachment) -> str:
        return what_is_known(file)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and bool(request.user.has_perm("publications.view_publication"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let it go with its publication; by itself it is removed in the form of that."""
        return obj is not None and may_delete(request.user, obj.publication)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        raise PermissionDenied
