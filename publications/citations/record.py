"""The citation record: all that any format says about a work, taken from its model once."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from kei_site.common.html import to_text
from publications.models import AuthorType, Publication, Role, SiteSettings
from publications.reading import opening

DESCRIPTION_CHARS = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
# Hangul, Han and kana: names in these scripts stand family first, without a comma.
EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
# A podcast has hosts and no authors, a collected volume editors: who is cited, in this order.
CITED_ROLES = (Role.AUTHOR, Role.HOST, Role.EDITOR, Role.GUEST, Role.TRANSLATOR)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The institute, as far as citations name it."""

    name: str
    base_url: str
    logo_url: str = ""

    def absolute(self, path: str) -> str:
        """Return the whole address of a path of this site."""
        return f"{self.base_url}{path}"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the byline: `family` and `given`, or, where both are empty, only `display`."""

    display: str
    family: str = ""
    given: str = ""
    role: str = Role.AUTHOR.value
    is_organization: bool = False
    affiliation: str = ""
    orcid: str = ""
    url: str = ""

    @property
    def inverted(self) -> str:
        """The name for sorting, “Kim, Chul-soo”; 김철수 and organizations stay whole."""
        return f"{self.family}, {self.given}" if self.family else self.display

    @property
    def direct(self) -> str:
        """The name in reading order, “Chul-soo Kim”."""
        return f"{self.given} {self.family}" if self.family else self.display


@dataclass(frozen=True, slots=True)
class File:
    """A file of the work."""

    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture that stands for the work."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """One work; every address is whole, every text is one line without control characters."""

    site: SiteFacts
    slug: str
    url: str
    title: str
    headline: str
    language: str
    names: tuple[Name, ...]
    kind: str
    kind_plural: str
    schema_org: str
    csl: str
    dublin_core: str
    for_scholars: bool
    date: date | None
    published: datetime | None
    modified: datetime
    kind_url: str = ""
    bibtex_url: str = ""
    ris_url: str = ""
    description: str = ""
    report_number: str = ""
    outlet: str = ""
    outlet_url: str = ""
    outlet_home_page: str = ""
    series: str = ""
    series_url: str = ""
    series_number: int | None = None
    keywords: tuple[str, ...] = ()
    pdf: File | None = None
    image: Picture | None = None

    @property
    def creators(self) -> tuple[Name, ...]:
        """The names that the work is cited by."""
        for role in CITED_ROLES:
            if found := self.in_role(role):
                return found
        return ()

    def in_role(self, role: Role) -> tuple[Name, ...]:
        """Return the names in one role, in the order of the byline."""
        return tuple(name for name in self.names if name.role == role)

    @property
    def is_report(self) -> bool:
        """Whether the work is cited with its institution and number."""
        return self.csl == "report"

    @property
    def publisher(self) -> str:
        """Who brought the work out: the outlet it ran in, else the institute."""
        return self.outlet or self.site.name

    @property
    def number(self) -> str:
        """The report's number, else the one it has in its series."""
        return self.report_number or str(self.series_number or "")

    @property
    def cited_url(self) -> str:
        """Where a citation leads: to the outlet, if the work ran in one."""
        return self.outlet_url or self.url


def citation_record(work: Publication, site: SiteFacts) -> CitationRecord:
    """Make the record of a work that was loaded `with_detail`; asks the database nothing."""
    series = work.series
    card = card_record(work, site)
    pairs = zip(card.names, work.byline, strict=True)
    return replace(
        card,
        names=tuple(
            replace(name, url=site.absolute(each.author.get_absolute_url())) for name, each in pairs
        ),
        kind_url=site.absolute(work.kind.get_absolute_url()),
        bibtex_url=site.absolute(reverse("publications:bibtex", args=[work.slug])),
        ris_url=site.absolute(reverse("publications:ris", args=[work.slug])),
        description=_description(work),
        series=one_line(series.title) if series else "",
        series_url=site.absolute(series.get_absolute_url()) if series else "",
        keywords=tuple(sorted(one_line(tag.name) for tag in work.tags.all())),
        pdf=_pdf(work, site),
        image=_picture(work, site),
    )


def card_record(work: Publication, site: SiteFacts) -> CitationRecord:
    """Make the shorter record of a work that was loaded `with_cards`, for a list of many.

    The only address in it is the work's own.
    """
    kind, outlet = work.kind, work.outlet
    published = _local(work.published_at) if work.published_at else None
    modified = _local(work.updated_at)
    title = one_line(work.title)
    return CitationRecord(
        site=site,
        slug=work.slug,
        url=site.absolute(work.get_absolute_url()),
        title=title,
        headline=f"[{kind.name}] {title}" if kind.show_prefix else title,
        language=work.language,
        names=tuple(_name(each) for each in work.byline),
        kind=kind.name,
        kind_plural=kind.plural,
        schema_org=kind.schema_org,
        csl=kind.csl,
        dublin_core=kind.dublin_core,
        for_scholars=kind.for_scholars,
        date=work.outlet_date or (published.date() if published else None),
        published=published,
        # A schedule is set before it comes due: the reader's version is no older than its date.
        modified=max(modified, published) if published else modified,
        report_number=one_line(work.report_number),
        outlet=one_line(outlet.name) if outlet else "",
        outlet_url=work.outlet_url,
        outlet_home_page=outlet.home_page if outlet else "",
        series_number=work.series_number,
    )


def read_site_facts() -> SiteFacts:
    """Read the institute's facts; a site that nobody has set up yet has the default ones."""
    row = SiteSettings.objects.first() or SiteSettings()
    name = (row.logo.name or "").rpartition("/")[2]
    return site_facts(row.name, reverse("publications:logo", args=[name]) if name else "")


def site_facts(name: str, logo_path: str = "") -> SiteFacts:
    """Return the facts of the institute of this name, whose logo is at a path of this site."""
    base = settings.SITE_URL
    return SiteFacts(one_line(name), base, f"{base}{logo_path}" if logo_path else "")


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters."""
    return " ".join(CONTROL.sub(" ", text).split())


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment, timezone.get_default_timezone()).replace(microsecond=0)


def _description(work: Publication) -> str:
    """Return the standfirst or what the text opens with; no more than readers may see."""
    text = one_line(work.standfirst or to_text(opening(work.body)))
    return Truncator(text).chars(DESCRIPTION_CHARS)


def _name(contribution: Any) -> Name:
    author = contribution.author
    is_organization = author.type == AuthorType.ORGANIZATION
    family, given = one_line(author.family_name), one_line(author.given_name)
    display = one_line(author.display_name)
    whole = is_organization or not (family and given) or EAST_ASIAN.search(display + family + given)
    return Name(
        display=display,
        family="" if whole else family,
        given="" if whole else given,
        role=contribution.role,
        is_organization=is_organization,
        affiliation=one_line(contribution.affiliation or author.affiliation),
        orcid=f"https://orcid.org/{author.orcid}" if author.orcid else "",
    )


def _pdf(work: Publication, site: SiteFacts) -> File | None:
    for each in work.attachments.all():
        if each.is_pdf:
            return File(site.absolute(each.get_absolute_url()), each.size)
    return None


def _picture(work: Publication, site: SiteFacts) -> Picture | None:
    image = work.lead_image
    if image is None:
        return None
    url = site.absolute(image.get_absolute_url())
    return Picture(url, image.width, image.height, one_line(image.alt))
