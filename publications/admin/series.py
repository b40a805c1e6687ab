"""Series."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.site import TitledForm
from publications.models import Series


@admin.register(Series)
class SeriesAdmin(ActionAdmin):
    """Ordered runs of works."""

    form = TitledForm
    view_on_site = True
    prepopulated_fields = {"slug": ["title"]}
    fields = ("title", "slug", "description")
    list_display = ("title", "work_count")
    search_fields = ("title",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(works=Count("publications"))

    @admin.display(description=_("publications"), ordering="works")
    def work_count(self, series: Any) -> int:
        return int(series.works)
