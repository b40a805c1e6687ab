"""The admin site that staff work in."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.csp import CSP
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

from kei_site import calendar
from newsletter.coming import issues_leaving
from publications.actions.site_settings import settings_row
from publications.desk import Coming, desk_for
from publications.desk.coming import AHEAD
from publications.offering import DeskAutocomplete
from publications.views.as_of import as_of

# The editor's import map is an inline script, and an empty style element keeps the
# editor from adding one of its own: a nonce lets these two, and nothing else, pass.
POLICY: dict[str, Any] = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
}


class StaffAdminSite(AdminSite):
    """Django's admin, named after what it is for."""

    site_title = _("Editorial desk")
    site_header = _("Editorial desk")
    index_title = _("What needs you today?")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        return csp_override(POLICY)(super().admin_view(view, cacheable))

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Ask for name, password and second factor; where one came from is not forgotten."""
        from allauth.account.views import login  # noqa: PLC0415

        from kei_site.accounts.desk import at_the_desk  # noqa: PLC0415 - it needs this module

        if request.user.is_authenticated and not self.has_permission(request):
            # They are staff no more, and would be led in a circle.
            logout(request)
        return at_the_desk(login, _("Log in"))(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Let somebody change their own password, and end their other sessions."""
        from kei_site.accounts.passwords import changed_by_owner, held_off  # noqa: PLC0415

        if (refused := held_off(request)) is not None:
            return refused
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            changed_by_owner(request)
        return response

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return DeskAutocomplete.as_view(admin_site=self)(request)

    def get_urls(self) -> Any:
        protect = self.admin_view
        return [
            path("preview/<path:page>/", protect(as_of), name="as_of"),
            path("calendar/", protect(calendar.calendar), name="calendar"),
            path("calendar/<slug:sort>/<int:pk>/", protect(calendar.move), name="calendar_move"),
            *super().get_urls(),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        institute = settings_row()
        return {
            **super().each_context(request),
            "csp_nonce": get_nonce(request),
            "institute": institute.name,
            "has_calendar": calendar.may_see_calendar(request.user),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        issues = issues_leaving(user, within=AHEAD) if user.is_authenticated else ()
        also = [Coming(at, gettext("Newsletter"), subject, url) for at, subject, url in issues]
        desk = desk_for(user, also=also)
        return super().index(request, {"desk": desk, **(extra_context or {})})
