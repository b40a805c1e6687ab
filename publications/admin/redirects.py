"""Redirects."""

from django.contrib import admin

from publications.admin.base import ActionAdmin
from publications.forms.site import RedirectForm
from publications.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(ActionAdmin):
    """Old addresses and where they lead."""

    form = RedirectForm
    fields = ("old_path", "target")
    list_display = ("old_path", "target", "created_at")
    search_fields = ("old_path", "target")
