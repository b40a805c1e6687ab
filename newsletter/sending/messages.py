"""The bytes of messages: built once for an issue, finished for each recipient."""

from collections import OrderedDict

from django.conf import settings
from django.utils import timezone

from newsletter.mail.links import Recipient, absolute, token_for
from newsletter.mail.prebuilt import Prebuilt, message_id_of
from newsletter.mail.rendering import render
from newsletter.models import Issue, NewsletterSettings
from newsletter.sending.queue import Item

# Issues, and sets of items left out of them, whose bytes are kept.
KEPT = 32


class Messages:
    """What a sender needs to write its messages; asks the database once for each issue."""

    def __init__(self) -> None:
        self._built: OrderedDict[tuple[int, int], Prebuilt] = OrderedDict()
        # The first link imports the whole site, which is better done before a batch is claimed.
        absolute("newsletter:archive")

    def message_id(self, item: Item) -> str:
        """Return the Message-ID, which is the same whenever this message is tried."""
        return message_id_of(item.issue_id, item.subscriber_id or 0)

    def write(self, item: Item, message_id: str) -> bytes:
        """Return the whole message for one recipient."""
        if item.address is None or item.subscriber_id is None:
            raise ValueError("Nobody is behind this delivery any more.")
        token = token_for(Recipient(item.subscriber_id, item.issue_id))
        return self._prebuilt(item).message(
            address=item.envelope_address, token=token, message_id=message_id
        )

    def _prebuilt(self, item: Item) -> Prebuilt:
        key = (item.issue_id, item.left_out)
        if key not in self._built:
            self._built[key] = self._build(*key)
            if len(self._built) > KEPT:
                self._built.popitem(last=False)
        return self._built[key]

    def _build(self, issue_id: int, left_out: int) -> Prebuilt:
        issue = Issue.objects.select_related("content").get(pk=issue_id)
        rendered = render(issue.content.facts, left_out=left_out)
        return Prebuilt.build(
            subject=rendered.subject,
            html=rendered.html,
            text=rendered.text,
            issue_id=issue_id,
            lists=list(issue.lists.values_list("slug", flat=True)),
            sender=settings.DEFAULT_FROM_EMAIL,
            reply_to=NewsletterSettings.read().reply_to,
            date=issue.started_at or timezone.now(),
            is_automatic=issue.digest_id is not None,
        )
