"""What an institute has besides its works: its name, simple pages and the Spotlight."""

from datetime import datetime, timedelta

from django.db import transaction

from publications.actions.site_settings import settings_row
from publications.actions.spotlight import feature
from publications.models import Page, Publication, SiteSettings, SocialLink, Spotlight
from publications.sample.loading import SOURCE
from publications.sample.wording import read_toml
from publications.sample.written import read_pieces

# The piece, days from today until it begins, its own headline.
SPOTLIGHTS = (
    ("counting-on-the-grid", -9, ""),
    ("build-the-welders-before-the-ships", -2, ""),
    ("the-fab-is-not-a-fortress", 5, "Harbors, not walls: A better picture of chip policy"),
)
LASTS = timedelta(days=7)


@transaction.atomic
def furnish(today: datetime) -> None:
    """Fill what is still empty, and leave alone what staff have changed."""
    name_the_institute()
    add_pages()
    light_the_spotlight(today)


def name_the_institute() -> None:
    """Give the site the invented institute's name, unless it has one of its own."""
    settings = settings_row()
    if settings.name != SiteSettings._meta.get_field("name").default:  # noqa: SLF001
        return
    facts = read_toml("site.toml")
    links = facts.pop("social")
    for field, value in facts.items():
        setattr(settings, field, value)
    settings.save()
    SocialLink.objects.bulk_create(
        SocialLink(site=settings, position=position, **link)
        for position, link in enumerate(links, start=1)
    )


def add_pages() -> None:
    """Write the simple pages that are not there."""
    for page in read_pieces("pages"):
        Page.objects.get_or_create(slug=page.name, defaults=page.facts | {"body": page.body})


def light_the_spotlight(today: datetime) -> None:
    """Set one Spotlight for now and one to follow, if none was ever set."""
    if Spotlight.objects.exists():
        return
    works = Publication.objects.filter(source=SOURCE)
    for piece, days, headline in SPOTLIGHTS:
        work = works.filter(external_id=f"piece-{piece}").first()
        if work:
            starts = today + timedelta(days=days)
            feature(
                Spotlight(
                    publication=work, headline=headline, starts_at=starts, ends_at=starts + LASTS
                )
            )
