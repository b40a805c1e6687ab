"""The admin site that staff work in."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.template.response import TemplateResponse
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

from publications.actions.site_settings import settings_row
from publications.desk import desk_for

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
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return csp_override(POLICY)(super().login)(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        institute = settings_row()
        return {
            **super().each_context(request),
            "csp_nonce": get_nonce(request),
            "institute": institute.name,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, {"desk": desk_for(request.user), **(extra_context or {})})
