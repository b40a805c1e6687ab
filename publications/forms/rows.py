"""The posted rows of a form that was opened before others saved."""

import re
from collections import defaultdict
from collections.abc import Container, Mapping
from typing import Any, NamedTuple

# A form set asks for no more either.
MOST_ROWS = 1000

type Posted = Mapping[str, list[Any]]


class Rows(NamedTuple):
    """Fields and files as they are posted, a list of values each."""

    fields: dict[str, list[Any]]
    files: dict[str, list[Any]]


def renumber(
    fields: Posted, files: Posted, prefix: str, *, known: Container[str], file: str = ""
) -> Rows:
    """Let rows that still exist come first; rows whose number nobody knows any more become new.

    Django takes a row for a stored one by its place, and refuses a number that is gone without
    saying why. A row to be deleted that is gone already is left out, and so is one that cannot
    be without a `file` of its own: the stored file went with the row.
    """
    rows = _rows(fields, files, prefix)
    old = [row for row in rows if _id(row) and _id(row) in known]
    new = [row for row in rows if not _id(row)]
    lost = [row for row in rows if _id(row) and _id(row) not in known and _is_kept(row, file)]
    pattern = _pattern(prefix)
    done = Rows(
        {name: values for name, values in fields.items() if not pattern.match(name)},
        {name: values for name, values in files.items() if not pattern.match(name)},
    )
    for place, row in enumerate([*old, *_as_new(lost), *new]):
        for (initial, name), values in row.fields.items():
            done.fields[f"{initial}{prefix}-{place}-{name}"] = values
        for (initial, name), values in row.files.items():
            done.files[f"{initial}{prefix}-{place}-{name}"] = values
    done.fields[f"{prefix}-INITIAL_FORMS"] = [str(len(old))]
    done.fields[f"{prefix}-TOTAL_FORMS"] = [str(len(old) + len(lost) + len(new))]
    return done


class _Row(NamedTuple):
    fields: dict[tuple[str, str], list[Any]]
    files: dict[tuple[str, str], list[Any]]


def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(initial-)?{re.escape(prefix)}-(\d{{1,4}})-(.+)", re.DOTALL)


def _rows(fields: Posted, files: Posted, prefix: str) -> list[_Row]:
    """Read the rows apart, in the order of their numbers."""
    found: dict[int, _Row] = defaultdict(lambda: _Row({}, {}))
    pattern = _pattern(prefix)
    for place, posted in enumerate((fields, files)):
        for name, values in posted.items():
            if match := pattern.fullmatch(name):
                found[int(match[2])][place][(match[1] or "", match[3])] = list(values)
    total = _number(fields.get(f"{prefix}-TOTAL_FORMS", [""]))
    return [row for number, row in sorted(found.items()) if number < total]


def _number(values: list[Any]) -> int:
    text = str(values[-1]) if values else ""
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 6 else 0


def _id(row: _Row) -> str:
    values = row.fields.get(("", "id"), [])
    return str(values[-1]) if values else ""


def _is_kept(row: _Row, file: str) -> bool:
    return ("", "DELETE") not in row.fields and (not file or ("", file) in row.files)


def _as_new(rows: list[_Row]) -> list[_Row]:
    return [row._replace(fields={**row.fields, ("", "id"): [""]}) for row in rows]
