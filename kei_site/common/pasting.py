"""What comes from Word, Google Docs and LibreOffice, made plain.

They write for their own return, not for the web: a list is paragraphs with a style, a
footnote is two links, bold is a font weight. This says the same with the tags on our list.
"""

import re

import nh3

from kei_site.common import footnotes
from kei_site.common.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, is_too_deep, sanitize
from kei_site.common.office_lists import make_lists
from kei_site.common.plain_markup import FRAMES, HEADINGS, in_paragraphs, plain
from kei_site.common.trees import Element, Node, parse, rebuild, write

MOST = 2_000_000
FOREIGN = re.compile(
    r"\bmso-|class=[\"']?Mso|schemas-microsoft-com|docs-internal-guid|#ftnt|#_(?:ftn|edn)|sdfootnote|LibreOffice",
    re.IGNORECASE,
)
# Marks of lists, fields and comments, which the program wrote and not the writer.
UNWRITTEN = re.compile(
    r"mso-list:\s*ignore|display:\s*none|mso-hide:\s*all|mso-element:\s*(?:field|comment)"
    r"|page-break-before:\s*always"
)
COMMENT = re.compile(r"#_?(?:msocom|cmnt)", re.IGNORECASE)
REMARK = re.compile(r"cmnt\d+")

_reader = nh3.Cleaner(
    tags=ALLOWED_TAGS | HEADINGS.keys() | FRAMES | {"b", "i", "font", "strike", "strong"},
    clean_content_tags={"script", "style", "noscript", "template", "title", "xml"},
    attributes={
        **ALLOWED_ATTRIBUTES,
        "*": {"id", "style", "class", "name"},
        "del": {"cite", "datetime"},
    },
    link_rel=None,
)


def is_foreign(markup: str) -> bool:
    """Say whether `markup` bears the signs of a word processor."""
    return FOREIGN.search(markup) is not None


def tidy(markup: str) -> str:
    """Return sanitized `markup` of a form; what a word processor wrote is cleaned."""
    return clean(markup) if is_foreign(markup) else settled(markup)


def clean(markup: str) -> str:
    """Return what was pasted, with only what is on the allow-list, its footnotes intact."""
    markup = markup[:MOST].replace("\x00", "")
    if is_too_deep(markup):
        return sanitize(markup)
    root = parse(_reader.clean(markup))
    _drop_remarks(root)
    make_lists(root)
    rebuild(root, _as_written)
    footnotes.recognize(root)
    rebuild(root, plain)
    root.children = in_paragraphs(root.children)
    return settled(write(root))


def settled(markup: str) -> str:
    """Sanitize, and write footnotes the one way."""
    cleaned = sanitize(markup)
    again = footnotes.settle(cleaned)
    return cleaned if again == cleaned else sanitize(again)


def _drop_remarks(root: Element) -> None:
    """Empty the paragraphs in which Google Docs lists its comments."""
    for paragraph in root.elements():
        if paragraph.tag == "p" and any(
            REMARK.fullmatch(each.get("id")) for each in paragraph.elements()
        ):
            paragraph.children = []


def _as_written(element: Element) -> list[Node]:
    """Drop comments, invisible marks and what a tracked change took out."""
    style = element.get("style").lower()
    if UNWRITTEN.search(style):
        return []
    if element.tag == "del" and (element.get("cite") or element.get("datetime")):
        return []
    if COMMENT.search(element.get("href")) or "commentreference" in element.get("class").lower():
        return []
    if element.tag == "br" and "interchange" in element.get("class").lower():
        return []
    return element.children if element.tag == "ins" else [element]
