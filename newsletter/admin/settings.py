"""The one row of newsletter settings."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from newsletter.actions.approving import save_settings
from newsletter.admin.base import DeskAdmin
from newsletter.models import NewsletterSettings


@admin.register(NewsletterSettings)
class NewsletterSettingsAdmin(DeskAdmin):
    """Approval, clicks, answers and pace."""

    fields = (
        "needs_approval",
        "counts_clicks",
        "reply_to",
        ("messages_per_second", "domain_per_second"),
    )

    def changelist_view(
        self, request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead straight to the form of the one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:newsletter_newslettersettings_change", args=[1]))

    def get_object(
        self, _request: HttpRequest, object_id: str, _from_field: Any = None
    ) -> NewsletterSettings | None:
        """Show a new site the usual settings; the row is written when they are saved."""
        return NewsletterSettings.read() if object_id == "1" else None

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, _change: Any) -> None:
        """Hand over to the action."""
        save_settings(obj)
