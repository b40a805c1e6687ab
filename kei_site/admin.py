"""The admin site that staff work in."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StaffAdminSite(AdminSite):
    """Django's admin, named after what it is for."""

    site_title = _("Editorial desk")
    site_header = _("Editorial desk")
    index_title = _("What needs you today?")
