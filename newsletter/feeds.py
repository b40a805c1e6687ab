"""RSS and Atom of the newsletter’s archive."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter.archived import archived, shown
from newsletter.mail.links import absolute
from newsletter.mail.rich_text import with_whole_links
from newsletter.models import Issue
from publications.feeds import FeedLinks
from publications.feeds.formats import FORMATS
from publications.feeds.items import xml_text
from publications.site import read_site

NEWEST = 20


def feed_links() -> FeedLinks:
    """Return the whole addresses of both feeds."""
    rss, atom = (absolute("newsletter:archive_feed", extension) for extension in FORMATS)
    return FeedLinks(_("Newsletter"), rss, atom)


@require_safe
def archive_feed(_request: HttpRequest, extension: str) -> HttpResponse:
    """Send the newest issues, each with its text."""
    name = read_site().name
    feed = FORMATS[extension](
        title=xml_text(_("%(site)s: Newsletter") % {"site": name}),
        link=absolute("newsletter:archive"),
        description=xml_text(_("The newsletter of %(site)s.") % {"site": name}),
        language=settings.LANGUAGE_CODE,
        feed_url=absolute("newsletter:archive_feed", extension),
        author_name=xml_text(name),
        author_link=absolute("publications:home"),
    )
    for issue in archived().select_related("content")[:NEWEST]:
        feed.add_item(**_entry(issue))
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=feed.content_type,
        headers={"Cache-Control": "public, no-cache"},
    )


def _entry(issue: Issue) -> dict[str, Any]:
    facts = issue.content.facts
    address = absolute("newsletter:issue", str(issue.pk))
    markup = render_to_string("newsletter/_issue_content.html", {"content": shown(facts)})
    return {
        "title": xml_text(facts["subject"]),
        "link": address,
        "unique_id": address,
        "unique_id_is_permalink": True,
        # Readers take a summary for HTML, so plain text is escaped.
        "description": escape(xml_text(facts["preheader"])),
        "content": xml_text(with_whole_links(markup)),
        "pubdate": issue.started_at,
        "updateddate": issue.started_at,
        "language": facts["language"],
        # The institute stands for the author of the whole feed.
        "creators": [],
        "contributors": [],
    }
