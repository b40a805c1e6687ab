"""The publications application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationsConfig(AppConfig):
    """What readers read and staff publish."""

    name = "publications"
    verbose_name = _("Publications")
