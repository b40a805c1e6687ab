"""Publications and what belongs to them, in one line each; the traits are arguments."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

from publications.actions.after import after_write
from publications.models import Author, Contribution, Kind, Outlet, Publication, Series, Tag, User
from publications.states import Status

_numbers = count(1)


def an_author(name: str = "", **facts: Any) -> Author:
    number = next(_numbers)
    return Author.objects.create(
        display_name=name or f"Author {number}", slug=facts.pop("slug", f"author-{number}"), **facts
    )


def an_outlet(name: str = "", **facts: Any) -> Outlet:
    number = next(_numbers)
    return Outlet.objects.create(name=name or f"Outlet {number}", slug=f"outlet-{number}", **facts)


def a_series(title: str = "", **facts: Any) -> Series:
    number = next(_numbers)
    return Series.objects.create(
        title=title or f"Series {number}", slug=f"series-{number}", **facts
    )


def a_tag(name: str = "", **facts: Any) -> Tag:
    return Tag.objects.create(name=name or f"Tag {next(_numbers)}", **facts)


def a_work(
    title: str = "",
    *,
    kind: str = "commentary",
    authors: list[Author] | None = None,
    tags: list[Tag] | None = None,
    **facts: Any,
) -> Publication:
    """A published work, an hour old unless said otherwise."""
    number = next(_numbers)
    work = Publication.objects.create(
        kind=Kind.objects.get(slug=kind),
        title=title or f"Work {number}",
        slug=facts.pop("slug", f"work-{number}"),
        status=facts.pop("status", Status.PUBLISHED),
        published_at=facts.pop("published_at", timezone.now() - timedelta(hours=1)),
        **facts,
    )
    for position, author in enumerate(authors or [], start=1):
        Contribution.objects.create(publication=work, author=author, position=position)
    work.tags.add(*(tags or []))
    after_write(work)
    return work


def a_user(*rights: str, **facts: Any) -> User:
    """A member of staff with these rights, such as `change_publication`."""
    user = User.objects.create_user(
        f"staff-{next(_numbers)}", password="a long passphrase", is_staff=True, **facts
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user
