"""The shell's own application, and the admin site it brings."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class KeiSiteConfig(AppConfig):
    """Settings, addresses, the embedded database and the checks."""

    name = "kei_site"
    verbose_name = _("Site")
    default = True

    def ready(self) -> None:
        """Register the system checks, and what the log of accounts listens to."""
        from kei_site import checks  # noqa: F401, PLC0415  (registers itself; needs the apps)
        from kei_site.accounts import receivers  # noqa: F401, PLC0415  (the same)


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin under our own start page and name."""

    default = False
    default_site = "kei_site.admin.StaffAdminSite"
