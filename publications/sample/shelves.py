"""The authors, outlets, series and tags that works refer to, made when first needed."""

from collections.abc import Iterable

from django.db.models import Max
from django.utils.text import slugify

from publications.actions.addresses import free_slug
from publications.actions.after import after_new
from publications.models import Author, AuthorType, Kind, Outlet, Publication, Series, Tag, TagGroup
from publications.sample.places import SERIES, outlet_home
from publications.sample.subjects import tag_groups
from publications.sample.works import SampleAuthor


class Shelves:
    """Find a row by its name, or write it; what the library already has is used again."""

    def __init__(self) -> None:
        self.kinds = dict(Kind.objects.values_list("slug", "pk"))
        self.authors: dict[str, int] = {}
        self.outlets = {name.lower(): pk for name, pk in Outlet.objects.values_list("name", "pk")}
        self.series = {name.lower(): pk for name, pk in Series.objects.values_list("title", "pk")}
        self.tags: dict[str, int] = {
            name.lower(): pk for name, pk in Tag.objects.values_list("name", "pk")
        }
        self.groups = tag_groups()
        numbers = Publication.objects.exclude(series=None).order_by().values_list("series")
        self.numbers: dict[int, int] = {
            pk: last or 0 for pk, last in numbers.annotate(last=Max("series_number"))
        }

    def kind(self, slug: str) -> int:
        """Return the kind of this address; staff may have removed it, then the first one."""
        return self.kinds.get(slug) or next(iter(self.kinds.values()))

    def add_authors(self, authors: Iterable[SampleAuthor]) -> None:
        """Find or write all of these authors, of which there may be hundreds, at once."""
        wanted = {each.name: each for each in authors if each.name not in self.authors}
        slugs = {name: slugify(name, allow_unicode=True) for name in wanted}
        rows = Author.objects.filter(slug__in=slugs.values()).values_list(
            "slug", "display_name", "pk"
        )
        taken = {slug: (name, pk) for slug, name, pk in rows}
        new = []
        for name, slug in slugs.items():
            holder, pk = taken.get(slug, ("", 0))
            if holder == name:
                self.authors[name] = pk
            else:
                new.append(_author(wanted[name], free_slug(Author(), name) if holder else slug))
        created = Author.objects.bulk_create(new)
        after_new(created)
        for author in created:
            self.authors[author.display_name] = author.pk

    def outlet(self, name: str) -> int:
        """Return the id of an outlet."""
        if name.lower() not in self.outlets:
            outlet = Outlet(name=name, home_page=outlet_home(name))
            outlet.slug = free_slug(outlet, name)
            outlet.save()
            after_new([outlet])
            self.outlets[name.lower()] = outlet.pk
        return self.outlets[name.lower()]

    def series_of(self, title: str) -> int:
        """Return the id of a series."""
        if title.lower() not in self.series:
            series = Series(title=title, description=f"<p>{SERIES[title]}</p>")
            series.slug = free_slug(series, title)
            series.save()
            after_new([series])
            self.series[title.lower()] = series.pk
        return self.series[title.lower()]

    def next_number(self, series: int) -> int:
        """Return the next free number of a series."""
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def tag(self, name: str) -> int:
        """Return the id of a tag."""
        if name.lower() not in self.tags:
            tag = Tag(name=name, group=self.groups.get(name, TagGroup.TOPIC))
            tag.slug = free_slug(tag, name)
            tag.save()
            after_new([tag])
            self.tags[name.lower()] = tag.pk
        return self.tags[name.lower()]


def _author(known: SampleAuthor, slug: str) -> Author:
    return Author(
        type=AuthorType.ORGANIZATION if known.is_organization else AuthorType.PERSON,
        display_name=known.name,
        given_name=known.given,
        family_name=known.family,
        native_name=known.native,
        affiliation=known.affiliation,
        position=known.position,
        biography=known.biography,
        slug=slug,
    )
