"""What the lists of the newsletter share."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from kei_site.common.read_only import ReadOnly
from newsletter.addresses import parse


class DeskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list that stays fast with a million rows."""

    show_full_result_count = False
    list_per_page = 50
    view_on_site = False


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
