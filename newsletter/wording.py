"""What a visitor agrees to, and which version of it."""

from django.utils.translation import gettext_lazy as _

# Raise the version with every change of the text: consent events keep both. Every form
# shows exactly this sentence.
CONSENT_VERSION = "1"
CONSENT_TEXT = _("New work by e-mail. You confirm once, and leave with one click.")
