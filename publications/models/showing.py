"""Which pictures a public page shows."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from publications.models.images import ImageUse
from publications.models.people import Author
from publications.models.publication import Publication, Rights
from publications.models.spotlight import Spotlight


def on_a_public_page() -> Any:
    """Return the condition for images that readers may have: exactly those that they are shown."""
    this = OuterRef("pk")
    published: Any = Publication.objects.published()
    started = Spotlight.objects.filter(image=this, starts_at__lte=timezone.now())
    return (
        Exists(published.filter(lead_image=this))
        | Exists(Author.objects.filter(portrait=this))
        | Exists(started.filter(publication__in=published))
        | Exists(ImageUse.objects.filter(_in_a_text_that_is_shown(published), image=this))
    )


def _in_a_text_that_is_shown(published: Any) -> Q:
    whole = Q(rights=Rights.FULL) | Q(full_text_from__lte=timezone.localdate())
    return (
        Q(publication__in=published.filter(whole))
        | Q(publication__in=published, in_opening=True)
        | Q(page__is_public=True)
        | Q(author__isnull=False)
        | Q(series__isnull=False)
    )
