"""Simple pages."""

from django.contrib import admin

from publications.admin.trashing import ToTrash
from publications.forms.site import PageForm
from publications.models import Page


@admin.register(Page)
class PageAdmin(ToTrash):
    """About, contact, privacy and their like."""

    form = PageForm
    view_on_site = True
    prepopulated_fields = {"slug": ["title"]}
    fields = ("title", "slug", "language", "body", ("menu", "position"), "is_public")
    list_display = ("title", "slug", "menu", "position", "is_public", "updated_at")
    list_filter = ("menu", "is_public")
    search_fields = ("title",)
