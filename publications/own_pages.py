"""Which addresses of our own lead readers somewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import QuerySet
from django.urls import Resolver404, ResolverMatch, resolve

from publications.models import (
    Attachment,
    Author,
    Image,
    Kind,
    Outlet,
    Page,
    Publication,
    Redirect,
    Series,
    Tag,
    on_a_public_page,
)


def _published() -> QuerySet[Any]:
    return Publication.objects.published()


def _pictures() -> QuerySet[Any]:
    """Return the pictures on pages of the site: no other is shown to readers."""
    return Image.objects.filter(on_a_public_page())


type Things = Mapping[str, Callable[[], Sequence[QuerySet[Any]]]]

# What each address with a name or number in it shows; every other address is a page by itself.
THINGS: Things = {
    "publications:publication": lambda: [_published()],
    "publications:by_number": lambda: [_published()],
    "publications:named": lambda: [Kind.objects.all(), Page.objects.filter(is_public=True)],
    "publications:author": lambda: [Author.objects.all()],
    "publications:outlet": lambda: [Outlet.objects.all()],
    "publications:tag": lambda: [Tag.objects.all()],
    "publications:series": lambda: [Series.objects.all()],
    "publications:image": lambda: [_pictures()],
    "publications:rendition": lambda: [_pictures()],
    "publications:attachment": lambda: [Attachment.objects.filter(publication__in=_published())],
}
# What there is, whether readers may see it yet or not.
UNSEEN: Things = {
    "publications:publication": lambda: [Publication.objects.all()],
    "publications:by_number": lambda: [Publication.objects.all()],
    "publications:named": lambda: [Kind.objects.all(), Page.objects.all()],
    "publications:image": lambda: [Image.objects.all()],
    "publications:rendition": lambda: [Image.objects.all()],
    "publications:attachment": lambda: [Attachment.objects.all()],
}


def missing(paths: Iterable[str], also: Things | None = None) -> list[str]:
    """Return the paths at which readers find nothing, in at most one query for each sort.

    `also` says where to look for what this app knows nothing of, or for more than readers see.
    """
    things = {**THINGS, **(also or {})}
    lost, wanted = _sorted_out(paths, things)
    for view, asked in wanted.items():
        found = _found(things[view](), {key for key, _path in asked})
        lost += [path for key, path in asked if key not in found]
    moved = _moved({each for path in lost for each in _old_paths(path)})
    return [path for path in lost if not moved.intersection(_old_paths(path))]


def unseen(paths: Iterable[str]) -> set[str]:
    """Return those of the paths at which there is something, though readers do not see it yet."""
    _lost, wanted = _sorted_out(paths, UNSEEN)
    there: set[str] = set()
    for view, asked in wanted.items():
        found = _found(UNSEEN[view](), {key for key, _path in asked})
        there |= {path for key, path in asked if key in found}
    return there


def _sorted_out(
    paths: Iterable[str], things: Things
) -> tuple[list[str], dict[str, list[tuple[Any, str]]]]:
    """Return the paths that are no address, and the others by the view of `things` they lead to."""
    lost: list[str] = []
    wanted: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    for path in paths:
        match = _match(unquote(urlsplit(path).path))
        if match is None or "admin" in match.namespaces:
            lost.append(path)
        elif match.view_name in things:
            wanted[match.view_name].append((match.kwargs.get("slug", match.kwargs.get("pk")), path))
    return lost, wanted


def _match(path: str) -> ResolverMatch | None:
    """Find the view of an address; one without its last slash is led on."""
    for each in (path, f"{path}/"):
        try:
            return resolve(each)
        except Resolver404:
            continue
    return None


def _found(sources: Sequence[QuerySet[Any]], keys: set[Any]) -> set[Any]:
    """Return those names or numbers that there is something for."""
    field = "slug" if any(isinstance(each, str) for each in keys) else "pk"
    rows = [each.filter(**{f"{field}__in": keys}) for each in sources]
    return {key for each in rows for key in each.values_list(field, flat=True)}


def _old_paths(path: str) -> set[str]:
    """Return what staff may have written down of an address: with its query, and without."""
    both = {unquote(path), unquote(urlsplit(path).path)}
    # PostgreSQL cannot compare NUL.
    return {each for each in both if "\x00" not in each}


def _moved(paths: set[str]) -> set[str]:
    """Return those old paths that lead on to somewhere."""
    return set(Redirect.objects.filter(old_path__in=paths).values_list("old_path", flat=True))
