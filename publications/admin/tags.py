"""Tags."""

from django.contrib import admin
from taggit.models import Tag as TaggitTag

from publications.admin.base import CountingAdmin
from publications.admin.merging import MergingAdmin
from publications.admin.trashing import ToTrash
from publications.forms.staff import AddressForm
from publications.models import Tag, Tagging

# taggit registers its own tags, which this site does not use.
admin.site.unregister(TaggitTag)


@admin.register(Tag)
class TagAdmin(MergingAdmin, ToTrash, CountingAdmin):
    """Topics, regions, people and programs."""

    form = AddressForm
    view_on_site = True
    counted = (Tagging, "tag", "content_object")
    prepopulated_fields = {"slug": ["name"]}
    fields = ("name", "group", "slug", "description")
    list_display = ("name", "group", "work_count")
    list_filter = ("group",)
    search_fields = ("name",)
