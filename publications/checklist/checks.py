"""The checks, as data: each is a small function from facts to what it has to say."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from publications.checklist.facts import WorkFacts
from publications.hyperlinks import Picture, is_whole, own_path

# The page sets a longer headline in smaller type.
LONG_TITLE = 110
FIRST_YEAR = 1900
FAR_AHEAD = timedelta(days=2 * 366)
FILE_NAME = re.compile(
    r"^[\w .()~-]+\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|bmp|heic)$", re.IGNORECASE
)
CAMERA_NAME = re.compile(
    r"^(?:dsc|dscf|img|image|photo|picture|pic|scan|screenshot)[ _-]*\d*$", re.IGNORECASE
)
HANGUL = re.compile(r"[가-힣]")
LETTER = re.compile(r"[^\W\d_]")
ENOUGH_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One question; `field` is where in the form the answer is mended."""

    code: str
    label: Any
    field: str
    find: Callable[[WorkFacts], Iterator[str]]


def no_standfirst(work: WorkFacts) -> Iterator[str]:
    """Look for the sentences under the headline."""
    if not work.standfirst:
        yield _("There is no standfirst: cards and search results show nothing under the headline.")


def long_title(work: WorkFacts) -> Iterator[str]:
    """Look for a headline that no page or program shows as a whole."""
    if len(work.title) > LONG_TITLE:
        yield _("The headline has %(length)d characters; more than %(most)d are hard to read.") % {
            "length": len(work.title),
            "most": LONG_TITLE,
        }


def wrong_language(work: WorkFacts) -> Iterator[str]:
    """Compare the language with the script of headline and text."""
    words = f"{work.title} {work.text[:5000]}"
    letters, hangul = len(LETTER.findall(words)), len(HANGUL.findall(words))
    if letters < ENOUGH_LETTERS:
        return
    if work.language == "ko" and hangul * 10 < letters:
        yield _("The language is Korean, but there is hardly any Hangul in headline and text.")
    if work.language != "ko" and hangul * 2 > letters:
        yield _("Headline and text are in Hangul, but the language is not Korean.")


def no_text(work: WorkFacts) -> Iterator[str]:
    """Look for anything to read."""
    if not work.text and not work.has_file and not work.outlet_url:
        yield _("There is nothing to read: no text, no file, no address at an outlet.")


def no_author(work: WorkFacts) -> Iterator[str]:
    """Look for a name in the byline."""
    if not work.has_author:
        yield _("The byline is empty.")


def no_tag(work: WorkFacts) -> Iterator[str]:
    """Look for a tag, by which readers find related works."""
    if not work.has_tag:
        yield _("There is no tag, so that no list of a topic or region shows the work.")


def no_outlet(work: WorkFacts) -> Iterator[str]:
    """Look for the outlet of a work that ran elsewhere."""
    if not work.outlet:
        yield _("No outlet is chosen, although works of this kind first run elsewhere.")


def no_outlet_url(work: WorkFacts) -> Iterator[str]:
    """Look for the address at the outlet."""
    if work.outlet and not work.outlet_url:
        yield _("The address at %(outlet)s is missing.") % {"outlet": work.outlet}


def no_outlet_date(work: WorkFacts) -> Iterator[str]:
    """Look for the date at the outlet."""
    if work.outlet and not work.outlet_date:
        yield _("The date at %(outlet)s is missing.") % {"outlet": work.outlet}


def odd_date(work: WorkFacts) -> Iterator[str]:
    """Look for dates that somebody mistyped."""
    for day in dict.fromkeys(each for each in (work.published_on, work.outlet_date) if each):
        if day.year < FIRST_YEAR or day - work.today > FAR_AHEAD:
            yield _("The date %(day)s is far off. Is it mistyped?") % {"day": _in_words(day)}


def poor_alt(work: WorkFacts) -> Iterator[str]:
    """Look for pictures whose words say nothing of what they show."""
    pictures = [*([work.lead_picture] if work.lead_picture else []), *work.pictures]
    for picture in pictures:
        if not picture.alt.strip():
            yield _("A picture has no alternative text: %(picture)s") % {
                "picture": _file_name(picture)
            }
        elif _is_file_name(picture):
            yield _(
                "The alternative text “%(alt)s” is a file name; say what the picture shows."
            ) % {"alt": picture.alt}


