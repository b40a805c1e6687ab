"""Series."""

from django.contrib import admin

from publications.admin.base import CountingAdmin
from publications.admin.trashing import ToTrash
from publications.forms.site import TitledForm
from publications.models import Publication, Series


@admin.register(Series)
class SeriesAdmin(ToTrash, CountingAdmin):
    """Ordered runs of works."""

    form = TitledForm
    view_on_site = True
    counted = (Publication, "series", "pk")
    prepopulated_fields = {"slug": ["title"]}
    fields = ("title", "slug", "description")
    list_display = ("title", "work_count")
    search_fields = ("title",)
