"""The one allow-list for rich text, and plain text made from it."""

import html
import re

import nh3

from kei_site.common.spelling import in_one_way

ALLOWED_TAGS = {
    "a", "abbr", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "hr", "img", "ins", "li", "mark", "ol", "p",
    "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "th", "thead", "tr", "u", "ul",
}  # fmt: skip
# Names that mean what another on the list means; they are written with that one.
SYNONYMS = {"b": "strong", "i": "em"}
ALLOWED_ATTRIBUTES = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# What a footnote list, a pull quote and a card of something elsewhere are told by.
ALLOWED_CLASSES = {"ol": {"footnotes"}, "blockquote": {"pull"}, "figure": {"embed"}}
URL_SCHEMES = {"http", "https", "mailto", "tel"}
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|td|th|tr|dd|dt|figcaption|pre|div)>|<br\s*/?>")
TAG = re.compile(r"<[^>]*>")
# The number of a footnote belongs to no word.
NOTE_NUMBER = re.compile(r"<sup[^>]*><a [^>]*href=\"#fn-[^>]*>[^<]*</a></sup>")

NOTHING = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)*")
MOST_PASSES = 4
MAX_DEPTH = 500
OPENS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Void, or closed by what follows them: many of them are not deep.
NOT_NESTING = {
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link",
    "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "track", "wbr",
}  # fmt: skip
NO_SOURCE = re.compile(r"""<img(?![^>]*\ssrc=")[^>]*>""")


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop the address of a picture elsewhere: showing it would tell a third party who reads."""
    if tag == "img" and attribute == "src" and not value.startswith("/images/"):
        return None
    return value


_cleaner = nh3.Cleaner(
    tags=ALLOWED_TAGS | SYNONYMS.keys(),
    clean_content_tags={"script", "style", "noscript", "template", "title"},
    attributes=ALLOWED_ATTRIBUTES,
    allowed_classes=ALLOWED_CLASSES,
    attribute_filter=_own_pictures_only,
    url_schemes=URL_SCHEMES,
    link_rel="noopener",
)


def sanitize(markup: str) -> str:
    """Return `markup` with only the tags, attributes and link schemes on the allow-list.

    Pictures must be the site's own. Cleaning what is clean changes nothing. NUL cannot
    be stored in PostgreSQL and is dropped. Of absurdly nested markup only the words stay.
    """
    markup = markup.replace("\x00", "")
    if is_too_deep(markup):
        markup = html.escape(to_text(markup))
    for _attempt in range(MOST_PASSES):
        cleaned = in_one_way(NO_SOURCE.sub("", _cleaner.clean(markup))).strip()
        if cleaned == markup:
            break
        # Text that is moved out of a table, or stands where a tag was, takes a second look.
        markup = cleaned
    return "" if NOTHING.fullmatch(markup) else markup


def is_too_deep(markup: str) -> bool:
    """Say whether tags nest so deep that the cleaner's time grows with the square."""
    depth = 0
    for slash, tag in OPENS.findall(markup):
        if tag.lower() not in NOT_NESTING:
            depth = max(0, depth - 1) if slash else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def to_text(markup: str) -> str:
    """Return the words of sanitized `markup` on one line."""
    spaced = BLOCK_END.sub(" ", NOTE_NUMBER.sub("", markup))
    return " ".join(html.unescape(TAG.sub("", spaced)).split())
