"""The row of site settings."""

from publications.models import SiteSettings


def settings_row() -> SiteSettings:
    """Return the one row; a new site gets it here."""
    return SiteSettings.objects.get_or_create(pk=1)[0]
