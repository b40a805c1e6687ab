"""Lists with a row for each person or message: fast with a million of them."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from kei_site.common.capped import CappedPaginator
from newsletter.addresses import parse
from newsletter.admin.base import DeskAdmin


class LongListAdmin(DeskAdmin):
    """A list in the order of its key."""

    paginator = CappedPaginator
    # Any other order would sort all rows for each page.
    ordering = ("-pk",)
    sortable_by = ()
    # They count all rows once for each choice of each filter.
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["newsletter/statistics.css"]}


def normalized(typed: str) -> str:
    """Return the form in which the address is stored; nothing when it is none."""
    try:
        return parse(typed).normalized
    except ValidationError:
        return ""
