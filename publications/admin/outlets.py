"""Outlets."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.staff import AddressForm
from publications.models import Outlet


@admin.register(Outlet)
class OutletAdmin(ActionAdmin):
    """Newspapers, magazines and sites in which works ran first."""

    form = AddressForm
    view_on_site = True
    prepopulated_fields = {"slug": ["name"]}
    fields = ("name", "slug", "home_page", "description")
    list_display = ("name", "home_page", "work_count")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(works=Count("publications"))

    @admin.display(description=_("publications"), ordering="works")
    def work_count(self, outlet: Any) -> int:
        return int(outlet.works)
