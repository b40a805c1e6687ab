"""What is known of links, for the pages that show it."""

from django.db.models import Exists, OuterRef, QuerySet

from publications.models import LinkCheck, LinkUse, Publication
from publications.models.link_checks import GONE


def broken_links() -> QuerySet[LinkCheck]:
    """Return the links at which nothing is left, of works that are there for readers."""
    public = Publication.objects.published().values("pk")
    uses = LinkUse.objects.filter(link=OuterRef("pk"), publication__in=public)
    return LinkCheck.objects.filter(Exists(uses), status__in=GONE, ignored=False)


def broken_links_count() -> int:
    """Count the broken links, for the start page."""
    return broken_links().count()
