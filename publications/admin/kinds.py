"""Kinds of publication."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.site import KindForm
from publications.models import Kind


@admin.register(Kind)
class KindAdmin(ActionAdmin):
    """What works are called here and in other systems."""

    form = KindForm
    view_on_site = True
    prepopulated_fields = {"slug": ["plural"]}
    fieldsets = (
        (None, {"fields": (("name", "plural"), "slug", "position", "show_prefix")}),
        (
            _("What other systems call it"),
            {"fields": ("schema_org", "csl", "dublin_core", "for_scholars")},
        ),
    )
    list_display = ("name", "plural", "position", "show_prefix", "for_scholars")
    search_fields = ("name", "plural")
