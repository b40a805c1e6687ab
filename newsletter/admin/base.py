"""What the lists of the newsletter share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from newsletter.addresses import parse


class DeskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that stays fast with a million rows."""

    show_full_result_count = False
    list_per_page = 50
    view_on_site = False


class ReadOnly:
    """Rows that staff look at and never touch, whatever rights they have."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows come from what subscribers do."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows say what happened."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows stay."""
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of another sort inside a page."""

    extra = 0
    can_delete = False


def hashes_of(text: str) -> list[str]:
    """Return the keyed hashes of what staff typed into a search box; none for no address."""
    try:
        return parse(text).hashes
    except ValidationError:
        return []
