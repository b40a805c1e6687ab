"""Rich text away from the site: with whole links, dressed for mail, and as plain text."""

import unicodedata
from html.parser import HTMLParser

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from kei_site.common.footnotes import without_links
from kei_site.common.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, URL_SCHEMES, sanitize

# RFC 5322, 2.1.1, and room for the marks of those who quote it.
COLUMNS = 72
BLOCKS = {
    "blockquote", "br", "caption", "dd", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "hr",
    "li", "ol", "p", "pre", "table", "tr", "ul",
}  # fmt: skip
# Blocks that follow each other without an empty line between them.
TIGHT = {"br", "dd", "li", "tr"}
LISTS = {"ol", "ul"}
HEADING = "margin:20px 0 10px;font-weight:bold;line-height:1.25"
STYLES = {
    "p": "margin:0 0 16px",
    "h2": f"{HEADING};font-size:22px",
    "h3": f"{HEADING};font-size:19px",
    "h4": f"{HEADING};font-size:17px",
    "ul": "margin:0 0 16px;padding-left:24px",
    "ol": "margin:0 0 16px;padding-left:24px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding-left:16px;border-left:2px solid #85868a",
    "figure": "margin:0 0 16px",
    "figcaption": "font-size:14px;line-height:1.45",
    "img": "display:block;max-width:100%;height:auto",
    "table": "margin:0 0 16px;border-collapse:collapse;font-size:15px",
    "th": "padding:6px 12px 6px 0;text-align:left;border-bottom:1px solid #85868a",
    "td": "padding:6px 12px 6px 0;vertical-align:top;border-bottom:1px solid #85868a",
    "pre": "margin:0 0 16px;white-space:pre-wrap;font-size:14px",
}


def with_whole_links(markup: str) -> str:
    """Return `markup`, sanitized, with every link and picture at its whole address."""
    # A number that leads to its note would leave the mail.
    bare = without_links(sanitize(markup))
    return _clean(bare, url_relative=("rewrite_with_base", f"{settings.SITE_URL}/"))


def dress(markup: str, color: str) -> SafeString:
    """Give the tags of `markup` inline styles, which mail programs read, and links this color."""
    styles = {**STYLES, "a": f"color:{color}"}
    styled = _clean(
        markup, set_tag_attribute_values={tag: {"style": styles[tag]} for tag in styles}
    )
    # The class turns links light where the paper is dark. nh3 would add both in no fixed order.
    return mark_safe(styled.replace("<a ", '<a class="name" '))  # noqa: S308 - cleaned


def to_plain(markup: str) -> str:
    """Return `markup` as wrapped plain text, every link on a line of its own."""
    writer = _PlainWriter()
    writer.feed(markup)
    writer.end_block()
    return "\n".join(writer.lines).strip()


def wrap(text: str, mark: str = "") -> str:
    """Break `text` after `mark` into lines of 72 columns, of which a Korean syllable takes two."""
    lines: list[list[str]] = [[]]
    for word in text.split():
        if lines[-1] and _columns(" ".join([mark, *lines[-1], word])) > COLUMNS:
            lines.append([])
        lines[-1].append(word)
    first, *rest = (" ".join(words) for words in lines)
    return "\n".join([f"{mark}{first}", *(f"{' ' * len(mark)}{line}" for line in rest)])


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _clean(markup: str, **options: object) -> str:
    return nh3.clean(
        markup,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=None,
        **options,  # type: ignore[arg-type]
    )


class _PlainWriter(HTMLParser):
    """Writes one block after the other; what a block links to stands under it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._words: list[str] = []
        self._links: list[str] = []
        # What stands before the first line of the block: the mark of an item of a list.
        self._mark = ""
        # The items so far of each list that is open; None where they have no numbers.
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BLOCKS:
            self.end_block(tight=self._is_tight(tag))
        if tag in LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "hr":
            self.lines += ["* * *", ""]
        elif tag == "a" and given.get("href"):
            self._links.append(str(given["href"]))
        elif tag == "img" and given.get("alt"):
            self._words.append(f"[{given['alt']}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._words.append(" ")
        if tag in LISTS and self._lists:
            self._lists.pop()
        if tag in BLOCKS:
            self.end_block(tight=self._is_tight(tag))
        if tag == "li":
            self._mark = ""

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def end_block(self, *, tight: bool = False) -> None:
        """Write what was gathered, and an empty line unless the next block is close."""
        text = "".join(self._words)
        if text.strip():
            self.lines.append(wrap(text, self._mark))
            self._mark = " " * len(self._mark)
        self.lines += dict.fromkeys(self._links)
        if not tight and self.lines and self.lines[-1]:
            self.lines.append("")
        self._words, self._links = [], []

    def _is_tight(self, tag: str) -> bool:
        return tag in TIGHT or bool(self._lists)

    def _next_mark(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        if not self._lists or self._lists[-1] is None:
            return f"{indent}* "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1]}. "
