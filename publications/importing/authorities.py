"""Authors, tags, outlets and slugs that the site has already, known by name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Model

from publications.actions.after import after_new
from publications.actions.following import heirs_by_name
from publications.importing import cleaning
from publications.importing.content import fold
from publications.importing.mapping import MAX_SLUG, MAX_TAG, PreparedWork
from publications.models import Author, Kind, Outlet, Publication, Tag


class Slugs:
    """Slugs of one table that are taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: defaultdict[str, int] = defaultdict(lambda: 2)

    def take(self, base: str) -> str:
        """Return `base`, or `base` with the first number that is free."""
        slug = base
        while slug in self._taken:
            slug = f"{base}-{self._next[base]}"
            self._next[base] += 1
        self._taken.add(slug)
        return slug


class Authorities:
    """What names stand for; loaded once, grown batch by batch, thrown away when a batch fails."""

    def __init__(self) -> None:
        authors = Author.objects.order_by("-pk").values_list("display_name", "pk", "slug")
        tags = Tag.objects.values_list("name", "pk", "slug")
        outlets = Outlet.objects.values_list("name", "pk", "slug")
        self.kinds = dict(Kind.objects.values_list("slug", "pk"))
        # The newest come first, so that of several authors of one name the oldest remains.
        self.authors = {fold(name): pk for name, pk, _slug in authors}
        self.tags = {fold(name): pk for name, pk, _slug in tags}
        self.outlets = {fold(name): pk for name, pk, _slug in outlets}
        for known, model in ((self.authors, Author), (self.tags, Tag), (self.outlets, Outlet)):
            _add_merged(known, model)
        self.shared_names = _repeated(fold(name) for name, _pk, _slug in authors)
        self.slugs = Slugs(Publication.objects.values_list("slug", flat=True))
        self._author_slugs = Slugs(slug for _name, _pk, slug in authors)
        self._tag_slugs = Slugs(slug for _name, _pk, slug in tags)
        self._outlet_slugs = Slugs(slug for _name, _pk, slug in outlets)

    def add_missing(self, works: Iterable[PreparedWork]) -> None:
        """Create what these works name and the site does not have, in three statements."""
        works = list(works)
        self._add_authors(works)
        tags = _missing((tag for work in works for tag in work.content.tags), self.tags)
        created_tags = Tag.objects.bulk_create(
            Tag(name=name, slug=self._tag_slugs.take(cleaning.slug_base(name, "tag", MAX_TAG)))
            for name in tags.values()
        )
        after_new(created_tags)
        self.tags |= {fold(tag.name): tag.pk for tag in created_tags}
        outlets = _missing((work.content.outlet for work in works), self.outlets)
        created_outlets = Outlet.objects.bulk_create(
            Outlet(
                name=name,
                slug=self._outlet_slugs.take(cleaning.slug_base(name, "outlet", MAX_SLUG)),
            )
            for name in outlets.values()
        )
        after_new(created_outlets)
        self.outlets |= {fold(outlet.name): outlet.pk for outlet in created_outlets}

    def _add_authors(self, works: Iterable[PreparedWork]) -> None:
        names = {
            fold(name.display): name
            for work in works
            for name in work.authors
            if fold(name.display) not in self.authors
        }
        created = Author.objects.bulk_create(
            Author(
                type=name.type,
                display_name=name.display,
                given_name=name.given,
                family_name=name.family,
                slug=self._author_slugs.take(cleaning.slug_base(name.display, "author", MAX_SLUG)),
            )
            for name in names.values()
        )
        after_new(created)
        self.authors |= {fold(author.display_name): author.pk for author in created}


def _add_merged(known: dict[str, int], model: type[Model]) -> None:
    """Let the names of what was merged stand for the one that stays; no import brings them back."""
    here = set(known.values())
    for name, pk in heirs_by_name(model):
        if pk in here:
            known.setdefault(fold(name), pk)


def _missing(names: Iterable[str], known: Mapping[str, int]) -> dict[str, str]:
    """Keep names that are not known, each in its first spelling."""
    missing: dict[str, str] = {}
    for name in names:
        if name and fold(name) not in known:
            missing.setdefault(fold(name), name)
    return missing


def _repeated(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}
