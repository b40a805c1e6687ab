"""Outlets."""

from django.contrib import admin

from publications.admin.base import CountingAdmin
from publications.admin.merging import MergingAdmin
from publications.admin.trashing import ToTrash
from publications.forms.staff import AddressForm
from publications.models import Outlet, Publication


@admin.register(Outlet)
class OutletAdmin(MergingAdmin, ToTrash, CountingAdmin):
    """Newspapers, magazines and sites in which works ran first."""

    form = AddressForm
    view_on_site = True
    counted = (Publication, "outlet", "pk")
    prepopulated_fields = {"slug": ["name"]}
    fields = ("name", "slug", "home_page", "description")
    list_display = ("name", "home_page", "work_count")
    search_fields = ("name",)
