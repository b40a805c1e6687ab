"""Building one message: plain text and HTML from the same facts."""

import email.message
import email.policy
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from newsletter.mail.colors import readable
from newsletter.mail.headers import with_whole_links
from newsletter.models import Subscriber
from publications.models import SiteSettings

# RFC 5322, 2.1.1.
LONGEST_LINE = 998


class Message(EmailMultiAlternatives):
    """A message whose links are never broken, neither in headers nor in the raw text."""

    def message(self, *, policy: Any = email.policy.default) -> email.message.EmailMessage:
        """Return the MIME message."""
        short_headers = with_whole_links(policy)
        # A text with a longer line than the policy's would be quoted and its links cut.
        message = super().message(policy=short_headers.clone(max_line_length=LONGEST_LINE))
        message.policy = short_headers
        return message


def compose(
    name: str,
    *,
    to: Subscriber,
    subject: str | Promise,
    facts: Mapping[str, Any],
    headers: Mapping[str, str],
) -> Message:
    """Build the message from `mail/<name>.txt` and `mail/<name>.html`."""
    site = SiteSettings.objects.filter(pk=1).first() or SiteSettings()
    with translation.override(to.language):
        # Names are edited by people and may hold any white space; a header is one line.
        title = " ".join((str(subject) % {"site": site.name}).split())
        context = {
            "site": site,
            "site_url": settings.SITE_URL,
            "language": to.language,
            "title": title,
            "brand": readable(site.brand_color),
            **facts,
        }
        text = render_to_string(f"newsletter/mail/{name}.txt", context).strip() + "\n"
        markup = render_to_string(f"newsletter/mail/{name}.html", context)
    message = Message(subject=title, body=text, to=[to.address], headers=dict(headers))
    message.attach_alternative(markup, "text/html")
    return message
