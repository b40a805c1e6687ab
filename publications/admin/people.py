"""Authors."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.site import AuthorForm
from publications.models import Author


@admin.register(Author)
class AuthorAdmin(ActionAdmin):
    """People and corporate bodies in bylines."""

    form = AuthorForm
    view_on_site = True
    prepopulated_fields = {"slug": ["display_name"]}
    autocomplete_fields = ("portrait",)
    fieldsets = (
        (None, {"fields": ("type", "display_name", ("given_name", "family_name"), "native_name")}),
        (_("About"), {"fields": (("position", "affiliation"), "biography", "portrait")}),
        (_("Addresses"), {"fields": ("slug", "orcid")}),
    )
    list_display = ("display_name", "native_name", "affiliation", "work_count")
    list_filter = ("type",)
    search_fields = ("display_name", "native_name", "family_name")
    search_help_text = _("Any part of a name, in either script.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .annotate(works=Count("contributions__publication_id", distinct=True))
        )

    @admin.display(description=_("publications"), ordering="works")
    def work_count(self, author: Any) -> int:
        return int(author.works)
