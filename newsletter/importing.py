"""What the rows of somebody else’s table mean: addresses, and languages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from newsletter.addresses import Address, parse
from newsletter.cells import plain
from newsletter.tables import Row, UnusableError

SAMPLE = 10
# How columns are called elsewhere; compared without case, spaces and punctuation.
NAMES = {
    "email": {
        "email", "mail", "emailaddress", "mailaddress", "address",
        "이메일", "메일", "이메일주소", "전자우편",
    },
    "language": {"language", "lang", "locale", "언어"},
}  # fmt: skip
LANGUAGES = {
    "en": "en", "eng": "en", "english": "en", "영어": "en",
    "ko": "ko", "kr": "ko", "kor": "ko", "korean": "ko", "한국어": "ko",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row understood: an address, or what is wrong with it; no language where none is known."""

    line: int
    typed: str
    address: Address | None
    problem: str = ""
    language: str = ""
    has_other_language: bool = False


def guess(columns: Sequence[str], sample: Iterable[Row]) -> dict[str, str]:
    """Return which column is probably what, by its name or else by what is in it."""
    found = {
        field: column
        for field, names in NAMES.items()
        for column in reversed(columns)
        if re.sub(r"[\W_]", "", column.lower()) in names
    }
    if "email" not in found:
        with_at = Counter(
            column
            for row in islice(sample, SAMPLE)
            for column, cell in zip(columns, row.cells, strict=False)
            if "@" in cell
        )
        found.update(("email", column) for column, _times in with_at.most_common(1))
    return found


def ensure_is_header(columns: Sequence[str]) -> None:
    """Refuse a table whose first line is somebody’s address: it would get lost."""
    if any(_understand(plain(column))[0] for column in columns):
        raise UnusableError(
            _("The first line must name the columns, such as “email”; it holds an address.")
        )


def candidates(
    rows: Iterable[Row], columns: Sequence[str], mapping: Mapping[str, str]
) -> Iterator[Candidate]:
    """Understand the columns mapped to `email` and `language` in each row."""
    places = {field: columns.index(column) for field, column in mapping.items()}
    for row in rows:
        typed = _cell(row, places["email"])
        said = _cell(row, places["language"]) if "language" in places else ""
        language = _language(said)
        address, problem = _understand(typed)
        yield Candidate(row.line, typed, address, problem, language, bool(said and not language))


def _understand(typed: str) -> tuple[Address | None, str]:
    try:
        return parse(typed), ""
    except ValidationError as error:
        return None, error.messages[0]


def _language(said: str) -> str:
    """Return a language of the site: “English”, “en-US” and “한국어” are understood."""
    said = said.lower()
    return LANGUAGES.get(said) or LANGUAGES.get(re.split("[-_]", said)[0], "")


def _cell(row: Row, place: int) -> str:
    return plain(row.cells[place]).strip() if place < len(row.cells) else ""
