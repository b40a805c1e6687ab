"""Cells of a table that a spreadsheet opens: none is ever taken for a formula."""

import unicodedata

# What a spreadsheet begins a formula with (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "'"


def harmless(value: str) -> str:
    """Return the value with an apostrophe in front where a spreadsheet would run it."""
    return MARK + value if _would_run(value) else value


def plain(cell: str) -> str:
    """Return what `harmless` was given."""
    value = cell.removeprefix(MARK)
    return value if _would_run(value) else cell


def _would_run(value: str) -> bool:
    """Say whether a formula begins here, also behind spaces or with full-width signs."""
    bare = value.lstrip(MARK)
    # Full-width and small forms of the signs become the signs themselves.
    first = unicodedata.normalize("NFKC", bare.lstrip()[:1])
    return bare.startswith(FORMULA) or first.startswith(FORMULA)
