"""The one row of site settings."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publications.actions.site_settings import settings_row
from publications.admin.base import ActionAdmin, RowInline
from publications.forms.site import SiteSettingsForm
from publications.models import SiteSettings, SocialLink


class SocialLinkInline(RowInline):
    """The institute elsewhere."""

    model = SocialLink
    fields = ("label", "url", "position")


@admin.register(SiteSettings)
class SiteSettingsAdmin(ActionAdmin):
    """Name, logo, colors, address and disclosure."""

    form = SiteSettingsForm
    inlines = (SocialLinkInline,)
    fieldsets = (
        (None, {"fields": ("name", "native_name", "tagline", "description")}),
        (_("Look"), {"fields": ("logo", ("brand_color", "accent_color"))}),
        (_("At the foot of every page"), {"fields": ("address", "email", "disclosure")}),
        (_("Review"), {"fields": ("two_person_rule",)}),
        (_("Accounts"), {"fields": ("require_second_factor",)}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead straight to the form of the one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        address = reverse("admin:publications_sitesettings_change", args=[settings_row().pk])
        return HttpResponseRedirect(address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
