"""What the generator hands to the loader: frozen values that know nothing of the database."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SampleAuthor:
    """A person or body that does not exist."""

    name: str
    given: str = ""
    family: str = ""
    native: str = ""
    affiliation: str = ""
    position: str = ""
    biography: str = ""
    is_organization: bool = False


@dataclass(frozen=True, slots=True)
class Credit:
    """One name in a byline, and where that person worked then if it was elsewhere."""

    author: SampleAuthor
    role: str = "author"
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a work ran first, and how much of it may stand here."""

    outlet: str
    url: str
    day: date
    rights: str = "full"
    full_text_from: date | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """An abstract picture to be drawn: what it shows, and a seed for all that is left to chance."""

    motif: str
    seed: str


@dataclass(frozen=True, slots=True)
class SampleWork:
    """One work, ready to be written."""

    key: str
    kind: str
    title: str
    slug: str
    language: str
    status: str
    body: str
    standfirst: str = ""
    published_at: datetime | None = None
    byline: tuple[Credit, ...] = ()
    tags: tuple[str, ...] = ()
    placement: Placement | None = None
    series: str = ""
    report_number: str = ""
    withdrawal_note: str = ""
    corrections: tuple[tuple[date, str], ...] = ()
    plate: Plate | None = None
    has_pdf: bool = False
