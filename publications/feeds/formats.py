"""The two feed formats, with what Django’s own leave out: every author, and the text."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

# A feed needs a date even when its list is empty, and the same one every time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Rss(Rss201rev2Feed):
    """RSS 2.0 that credits every author and carries the text beside the summary."""

    def rss_attributes(self) -> dict[str, str]:
        """Declare the namespaces of authors and text."""
        return {
            **super().rss_attributes(),
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add what the base class does not know."""
        super().add_item_elements(handler, item)
        for name, _url in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        for name, _url in item["contributors"]:
            handler.addQuickElement("dc:contributor", name)
        handler.addQuickElement("content:encoded", item["content"])

    def latest_post_date(self) -> datetime:
        """Return a date that only a change of the feed changes."""
        return _latest(self.items)


class Atom(Atom1Feed):
    """Atom (RFC 4287) that credits every author and carries the text beside the summary."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Say in which language the work is."""
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add what the base class does not know."""
        super().add_item_elements(handler, item)
        _people(handler, "author", item["creators"])
        _people(handler, "contributor", item["contributors"])
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        """Return a date that only a change of the feed changes."""
        return _latest(self.items)


FORMATS: dict[str, type[Rss | Atom]] = {"rss": Rss, "atom": Atom}


def _people(handler: SimplerXMLGenerator, element: str, people: Iterable[tuple[str, str]]) -> None:
    for name, url in people:
        handler.startElement(element, AttributesImpl({}))
        handler.addQuickElement("name", name)
        handler.addQuickElement("uri", url)
        handler.endElement(element)


def _latest(items: Sequence[dict[str, Any]]) -> datetime:
    return max((item["updateddate"] for item in items), default=NEVER)