def heading_order(work: WorkFacts) -> Iterator[str]:
    """Look for headings that are empty, or skip a level on the way down."""
    above = 1
    for heading in work.headings:
        if not heading.text:
            yield _("A heading is empty.")
            continue
        if heading.level > above + 1:
            yield _(
                "The heading “%(heading)s” is of level %(level)d, but the one before is of level "
                "%(above)d: people who listen to the page lose their way."
            ) % {"heading": heading.text, "level": heading.level, "above": above}
        above = heading.level


def dead_internal_link(work: WorkFacts) -> Iterator[str]:
    """Look for links to pages of our own that do not exist."""
    for path in work.dead_links:
        yield _("The text leads to %(address)s, where nothing is.") % {"address": path}


def unpublished_link(work: WorkFacts) -> Iterator[str]:
    """Look for links to what readers cannot see yet."""
    for path in work.unpublished_links:
        yield _("The text leads to %(address)s, which readers cannot see yet.") % {"address": path}


def broken_address(work: WorkFacts) -> Iterator[str]:
    """Look for links without a whole address."""
    for address in dict.fromkeys(work.links):
        if not address.strip():
            yield _("A link in the text has no address.")
        elif not (address.startswith("#") or is_whole(address) or own_path(address)):
            yield _("This is not a whole address: %(address)s") % {"address": address}


def broken_link(work: WorkFacts) -> Iterator[str]:
    """Look for links of which the checker knows that they lead nowhere."""
    for address in work.broken_links:
        yield _("When it was last checked, nothing was left at %(address)s") % {"address": address}


def mute_pdf(work: WorkFacts) -> Iterator[str]:
    """Look for files that are pictures of pages."""
    for name in work.files_without_text:
        yield _("No text can be read from “%(file)s”: nobody can search or listen to it.") % {
            "file": name
        }


def no_review_date(work: WorkFacts) -> Iterator[str]:
    """Look for the day on which somebody checks the work again."""
    if work.review_by is None:
        yield _("There is no date by which somebody looks at the work again.")


def no_disclosure(work: WorkFacts) -> Iterator[str]:
    """Look for the sentence at the foot of every page."""
    if not work.disclosure:
        yield _("The site settings have no disclosure, which stands at the foot of every page.")


def _is_file_name(picture: Picture) -> bool:
    alt = picture.alt.strip()
    stem = picture.src.rpartition("/")[2].rpartition(".")[0].lower()
    same = stem and get_valid_filename(alt).lower().rpartition(".")[0] == stem
    return bool(same or FILE_NAME.match(alt) or CAMERA_NAME.match(alt) or alt.lower() == stem)


def _file_name(picture: Picture) -> str:
    return picture.src.rpartition("/")[2] or picture.src


def _in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


CHECKS: tuple[Check, ...] = (
    Check("no_standfirst", _lazy("Standfirst"), "standfirst", no_standfirst),
    Check("long_title", _lazy("Length of the headline"), "title", long_title),
    Check("wrong_language", _lazy("Language"), "language", wrong_language),
    Check("no_text", _lazy("Something to read"), "body", no_text),
    Check("heading_order", _lazy("Order of headings"), "body", heading_order),
    Check("dead_internal_link", _lazy("Links within the site"), "body", dead_internal_link),
    Check("unpublished_link", _lazy("Links to works that are not out"), "body", unpublished_link),
    Check("broken_address", _lazy("Whole addresses"), "body", broken_address),
    Check("broken_link", _lazy("Links that are known to be broken"), "body", broken_link),
    Check("poor_alt", _lazy("Alternative text of pictures"), "body", poor_alt),
    Check("no_author", _lazy("Author"), "contributions", no_author),
    Check("no_tag", _lazy("Tag"), "taggings", no_tag),
    Check("mute_pdf", _lazy("Text in PDF files"), "attachments", mute_pdf),
    Check("odd_date", _lazy("Plausible dates"), "published_at", odd_date),
    Check("no_outlet", _lazy("Outlet"), "outlet", no_outlet),
    Check("no_outlet_url", _lazy("Address at the outlet"), "outlet_url", no_outlet_url),
    Check("no_outlet_date", _lazy("Date at the outlet"), "outlet_date", no_outlet_date),
    Check("no_review_date", _lazy("Date for looking again"), "review_by", no_review_date),
    Check("no_disclosure", _lazy("Disclosure in the site settings"), "disclosure", no_disclosure),
)
