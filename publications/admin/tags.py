"""Tags."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.staff import AddressForm
from publications.models import Tag


@admin.register(Tag)
class TagAdmin(ActionAdmin):
    """Topics, regions, people and programs."""

    form = AddressForm
    view_on_site = True
    prepopulated_fields = {"slug": ["name"]}
    fields = ("name", "group", "slug", "description")
    list_display = ("name", "group", "work_count")
    list_filter = ("group",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(works=Count("taggings"))

    @admin.display(description=_("publications"), ordering="works")
    def work_count(self, tag: Any) -> int:
        return int(tag.works)
