"""The newsletter application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Sign-up, consent, issues and sending."""

    name = "newsletter"
    verbose_name = _("Newsletter")
