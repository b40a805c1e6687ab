"""Authors."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publications.admin.base import CountingAdmin
from publications.forms.site import AuthorForm
from publications.models import Author, Contribution


@admin.register(Author)
class AuthorAdmin(CountingAdmin):
    """People and corporate bodies in bylines."""

    form = AuthorForm
    view_on_site = True
    counted = (Contribution, "author", "publication")
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
