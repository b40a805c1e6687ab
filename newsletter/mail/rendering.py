"""An issue as a message: its facts, and the HTML and plain text made of nothing else."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from newsletter.mail.clicks import tracked
from newsletter.mail.colors import readable
from newsletter.mail.links import absolute, preferences_link, unsubscribe_link
from newsletter.mail.rich_text import dress, to_plain, with_whole_links, wrap
from newsletter.models import Issue, NewsletterSettings
from publications.models import Publication, Role, SiteSettings

# Stands for what is different in each message; letters and digits pass every encoding unchanged.
TOKEN = "TokenOfTheRecipientHere0"  # noqa: S105 - no secret
SHORT_BYLINE = 3
# Keep the text of a message out of what mail programs show beside the subject.
BLANKS = "\u2007\u034f " * 50


@dataclass(frozen=True, slots=True)
class Rendered:
    """An issue as it is sent, but for the recipient's own token."""

    subject: str
    html: str
    text: str


def facts_of(issue: Issue) -> dict[str, Any]:
    """Gather all that the templates need as plain JSON; works that are not public are left out."""
    site = SiteSettings.objects.filter(pk=1).first() or SiteSettings()
    return {
        "issue": issue.pk,
        "language": settings.LANGUAGE_CODE.partition("-")[0],
        "subject": issue.subject,
        "preheader": issue.preheader,
        "intro": with_whole_links(issue.intro),
        "closing": with_whole_links(issue.closing),
        "items": _items_of(issue),
        "lists": [each.name for each in issue.lists.all()],
        "web_link": absolute("newsletter:issue", str(issue.pk)) if issue.is_archived else "",
        "counts_clicks": NewsletterSettings.read().counts_clicks,
        "site": {
            "name": site.name,
            "native_name": site.native_name,
            "address": site.address,
            "disclosure": site.disclosure,
        },
        "site_url": settings.SITE_URL,
        "brand": readable(site.brand_color),
    }


def render(facts: Mapping[str, Any], *, left_out: int = 0) -> Rendered:
    """Write both parts from the same facts, without the items whose bits are set in `left_out`.

    Asks the database nothing: what it returns depends on the facts alone.
    """
    items = [item for at, item in enumerate(facts["items"]) if not left_out >> at & 1]
    context = {
        **facts,
        "blanks": BLANKS,
        "unsubscribe_link": unsubscribe_link(TOKEN),
        "preferences_link": preferences_link(TOKEN),
    }
    with translation.override(facts["language"]):
        context["items"] = [_shown(item, facts) for item in items]
        dressed = {name: dress(facts[name], facts["brand"]) for name in ("intro", "closing")}
        plain = {name: to_plain(facts[name]) for name in ("intro", "closing")}
        markup = render_to_string("newsletter/mail/issue.html", context | dressed)
        text = render_to_string("newsletter/mail/issue.txt", context | plain)
    return Rendered(facts["subject"], markup, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")


def without_counting(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a message whose links lead straight on: to look at, not to send out."""
    return {**facts, "counts_clicks": False}


def content_hash(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the facts in hex, whatever the order of their keys."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _items_of(issue: Issue) -> list[dict[str, Any]]:
    items = (
        issue.items.filter(publication__in=Publication.objects.published())
        .order_by("position")
        .prefetch_related(Prefetch("publication", Publication.objects.with_cards()))
    )
    return [_item(number, item) for number, item in enumerate(items, start=1)]


def _item(number: int, item: Any) -> dict[str, Any]:
    work = item.publication
    return {
        # The place in this message, by which clicks are counted.
        "number": number,
        "position": item.position,
        "publication": work.pk,
        "headline": item.headline or work.title,
        "blurb": item.blurb or work.standfirst,
        "kind": work.kind.name,
        "byline": _byline(
            [each.author.display_name for each in work.byline if each.role != Role.GUEST]
        ),
        "date": timezone.localdate(work.published_at).isoformat(),
        "outlet": work.outlet.name if work.outlet else "",
        "language": work.language,
        "url": f"{settings.SITE_URL}{work.get_absolute_url()}",
    }


def _byline(names: Sequence[str]) -> str:
    """Return three names, or two and how many others."""
    shown = list(names)
    if len(names) > SHORT_BYLINE:
        rest = len(names) - 2
        others = ngettext("%(count)d other", "%(count)d others", rest) % {"count": rest}
        shown = [*names[:2], others]
    return get_text_list(shown, _("and"))


def _shown(item: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates show of an item."""
    return {
        **item,
        "day": date_format(date.fromisoformat(item["date"]), pgettext("form of a day", "F j, Y")),
        "link": tracked(facts["issue"], item["number"]) if facts["counts_clicks"] else item["url"],
        "wrapped": {name: wrap(item[name]) for name in ("headline", "blurb")},
    }
