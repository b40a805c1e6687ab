"""What a visitor agrees to, and which version of it."""

from django.utils.translation import gettext_lazy as _

# Raise the version with every change of the text: consent events keep both.
CONSENT_VERSION = "1"
CONSENT_TEXT = _(
    "We write only after you confirm, use your address for nothing else, "
    "and every message has a link to leave."
)
