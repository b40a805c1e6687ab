"""The part of a publication that an import owns, and the fingerprint that tells whether it changed.

The fingerprint of what was written is kept with the work. Compared with the next
file it says whether the line changed; compared with the work itself, whether staff did.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from publications.models import Language, Publication, Rights, Role
from publications.states import Status


@dataclass(frozen=True, slots=True)
class Content:
    """What readers see of a work that came from a file."""

    kind: str
    title: str
    standfirst: str
    body: str
    language: Language
    status: Status
    published_at: datetime | None
    outlet: str
    outlet_url: str
    outlet_date: date | None
    rights: Rights
    authors: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Equal for equal content; names count as equal as the import matches them."""
        facts: dict[str, Any] = {
            **{each.name: getattr(self, each.name) for each in fields(self)},
            "published_at": self.published_at and self.published_at.astimezone(UTC).isoformat(),
            "outlet_date": self.outlet_date and self.outlet_date.isoformat(),
            "outlet": fold(self.outlet),
            "authors": [fold(name) for name in self.authors],
            "tags": sorted(fold(name) for name in self.tags),
        }
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def fold(name: str) -> str:
    """Return what two spellings of one name have in common: letters, not case or spaces."""
    return " ".join(name.split()).lower()


def content_of(work: Publication) -> Content:
    """Read the same facts from a publication whose byline and tags are loaded."""
    return Content(
        kind=work.kind.slug,
        title=work.title,
        standfirst=work.standfirst,
        body=work.body,
        language=Language(work.language),
        status=Status(work.status),
        published_at=work.published_at,
        outlet=work.outlet.name if work.outlet else "",
        outlet_url=work.outlet_url,
        outlet_date=work.outlet_date,
        rights=Rights(work.rights),
        authors=tuple(_credit(each) for each in work.byline),
        tags=tuple(tag.name for tag in work.tags.all()),
    )


def _credit(contribution: Any) -> str:
    """Return a name, with what an import never writes, so that staff's additions show."""
    name: str = contribution.author.display_name
    if contribution.role == Role.AUTHOR and not contribution.affiliation:
        return name
    return f"{name} ({contribution.role}, {contribution.affiliation})"
