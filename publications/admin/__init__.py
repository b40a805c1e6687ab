"""The editorial desk: one module a noun."""

from publications.admin import (
    accounts,
    images,
    kinds,
    outlets,
    pages,
    people,
    redirects,
    search_words,
    searches,
    series,
    site_settings,
    spotlights,
    tags,
    works,
)

__all__ = [
    "accounts",
    "images",
    "kinds",
    "outlets",
    "pages",
    "people",
    "redirects",
    "search_words",
    "searches",
    "series",
    "site_settings",
    "spotlights",
    "tags",
    "works",
]
