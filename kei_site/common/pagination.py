"""Numbered pages over a list, at about the same cost on the first page and the last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_DIGITS = 7


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number in the pager; without an address it is a gap."""

    number: int | None
    url: str | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list and the way to the others."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int
    numbers: Sequence[PageLink]
    previous_url: str | None
    next_url: str | None


def page_number(text: str) -> int:
    """Read the number of a page from an address; anything else than a number is no page."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) >= 1):
        raise Http404(_("The address asks for a page that is not a number."))
    return int(text)


def paginate(
    rows: QuerySet[Any],
    number: int,
    *,
    total: int,
    url: Callable[[int], str],
    load: Callable[[Any], QuerySet[Any]],
    size: int | None = None,
) -> Page:
    """Return page `number` of the ordered `rows`, `size` of them (by default PAGE_SIZE).

    Only ids are skipped over, counted from the nearer end of the list, so that an
    index answers; `load` then says what is read of the rows that are shown.
    """
    size = size or settings.PAGE_SIZE
    pages = max(1, -(-total // size))
    if number > pages:
        raise Http404(
            ngettext("This list has %(pages)d page.", "This list has %(pages)d pages.", pages)
            % {"pages": pages}
        )
    start, stop = (number - 1) * size, min(number * size, total)
    if start > total // 2:
        ids = list(rows.reverse().values_list("pk", flat=True)[total - stop : total - start])[::-1]
    else:
        ids = list(rows.values_list("pk", flat=True)[start:stop])
    found = load(rows.model._default_manager.all()).in_bulk(ids)  # noqa: SLF001
    return Page(
        items=[found[pk] for pk in ids if pk in found],
        number=number,
        pages=pages,
        total=total,
        numbers=page_links(number, pages, url),
        previous_url=url(number - 1) if number > 1 else None,
        next_url=url(number + 1) if number < pages else None,
    )


def page_links(current: int, pages: int, url: Callable[[int], str]) -> list[PageLink]:
    """Link the first page, the last, the current one and its neighbors; mark the gaps."""
    near = range(max(1, current - 1), min(pages, current + 1) + 1)
    links: list[PageLink] = []
    last = 0
    for number in sorted({1, *near, pages}):
        if number > last + 1:
            links.append(PageLink(None, None, is_current=False))
        links.append(PageLink(number, url(number), is_current=number == current))
        last = number
    return links
