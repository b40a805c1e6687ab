"""Numbered pages of long lists in the admin, counted no further than anybody reads."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED = 10_000


class AtLeast(int):
    """A number at which counting was given up."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to 10,000 and no further: who wants a page behind that is helped by searching."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, as far as they are counted."""
        rows: Any = self.object_list
        found = int(rows.order_by()[: COUNTED + 1].count())
        return AtLeast(COUNTED) if found > COUNTED else found
