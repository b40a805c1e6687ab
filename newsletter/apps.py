"""The newsletter application."""

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """Sign-up, consent, issues and sending."""

    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Listen to what mail providers post."""
        # Not before the models are loaded.
        from newsletter.views.webhooks import receive  # noqa: PLC0415

        tracking.connect(receive, dispatch_uid="newsletter")
