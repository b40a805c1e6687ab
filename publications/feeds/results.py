"""The results of a search as an Atom feed, with what OpenSearch adds to one."""

from typing import Any

from django.utils.xmlutils import SimplerXMLGenerator

from publications.feeds.formats import Atom


class ResultsAtom(Atom):
    """Atom that says how many results there are and where the others are.

    Takes `total`, `start`, `size`, `next_url` and `previous_url` besides what a feed takes.
    """

    def root_attributes(self) -> dict[str, Any]:
        """Declare the namespace of OpenSearch 1.1."""
        opensearch = "http://a9.com/-/spec/opensearch/1.1/"
        return {**super().root_attributes(), "xmlns:opensearch": opensearch}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Add the numbers of OpenSearch and the links to the pages around this one."""
        super().add_root_elements(handler)
        facts = self.feed
        handler.addQuickElement("opensearch:totalResults", str(facts["total"]))
        handler.addQuickElement("opensearch:startIndex", str(facts["start"]))
        handler.addQuickElement("opensearch:itemsPerPage", str(facts["size"]))
        for relation, url in (("next", facts["next_url"]), ("previous", facts["previous_url"])):
            if url:
                handler.addQuickElement("link", "", {"rel": relation, "href": url})
