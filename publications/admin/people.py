"""Authors."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.admin.adding_authors import AddingAuthors
from publications.admin.base import CountingAdmin
from publications.admin.merging import MergingAdmin
from publications.admin.trashing import ToTrash
from publications.forms.site import AuthorForm
from publications.models import Author, Contribution


class StaffFilter(admin.SimpleListFilter):
    """Who is here, and who has left."""

    title = _("staff")
    parameter_name = "staff"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("current", _("Current")), ("former", _("Former"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        has_left = Q(left_on__lte=timezone.localdate())
        match self.value():
            case "current":
                # NULL is neither before nor after today.
                return queryset.filter(Q(left_on=None) | ~has_left)
            case "former":
                return queryset.filter(has_left)
        return queryset


@admin.register(Author)
class AuthorAdmin(AddingAuthors, MergingAdmin, ToTrash, CountingAdmin):
    """People and corporate bodies in bylines."""

    form = AuthorForm
    view_on_site = True
    counted = (Contribution, "author", "publication")
    prepopulated_fields = {"slug": ["display_name"]}
    autocomplete_fields = ("portrait",)
    fieldsets = (
        (None, {"fields": ("type", "display_name", ("given_name", "family_name"), "native_name")}),
        (_("About"), {"fields": (("position", "affiliation"), "left_on", "biography", "portrait")}),
        (_("Addresses"), {"fields": ("slug", "orcid")}),
    )
    list_display = ("display_name", "native_name", "affiliation", "work_count")
    list_filter = (StaffFilter, "type")
    search_fields = ("display_name", "native_name", "family_name")
    search_help_text = _("Any part of a name, in either script.")
