"""The one allow-list for rich text, and plain text made from it."""

import html
import re

import nh3

ALLOWED_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img", "ins", "li", "mark", "ol", "p",
    "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel"}
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|td|th|tr|dd|dt|figcaption|pre|div)>|<br\s*/?>")
TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")

NO_SOURCE = re.compile(r"<img(?![^>]*\bsrc=)[^>]*>")


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop the address of a picture elsewhere: showing it would tell a third party who reads."""
    if tag == "img" and attribute == "src" and not value.startswith("/images/"):
        return None
    return value


_cleaner = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    clean_content_tags={"script", "style", "noscript", "template", "title"},
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_own_pictures_only,
    url_schemes=URL_SCHEMES,
    link_rel="noopener",
)


def sanitize(markup: str) -> str:
    """Return `markup` with only the tags, attributes and link schemes on the allow-list.

    Pictures must be the site's own. Cleaning what is clean changes nothing. NUL cannot be stored in
    PostgreSQL and is dropped.
    """
    cleaned = NO_SOURCE.sub("", _cleaner.clean(markup.replace("\x00", ""))).strip()
    return "" if re.fullmatch(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*", cleaned) else cleaned


def to_text(markup: str) -> str:
    """Return the words of sanitized `markup` on one line."""
    spaced = BLOCK_END.sub(" ", markup)
    return SPACE.sub(" ", html.unescape(TAG.sub("", spaced))).strip()
