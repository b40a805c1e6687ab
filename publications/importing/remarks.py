"""What an import has to say about a work that it did take."""

from enum import StrEnum
from typing import NamedTuple


class Remark(StrEnum):
    """One sentence each; the report counts them."""

    NO_DATE = "No date: imported as a draft."
    ODD_DATE = "The date cannot be right: imported as a draft without a date."
    FUTURE_DATE = "The date lies in the future: imported as a draft without a date."
    NO_AUTHOR = "No author: imported without a byline."
    NOTHING_TO_READ = "No text, no summary, no address: imported as a draft."
    EXCERPT = "No text, only an address: imported as an excerpt that links to the outlet."
    REPEATED_TITLE = "The address was taken by another work: this one got a number."
    SCRIPT = "Scripts were dropped."
    EMBED = "Embedded frames and media became links."
    FORM = "Forms and other active parts were dropped."
    PICTURE = "Pictures that lie elsewhere were dropped."
    RELATIVE_LINK = "Links without a site were dropped, their words kept."
    BAD_ADDRESS = "The outlet’s address is no web address: dropped."
    OUTLET_FROM_ADDRESS = "An address without an outlet: the site’s name became the outlet."
    UNKNOWN_LANGUAGE = "Unknown language: imported as what the text reads like."
    OTHER_LANGUAGE = "Marked as English, but reads otherwise: imported as what it reads like."
    UNKNOWN_KIND = "Unknown kind: imported as the kind that the rules give."
    SHORTENED = "A title or name was longer than fits: shortened."
    COMMA_IN_TAG = "Commas were taken out of a tag."
    SAME_NAME = "Several authors of this name exist: the oldest record was credited."


class Noted(NamedTuple):
    """A remark, and what exactly it is about."""

    remark: Remark
    detail: str = ""
