"""Adding people while a byline is typed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _

from publications.actions import editing
from publications.actions.addresses import free_slug
from publications.models import Author
from publications.permissions import Account

LONGEST = 200


def same_name(name: str) -> Q:
    """Match authors who have this name, in either script and any case."""
    return Q(display_name__iexact=name) | Q(native_name__iexact=name)


def namesakes_first(authors: Any, name: str) -> Any:
    """Sort authors, those first who have exactly this name."""
    exact = Case(When(same_name(name), then=Value(0)), default=Value(1))
    return authors.order_by(exact, "sort_name", "pk")


@transaction.atomic
def add_named(author: Author, *, by: Account, another: bool = False) -> Author:
    """Add an author of whom only the name is known; whoever has the name already is returned.

    `another` adds a second person of the same name.
    """
    author.display_name = " ".join(author.display_name.split())
    name = author.display_name
    if not name or len(name) > LONGEST or "\x00" in name:
        raise ValidationError(_("Give a name of at most 200 characters."), code="name")
    if not another and (known := Author.objects.filter(same_name(name)).order_by("pk").first()):
        return known
    author.slug = free_slug(author, name)
    editing.save(author, by=by)
    return author
